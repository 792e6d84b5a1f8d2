"""Keys: what a terminal sends when somebody types, decoded.

A key with a character sends its bytes, in UTF-8. Arrow keys and their like send an escape sequence (ECMA-48,
5.4; ``ESC O`` and a letter, in application mode). A terminal in bracketed paste mode sends pasted text
between ``ESC [ 200 ~`` and ``ESC [ 201 ~``, so that it is not taken for keys.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Key(NamedTuple):
    """A key: its ``name``, which is the character that it types, or a word; of a ``paste``, the text.

    A control character that has no word is named like ``ctrl-a``; what is not known is ``unknown``.
    """

    name: str
    text: str = ""

    @property
    def is_character(self) -> bool:
        """Whether the key types a character."""
        return len(self.name) == 1


_CONTROLS = {"\r": "enter", "\n": "enter", "\t": "tab", "\b": "backspace", "\x7f": "backspace"}
_SEQUENCES = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "Z": "back-tab",
    "1~": "home", "4~": "end", "7~": "home", "8~": "end", "3~": "delete", "5~": "page-up", "6~": "page-down",
}  # fmt: skip
"""The names of keys by the end of their sequence (xterm, "Alt and Meta Keys"; a modifier comes before it)."""

_SEQUENCE = re.compile(rb"\x1b(?:\[([0-?]*)[ -/]*([@-~])|O([ -~]))")
_BEGUN = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|O)?")
_MAX_SEQUENCE = 64
"""The length in bytes of the longest sequence that is waited for; a longer one is none."""
_PASTE, _PASTE_END = b"\x1b[200~", b"\x1b[201~"
_MAX_PASTE = 1000
"""The number of bytes of a pasted text that are of use; the rest is dropped."""


class KeyDecoder:
    """A decoder of what a terminal sends, in pieces of any size."""

    def __init__(self) -> None:
        self._rest = b""
        self._pasted: bytes | None = None
        """The beginning of a text that is being pasted; ``None`` while none is."""

    @property
    def is_waiting(self) -> bool:
        """Whether a key has begun that may go on: an escape sequence, or a character of several bytes."""
        return bool(self._rest) and self._pasted is None

    def feed(self, data: bytes) -> list[Key]:
        """Return the keys that are complete with these bytes."""
        self._rest += data
        keys: list[Key] = []
        while self._rest and (key := self._next()):
            keys.append(key)
        return keys

    def flush(self) -> list[Key]:
        """Return the keys in what has waited for more: Esc is a key of its own if nothing follows it."""
        if not self.is_waiting:
            return []
        rest, self._rest = self._rest, b""
        return [Key("escape" if rest == b"\x1b" else "unknown")]

    def _next(self) -> Key | None:
        """Take one key from the bytes; ``None`` if they are not complete."""
        if self._pasted is not None:
            return self._paste()
        if self._rest.startswith(b"\x1b"):
            return self._sequence()
        return self._character()

    def _take(self, length: int) -> bytes:
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken

    def _paste(self) -> Key | None:
        pasted, end, rest = self._rest.partition(_PASTE_END)
        if not end:  # the last bytes may be the beginning of the end
            pasted, rest = self._rest[: -len(_PASTE_END)], self._rest[-len(_PASTE_END) :]
        pasted = ((self._pasted or b"") + pasted)[:_MAX_PASTE]
        self._rest = rest
        if not end:
            self._pasted = pasted
            return None
        self._pasted = None
        return Key("paste", pasted.decode(errors="replace"))

    def _sequence(self) -> Key | None:
        if self._rest.startswith(_PASTE):
            self._take(len(_PASTE))
            self._pasted = b""
            return self._paste()
        if found := _SEQUENCE.match(self._rest):
            self._take(found.end())
            parameters, end, letter = (each.decode() if each else "" for each in found.groups())
            number = f"{parameters.partition(';')[0]}~" if end == "~" else end or letter
            return Key(_SEQUENCES.get(number, "unknown"))
        if self._rest.startswith(b"\x1b\x1b"):  # Alt and an arrow, in some terminals
            self._take(1)
            return Key("escape")
        begun = _BEGUN.match(self._rest)
        if begun and begun.end() == len(self._rest) <= _MAX_SEQUENCE:
            return None
        # Alt and a key, or not a sequence at all: what came with the Esc belongs to it.
        self._take(begun.end() if begun and begun.end() > 1 else 2)
        return Key("unknown")

    def _character(self) -> Key | None:
        for length in range(1, 5):
            try:
                character = self._rest[:length].decode()
            except UnicodeDecodeError as error:
                if error.reason == "unexpected end of data" and length > len(self._rest) - 1:
                    return None
                if error.reason != "unexpected end of data":
                    break
            else:
                self._take(length)
                return Key(_name_of(character))
        self._take(1)
        return Key("unknown")


def _name_of(character: str) -> str:
    if character in _CONTROLS:
        return _CONTROLS[character]
    code = ord(character)
    if code < 0x20:
        return f"ctrl-{chr(code + 0x60)}" if 0 < code < 0x1B else "unknown"
    return character if character.isprintable() else "unknown"
