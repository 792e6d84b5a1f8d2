"""The report of an edit: a line for people, a diff or an object of JSON for each card, and the counts."""

from __future__ import annotations

import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from newscards.cards.card import card_id
from newscards.cards.change_text import change_text
from newscards.errors import NewscardsError, system_reason
from newscards.output.ui import OutputError, Ui
from newscards.text import cut, json_text, path_json, path_text

COLORS = {"+": "green", "-": "red", "@": "cyan"}
"""Those of the lines of a diff, by their first character."""

LEAST = 20
"""How much of a path is shown at least."""


def summary(told: Mapping[str, Any], width: int | None = None) -> str:
    """Return what becomes of a card, on one line; of ``width`` at most, where it is given."""
    path, changes = path_of(told), _changes(told)
    if width is None:
        return f"{path}: {changes}"
    room = width - LEAST - 2
    most = room
    while len(changes) > room and most > LEAST // 2:  # every value gives way, so that each begins to be seen
        most = most * 3 // 4
        changes = _changes(told, most)
    return cut(f"{cut(path, max(width - len(changes) - 2, LEAST))}: {changes}", width)


def _changes(told: Mapping[str, Any], most: int = 1000) -> str:
    """Return all that changes in a card, no value with more than ``most`` characters."""
    changes = "; ".join(change_text(change, most) for change in told.get("changes", ()))
    return changes or str(told.get("summary", "changed"))


def path_of(told: Mapping[str, Any]) -> str:
    """Return the path of a card that is told of."""
    return path_text(str(told.get("path", "?")))


class Teller(Protocol):
    """What hears of each card of an edit: its number in the order of the names, and what was told of it."""

    def changed(self, number: int, told: Mapping[str, Any], diff: Iterable[str]) -> None:
        """Tell of a card that was changed, or would be."""

    def same(self, number: int, told: Mapping[str, Any]) -> None:
        """Tell of a card that is so already."""

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Tell of a card that was not written."""

    def end(self) -> None:
        """Tell that there are no more."""


class TextTeller:
    """Tells people, one line a card: ``a.md: published: true -> false``.

    In a terminal a line is never longer than that is wide: paths give way. What is so already waits for its
    turn; with ``brief`` it is not told. A refusal is told once.
    """

    def __init__(self, ui: Ui, *, dry_run: bool, brief: bool = False) -> None:
        self._ui, self._ending = ui, " (dry run)\n" if dry_run else "\n"
        self._width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        self._brief = brief
        self._waiting: deque[tuple[int, Mapping[str, Any]]] = deque()
        self._refused: set[tuple[str, str]] = set()

    def changed(self, number: int, told: Mapping[str, Any], diff: Iterable[str]) -> None:
        """Write what changed, and the lines of the diff."""
        self._write_waiting(number)
        width = self._width and self._width - len(self._ending) + 1
        self._ui.write(summary(told, width) + self._ending)
        for line in diff:
            self._ui.write_colored(line, COLORS.get(line[:1]))

    def same(self, number: int, told: Mapping[str, Any]) -> None:
        """Write that a card is so already, after what comes before it."""
        if not self._brief:
            self._waiting.append((number, told))

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Tell on standard error why a card was not written."""
        hint = error.hint if isinstance(error, NewscardsError) else ""
        if (path, reason := system_reason(error)) not in self._refused:
            self._refused.add((path, reason))
            self._ui.error(f"{path_text(path)}: refused, left as it is: {reason}", hint)

    def end(self) -> None:
        """Write what is left."""
        self._write_waiting()

    def _write_waiting(self, number: int | None = None) -> None:
        while self._waiting and (number is None or self._waiting[0][0] < number):
            told = self._waiting.popleft()[1]
            path, already = path_of(told), str(told["already"])
            room = max(self._width - len(already) - 2, LEAST) if self._width else len(path)
            self._ui.write(f"{cut(path, room)}: {already}\n")


class JsonTeller:
    """Tells programs, at the end: an array of ``{path, id, status, changes, warnings, reason}``."""

    def __init__(self, ui: Ui, *, dry_run: bool) -> None:
        self._ui, self._status = ui, "would-change" if dry_run else "changed"
        self._objects: dict[int, str] = {}

    def changed(self, number: int, told: Mapping[str, Any], diff: Iterable[str]) -> None:
        """Note a card that was changed."""
        self._note(number, told, self._status)

    def same(self, number: int, told: Mapping[str, Any]) -> None:
        """Note a card that is so already."""
        self._note(number, told, "unchanged")

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Note a card that was not written, with the reason."""
        told = {"path": path_json(path), "id": path_json(card_id(path))}
        self._note(number, told, "refused", reason=system_reason(error))

    def end(self) -> None:
        """Write the array, in the order of the names."""
        lines = ",\n  ".join(self._objects[number] for number in sorted(self._objects))
        self._ui.write(f"[\n  {lines}\n]\n" if lines else "[]\n")

    def _note(self, number: int, told: Mapping[str, Any], status: str, reason: str | None = None) -> None:
        value = {"path": told["path"], "id": told["id"], "status": status}
        value |= {"changes": told.get("changes", []), "warnings": told.get("warnings", []), "reason": reason}
        self._objects[number] = json_text(value)


class Results:
    """What the cards of an edit became: each is told and counted.

    ``lost`` is how many could not even be read. Where nobody listens any more, what was asked for is done all
    the same; ``raise_unheard`` raises it then.
    """

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._unheard: OutputError | None = None
        self.changes = self.already = self.refusals = self.lost = 0

    @property
    def cards(self) -> int:
        """How many cards there were."""
        return self.changes + self.already + self.refusals

    @property
    def code(self) -> int:
        """The exit code."""
        return 1 if self.refusals or self.lost else 0

    @property
    def rest(self) -> str:
        """What became of those that were not changed."""
        return f"{self.already:,} already so, {self.refusals:,} refused"

    def changed(self, number: int, told: Mapping[str, Any], diff: Iterable[str] = ()) -> None:
        """Take a card that was changed, or would be."""
        self.changes += 1
        self._hear(lambda: self._teller.changed(number, told, diff))

    def same(self, number: int, told: Mapping[str, Any]) -> None:
        """Take a card that is so already."""
        self.already += 1
        self._hear(lambda: self._teller.same(number, told))

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Take a card that was not written."""
        self.refusals += 1
        self._hear(lambda: self._teller.refused(number, path, error))

    def end(self) -> None:
        """Take that there are no more."""
        self._hear(self._teller.end)

    def raise_unheard(self) -> None:
        """Raise the ``OutputError`` that there was, if there was one."""
        if self._unheard:
            raise self._unheard

    def _hear(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except OutputError as error:
            self._unheard = self._unheard or error
