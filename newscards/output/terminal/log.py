"""The history of a card: a line for each change, under the card's title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from newscards.cards.card import Card
from newscards.cards.change_text import value_change_text
from newscards.diff.card_diff import ChangeKind, FieldChange
from newscards.diff.history import Event
from newscards.output.terminal.changes import change_segments
from newscards.output.terminal.table import TableColumn, fixed, print_rows
from newscards.text import one_line, path_text


class _Row(NamedTuple):
    """A change of an event, ``None`` if all values stayed the same; ``is_first`` of those of the event."""

    event: Event
    change: FieldChange | None
    is_first: bool


def print_history(console: Console, events: Sequence[Event]) -> None:
    """Print the card's title and path, and a line for each change."""
    records = (event.difference.record for event in events if event.difference)
    if title := next((each.title for each in records if isinstance(each, Card) and each.title), ""):
        console.print(Text(one_line(title), "bold"), soft_wrap=True)
    console.print(Text(path_text(events[0].path), "dim"), soft_wrap=True)
    console.print()
    rows = [
        _Row(event, change, number == 0)
        for event in events
        for number, change in enumerate(event.difference.changes if event.difference else [None])
    ]
    print_rows(console, _columns(colored=console.color_system is not None), rows)


def _columns(*, colored: bool) -> Sequence[TableColumn[_Row]]:
    def change(row: _Row, width: int) -> Sequence[Segment]:
        if row.change is None or row.change.kind not in _VALUES:
            text = _text(row)
            shown = Text(text, _STYLES.get(row.change.kind, "") if row.change else "dim")
            shown.truncate(width, overflow="ellipsis")
            return [Segment(shown.plain, Style.parse(str(shown.style)) if shown.style else None)]
        field = f"{one_line(row.change.details['field'])}: "
        room = max(width - cell_len(field), width // 2)
        segments = change_segments(row.change.details, room, colored=colored)
        return [Segment(field, Style.parse("cyan")), *segments]

    return (
        TableColumn("Date (UTC)", _date, fixed("cyan")),
        TableColumn("Commit", _commit, fixed("yellow"), drop_order=3),
        TableColumn("Author", _author, max_width=18, drop_order=2),
        TableColumn("Change", _text, elastic=40, fit=change),
        TableColumn("Subject", _subject, fixed("dim"), max_width=40, drop_order=1),
    )


def _date(row: _Row) -> str:
    commit = row.event.commit
    if not row.is_first:
        return ""
    if commit is None:
        return "not committed"
    return f"{commit.when:%Y-%m-%d %H:%M}" if commit.when else "unknown"


def _commit(row: _Row) -> str:
    return row.event.commit.hash[:_SHORT] if row.event.commit and row.is_first else ""


def _author(row: _Row) -> str:
    return row.event.commit.author if row.event.commit and row.is_first else ""


def _subject(row: _Row) -> str:
    return row.event.commit.subject if row.event.commit and row.is_first else ""


def _text(row: _Row) -> str:
    """Return a change in words on one line."""
    difference, change = row.event.difference, row.change
    if difference is None or change is None:
        return "unchanged in content"
    kind, details, record = change.kind, change.details, difference.record
    if kind in _VALUES:
        return f"{one_line(details['field'])}: {value_change_text(details)}"
    if kind is ChangeKind.RENAMED:
        former, later = map(path_text, difference.names)
        return f"renamed: {former} -> {later}"
    if kind is ChangeKind.SECURED:
        return "secured: renewed"
    if kind is ChangeKind.UNREADABLE:
        return f"cannot be read: {one_line(str(details['now']))}"
    if kind is ChangeKind.READABLE:
        return "can be read again"
    if kind is ChangeKind.ADDED and isinstance(record, Card):
        state = "published" if record.published else "hidden"
        scores = zip(("quality", "heat"), difference.scores[1], strict=True)
        return ", ".join(
            [f"added: {state}", *(f"{name} {value}" for name, value in scores if value is not None)]
        )
    return kind.phrase


_SHORT = 9
"""The length of an abbreviated hash: unique in all but the largest repositories."""
_VALUES = (ChangeKind.QUALITY, ChangeKind.HEAT, ChangeKind.TOPICS, ChangeKind.OTHER)
"""The kinds that are shown with the value before and the value now."""
_STYLES = {
    ChangeKind.PUBLISHED: "green",
    ChangeKind.RESTORED: "green",
    ChangeKind.ADDED: "green",
    ChangeKind.HIDDEN: "yellow",
    ChangeKind.TAKEN_DOWN: "red",
    ChangeKind.GONE: "red",
    ChangeKind.UNREADABLE: "red",
    ChangeKind.SECURED: "dim",
}
