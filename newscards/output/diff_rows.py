"""The machine formats of ``diff``: a row for each change, an object for each card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from newscards.cards.card import Card
from newscards.cards.change_text import became
from newscards.cards.values import MISSING, cell, was_and_now
from newscards.diff.card_diff import ChangeKind, Difference, FieldChange
from newscards.output.rows import formatted
from newscards.text import path_json, path_text

COLUMNS = ("id", "change", "field", "was", "now")
"""The columns of ``csv`` and ``tsv``."""

_NO_FIELD = (
    ChangeKind.ADDED,
    ChangeKind.GONE,
    ChangeKind.RENAMED,
    ChangeKind.UNREADABLE,
    ChangeKind.READABLE,
)


def differences_as(form: str, differences: Sequence[Difference], end: str = "\n") -> Iterator[str]:
    """Yield differences in a format: an object each (``json``, ``jsonl``), or a row for each change."""
    texts = (row for each in differences for row in rows(each))
    return formatted(form, map(json_object, differences), COLUMNS, texts, end)


def rows(difference: Difference) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each change: the columns of ``COLUMNS``."""
    for kind, told in difference.changes:
        was, now = (cell(told.get(word, MISSING)) for word in ("was", "now"))
        if "was" not in told and "now" not in told:  # of `related`, or beside the fields
            now = became(told)
        yield (path_text(difference.record.id), kind.value, told["field"], was, now)


def json_object(difference: Difference) -> dict[str, Any]:
    """Return a card that changed as JSON: where it is, what became of it, what the flag shows, its fields.

    What there is not, or was not, is absent.
    """
    record, changes = difference.record, difference.changes
    told: dict[str, Any] = {"path": path_json(record.path), "id": path_json(record.id)}
    told["status"] = difference.status
    if difference.status == "renamed":
        told["wasPath"] = path_json(difference.before)
    if isinstance(record, Card):
        told["title"] = record.title
    told["published"] = was_and_now(*(MISSING if shown is None else shown for shown in difference.shown))
    for at, name in enumerate(("quality", "heat")):
        told[name] = was_and_now(*(_number(scores[at]) for scores in difference.scores))
    told["kinds"] = [kind.value for kind in ChangeKind if any(change.kind is kind for change in changes)]
    told["changes"] = [dict(change.told) for change in changes if change.kind not in _NO_FIELD]
    if unreadable := next(filter(_is_about_reading, changes), None):
        told["unreadable"] = was_and_now(*(unreadable.told.get(word, MISSING) for word in ("was", "now")))
    return told


def _is_about_reading(change: FieldChange) -> bool:
    return change.kind in (ChangeKind.UNREADABLE, ChangeKind.READABLE)


def _number(value: float | None) -> Any:
    """Return a number as JSON has it, which has no word for infinity; ``MISSING`` without."""
    if value is None:
        return MISSING
    return value if value - value == 0 else str(value)
