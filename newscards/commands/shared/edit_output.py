"""The report of an edit: a line for people, a diff or an object of JSON for each card, and the counts."""

from __future__ import annotations

import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import click

from newscards.cards.card import card_id
from newscards.cards.change_text import change_text, changes_parts
from newscards.cards.word_changes import Part, marked
from newscards.errors import hint_of, system_reason
from newscards.output.ui import OutputError, Ui
from newscards.text import counted, cut_middle, cut_to_width, display_width, json_text, path_json, path_text

COLORS = {"+": "green", "-": "red", "@": "cyan"}
"""The colours of the lines of a diff, by their first character."""

MIN_PATH_WIDTH = 20
"""The width, in terminal columns, that a path keeps on a narrow terminal; on a wide one it is a share."""
_MIN_NAME_WIDTH = 30
"""The width that a file's name keeps in it: the date, where the title begins, and its end."""


def cut_path(path: str, width: int) -> str:
    """Return a path of at most ``width`` terminal columns, without folders that take the place of its name.

    Names of cards begin alike, with a date, so a name is cut in its middle.
    """
    folder, slash, name = path.rpartition("/")
    before = f"{folder}{slash}"
    if display_width(path) <= width:
        return path
    if slash and width - display_width(before) < min(_MIN_NAME_WIDTH, display_width(name)):
        before = "…/"
    room = width - display_width(before)
    return f"{before}{cut_middle(name, room)}" if room > 0 else cut_to_width(before, width)


_STYLES: Mapping[str, Mapping[str, Any]] = {"-": {"fg": "red", "strikethrough": True}, "+": {"fg": "green"}}
"""The styles of the words that changed in a text, as in ``diff``."""


def summary(
    report: Mapping[str, Any], width: int | None = None, *, colored: bool = False, ending: str = ""
) -> str:
    """Return the path and the changes of a card, and an ending, on one line.

    In a ``width`` that is too narrow to read them so, the changes are on a second line, indented. The words
    that changed in a text are coloured, or else marked. ``report`` has the JSON values of a change:
    ``{path, id, changes, warnings, summary, already}``.
    """
    path, changes = path_of(report), report.get("changes", ())
    if width is None:
        text = "; ".join(change_text(change, 1000) for change in changes)
        return f"{path}: {text or report.get('summary', 'changed')}{ending}"
    room = width - len(ending)
    if not changes:
        return _line(path, [Part("", str(report.get("summary", "changed")))], room) + ending
    beside = room - min(display_width(path), _path_room(room)) - 2
    parts, shown = changes_parts(changes, beside, display_width, marks=not colored)
    if shown < len(changes):
        below, shown_below = changes_parts(changes, room - 2, display_width, marks=not colored)
        if not shown or shown_below == len(changes):
            return f"{cut_path(path, width - 1)}:\n{_line('', below, room, colored=colored)}{ending}"
    return _line(path, parts, room, colored=colored) + ending


def _path_room(width: int) -> int:
    """Return the width that a path keeps beside changes that do not fit."""
    return max(MIN_PATH_WIDTH, width * 3 // 10)


def _line(path: str, parts: Sequence[Part], width: int, *, colored: bool = False) -> str:
    """Return a line of a path, or of an indentation if it is empty, and of the parts of changes."""
    plain = "".join(text for _, text in parts) if colored else marked(parts)
    start = f"{cut_path(path, max(width - display_width(plain) - 2, _path_room(width)))}: " if path else "  "
    if not colored or display_width(start) + display_width(plain) > width:
        return cut_to_width(start + plain, width)
    return start + "".join(click.style(text, **_STYLES[sign]) if sign else text for sign, text in parts)


def path_of(report: Mapping[str, Any]) -> str:
    """Return the path in the report of a card, as it is printed."""
    return path_text(str(report.get("path", "?")))


_MAX_NAMED = 3
"""The number of cards that a message about several cards names."""


class _Message(NamedTuple):
    """A message about one card: its path, the text without the path, and a hint.

    ``detail`` is what a message about several cards says of this one.
    """

    path: str
    text: str
    hint: str
    detail: str


class CardMessages:
    """Messages about cards, which ``show`` prints: one for each cause, and each only once.

    A message about one card is ``path: SAYS text``, with the texts of all causes that concern it alone; one
    about several has their number, and names the first. ``report`` prints a text and a hint.
    """

    def __init__(self, report: Callable[[str, str], None], says: str = "") -> None:
        self._report, self._says = report, says
        self._waiting: dict[str, list[_Message]] = {}
        """By cause, the messages that are not printed yet."""
        self._known: set[tuple[str, str]] = set()
        """The path and the text of each message."""

    def add(self, path: str, text: str, cause: str, hint: str = "", detail: str = "") -> None:
        """Add a message about a card, unless it is known; its cause and detail are as in ``CardWarning``."""
        if (path, text) not in self._known:
            self._known.add((path, text))
            self._waiting.setdefault(cause, []).append(
                _Message(path_text(path), text, hint, detail or ("" if cause == text else text))
            )

    def show(self, *, names_all: bool = False) -> None:
        """Print the messages that were added since the last call.

        With ``names_all`` they name every card: what went wrong while cards were written, no dry run shows.
        """
        waiting, self._waiting = self._waiting, {}
        of_one_card: dict[str, list[_Message]] = {}
        for messages in waiting.values():
            if len(messages) == 1:
                of_one_card.setdefault(messages[0].path, []).append(messages[0])
        for cause, messages in waiting.items():
            path = messages[0].path
            if len(messages) > 1:
                self._show_together(cause, messages, names_all=names_all)
            elif alone := of_one_card.pop(path, []):
                hints = dict.fromkeys(message.hint for message in alone if message.hint)
                text = "; ".join(message.text for message in alone)
                self._report(f"{path}: {self._says}{text}", "; ".join(hints))

    def _show_together(self, cause: str, messages: Sequence[_Message], *, names_all: bool) -> None:
        """Print the messages of a cause as one, with the number of the cards and the first of them."""
        first = messages[0]
        is_same = all(message.text == first.text for message in messages)
        says = f" {self._says}" if self._says else ": "
        lines = [f"{counted(len(messages), 'card')}{says}{first.text if is_same else cause}"]
        # A line that says "and 1 more" has room for that one.
        all_fit = names_all or len(messages) == _MAX_NAMED + 1
        named = messages if all_fit else messages[:_MAX_NAMED]
        lines += [
            message.path if is_same or not message.detail else f"{message.path}: {message.detail}"
            for message in named
        ]
        if more := len(messages) - len(named):
            lines.append(f"and {more:,} more; --dry-run --format json shows them all")
        has_hint = all(message.hint == first.hint for message in messages)
        self._report("\n  ".join(lines), first.hint if has_hint else "")


class Printer(Protocol):
    """Output of an edit. A card's ``number`` is its place in the order in which cards were named."""

    def changed(self, number: int, report: Mapping[str, Any], diff: Iterable[str]) -> None:
        """Print a card that was changed, or that a dry run would change."""

    def unchanged(self, number: int, report: Mapping[str, Any]) -> None:
        """Print a card that already is as requested."""

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Print why a card was not written, or keep it for ``show_refused``."""

    def show_refused(self) -> None:
        """Print the refusals so far."""

    def end(self) -> None:
        """Finish the output, after the last card."""


class TextPrinter:
    """Printer of one line per card: ``a.md: published: true -> false``.

    In a terminal a line is cut to its width, the path first, and long changes have a second line. Unchanged
    cards are printed in their place between the changed ones, or not at all with ``brief``. Each cause of
    refusals is printed once (``CardMessages``).
    """

    def __init__(self, ui: Ui, *, dry_run: bool, brief: bool = False) -> None:
        self._ui, self._ending = ui, " (dry run)" if dry_run else ""
        self._width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        self._brief = brief
        self._unchanged: deque[tuple[int, Mapping[str, Any]]] = deque()
        """Unchanged cards that are not printed yet: they are known before the first card is written."""
        self._refused = CardMessages(ui.error, "refused: ")

    def changed(self, number: int, report: Mapping[str, Any], diff: Iterable[str]) -> None:
        """Write the changes, and the lines of the diff."""
        self._write_unchanged(number)
        colored = self._ui.colored(sys.stdout)
        self._ui.write(summary(report, self._width, colored=colored, ending=self._ending) + "\n")
        for line in diff:
            self._ui.write_colored(line, COLORS.get(line[:1]))

    def unchanged(self, number: int, report: Mapping[str, Any]) -> None:
        """Write that a card already is as requested, after the cards before it."""
        if not self._brief:
            self._unchanged.append((number, report))

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Keep why a card was not written."""
        reason = system_reason(error)
        self._refused.add(path, reason, getattr(error, "cause", reason), hint_of(error))

    def show_refused(self) -> None:
        """Write to standard error why cards were not written."""
        self._refused.show()

    def end(self) -> None:
        """Write the remaining unchanged cards, and why others were not written."""
        self._write_unchanged()
        self._refused.show(names_all=True)

    def _write_unchanged(self, before: int | None = None) -> None:
        while self._unchanged and (before is None or self._unchanged[0][0] < before):
            report = self._unchanged.popleft()[1]
            path, already = path_of(report), str(report["already"])
            room = (
                max(self._width - display_width(already) - 2, MIN_PATH_WIDTH)
                if self._width
                else display_width(path)
            )
            self._ui.write(f"{cut_path(path, room)}: {already}\n")


class JsonPrinter:
    """Printer of a JSON array, at the end, of ``{path, id, status, changes, warnings, reason}``."""

    def __init__(self, ui: Ui, *, dry_run: bool) -> None:
        self._ui, self._status = ui, "would-change" if dry_run else "changed"
        self._objects: dict[int, str] = {}

    def changed(self, number: int, report: Mapping[str, Any], diff: Iterable[str]) -> None:
        """Add a card that was changed."""
        self._add(number, report, self._status)

    def unchanged(self, number: int, report: Mapping[str, Any]) -> None:
        """Add a card that already is as requested."""
        self._add(number, report, "unchanged")

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Add a card that was not written, with the reason."""
        report = {"path": path_json(path), "id": path_json(card_id(path))}
        self._add(number, report, "refused", reason=system_reason(error))

    def show_refused(self) -> None:
        """Do nothing: they are in the array."""

    def end(self) -> None:
        """Write the array, in the order in which cards were named."""
        lines = ",\n  ".join(self._objects[number] for number in sorted(self._objects))
        self._ui.write(f"[\n  {lines}\n]\n" if lines else "[]\n")

    def _add(self, number: int, report: Mapping[str, Any], status: str, reason: str | None = None) -> None:
        value = {"path": report["path"], "id": report["id"], "status": status}
        value |= {
            "changes": report.get("changes", []),
            "warnings": report.get("warnings", []),
            "reason": reason,
        }
        self._objects[number] = json_text(value)


class Results:
    """Results of an edit: each card is printed and counted.

    ``failures`` counts what failed besides: cards that cannot be read, and the journal. If standard output is
    closed, the edit still goes on to its end; ``raise_output_error`` then raises the error.
    """

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._output_error: OutputError | None = None
        self.changes = self.unchanged_count = self.refusals = self.failures = 0

    @property
    def cards(self) -> int:
        """The number of cards."""
        return self.changes + self.unchanged_count + self.refusals

    @property
    def code(self) -> int:
        """The exit code."""
        return 1 if self.refusals or self.failures else 0

    @property
    def rest(self) -> str:
        """The counts of the cards that were not changed, as text."""
        return f"{self.unchanged_count:,} unchanged, {self.refusals:,} refused"

    def changed(self, number: int, report: Mapping[str, Any], diff: Iterable[str] = ()) -> None:
        """Count and print a card that was changed, or would be."""
        self.changes += 1
        self._print(lambda: self._printer.changed(number, report, diff))

    def unchanged(self, number: int, report: Mapping[str, Any]) -> None:
        """Count and print a card that already is as requested."""
        self.unchanged_count += 1
        self._print(lambda: self._printer.unchanged(number, report))

    def refused(self, number: int, path: str, error: Exception) -> None:
        """Count and print a card that was not written."""
        self.refusals += 1
        self._print(lambda: self._printer.refused(number, path, error))

    def show_refused(self) -> None:
        """Print the refusals so far, each cause once."""
        self._print(self._printer.show_refused)

    def end(self) -> None:
        """Finish the output."""
        self._print(self._printer.end)

    def raise_output_error(self) -> None:
        """Raise the first ``OutputError`` of the output, if there was one."""
        if self._output_error:
            raise self._output_error

    def _print(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OutputError as error:
            self._output_error = self._output_error or error
