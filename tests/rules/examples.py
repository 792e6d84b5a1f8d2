"""The examples in the rules' documentation (``Documentation`` says what they may hold) -> files."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from tests.rules.cases import ENTRY
from tests.support import CARD, card

NAME = "2023-06-20-a-card.md"
"""That of a card whose example names none."""
CONFIGURATION = (".yml", ".yaml", ".toml")
"""Files with these endings are no cards, and written as they stand."""

_FILE = re.compile(r"^# (\S+\.\S+)(?: -> (\S+))?\n", re.MULTILINE)
_WHOLE = re.compile(r"^\ufeff?---", re.MULTILINE)
_REST = re.compile(r"^…\n", re.MULTILINE)
_FIELD = re.compile(r"# without (?P<without>\S+)|(?P<name>[\w-]+):(?: (?P<value>.*))?")
_ITEM = re.compile(r"^  - ", re.MULTILINE)

Fields = dict[str, str | None]
"""What ``support.card`` takes: the text behind each field's colon, ``None`` for one that is to be missing."""


class Link(bytes):
    """The target of a symbolic link, in place of a file's content."""


def files_of(example: str) -> dict[str, bytes]:
    """Return the files of an example by name; its cards are sound but for what it shows.

    Where there are several, what identifies a card is different in each, and one is published.
    """
    first, *named = _FILE.split(_visible(example) + "\n")
    texts = ({NAME: first} if first else {}) | dict(zip(named[::3], named[2::3], strict=True))
    links = {name: target for name, target in zip(named[::3], named[1::3], strict=True) if target}
    cards = [name for name in texts if name not in links and not name.endswith(CONFIGURATION)]
    fields: dict[str, Fields] = {}
    for number, name in enumerate(cards, 1):
        given = _fields(texts[name])
        if given.get("webUrl"):
            given = {"originalUrl": given["webUrl"]} | given
        fields[name] = (_identity(number) if len(cards) > 1 else {}) | given
    known = [_fields(_sound(each)) for each in fields.values()]
    for name in cards:
        if related := fields[name].get("related"):
            fields[name]["related"] = _related(related, known)
        texts[name] = _text(texts[name], fields[name])
    files = {name: text.encode(errors="surrogateescape") for name, text in texts.items()}
    return files | {name: Link(target.encode()) for name, target in links.items()}


def _visible(example: str) -> str:
    """Return an example with the characters and bytes that it can only name; a byte as a surrogate."""
    text = re.sub(r"<U\+([0-9A-F]{4,6})>", lambda found: chr(int(found[1], 16)), example)
    return re.sub(r"<([89A-F][0-9A-F])>", lambda found: chr(0xDC00 + int(found[1], 16)), text)


def _identity(number: int) -> Fields:
    """Return what differs between cards; as in a sound story, the first is the head and published."""
    url = f'"https://www.tide.example/{number}"'
    block = base64.b64encode(bytes([number] * 16)).decode()
    return {
        "title": f'"Tide gauges, part {number}"', "webUrl": url, "originalUrl": url,
        "heat": "67" if number == 1 else "-1", "published": str(number == 1).lower(),
        "secured": f'"{block};{block}"',
    }  # fmt: skip


def _fields(text: str) -> Fields:
    """Return the fields at the left edge of a text; lines of none of them are the field ``""``."""
    fields: Fields = {}
    name = ""
    for line in text.rstrip("\n").split("\n"):
        found = _FIELD.fullmatch(line)
        if found and found["without"]:
            fields[found["without"]] = None
        elif found and found["name"] not in fields:
            name = found["name"]
            fields[name] = found["value"] or ""
        elif line:
            name = found["name"] if found else name
            fields[name] = f"{fields.get(name) or ''}\n{line}"
    return fields


def _sound(fields: Fields) -> str:
    """Return the lines of a sound card with these fields; new ones first, as they go below ``published``."""
    new_first = sorted(fields, key=lambda name: f"\n{name}:" in CARD)
    return card(**{name: fields[name] for name in new_first}).removeprefix("---\n").removesuffix("---\n")


def _text(text: str, fields: Fields) -> str:
    if _WHOLE.search(text):
        rest = _sound(fields | dict.fromkeys(_fields(text)))
        return _REST.sub(lambda _: rest, text)
    if "" in fields:
        raise ValueError(f"lines of no field: {fields['']}")
    return f"---\n{_sound(fields)}---\n"


def _related(value: str, cards: Iterable[Fields]) -> str:
    """Return the value of ``related`` with all that its entries lack."""
    start, *entries = _ITEM.split(value)
    return start + "\n".join(f"  - {_entry(entry.strip(), cards)}" for entry in entries)


def _entry(entry: str, cards: Iterable[Fields]) -> str:
    given, sound = (_fields(text.replace("\n    ", "\n")) for text in (entry, ENTRY.removeprefix("  - ")))
    if "" in given:  # it is no mapping
        return entry
    url = given.get("webUrl")
    copied = next((fields for fields in cards if url and fields.get("webUrl") == url), sound)
    filled = {name: copied.get(name) for name in sound} | given
    lines = (f"{name}: {value}" for name, value in filled.items() if value is not None)
    return "\n".join(lines).replace(": \n", ":\n").replace("\n", "\n    ")
