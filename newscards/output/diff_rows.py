"""The machine formats of ``diff``: a row for each change, an object for each card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from newscards.cards.card import Card
from newscards.cards.change_text import value_change_text
from newscards.cards.values import MISSING, cell, was_and_now
from newscards.diff.card_diff import ChangeKind, Difference, FieldChange
from newscards.output.rows import formatted
from newscards.text import path_json

COLUMNS = ("id", "change", "field", "was", "now")
"""The columns of ``csv`` and ``tsv``."""

_NO_FIELD = (
    ChangeKind.ADDED,
    ChangeKind.GONE,
    ChangeKind.RENAMED,
    ChangeKind.UNREADABLE,
    ChangeKind.READABLE,
)


def differences_as(output_format: str, differences: Sequence[Difference], end: str = "\n") -> Iterator[str]:
    """Yield differences: an object for each card (``json``, ``jsonl``), or a row for each change."""
    texts = (row for each in differences for row in rows(each))
    return formatted(output_format, map(json_object, differences), COLUMNS, texts, end)


def rows(difference: Difference) -> Iterator[tuple[str, ...]]:
    """Yield a row for each change, with the columns of ``COLUMNS``."""
    for kind, details in difference.changes:
        was, now = (cell(details.get(word, MISSING)) for word in ("was", "now"))
        if "was" not in details and "now" not in details:  # of `related`, or outside the fields
            now = value_change_text(details)
        yield (path_json(difference.record.id), kind.value, details["field"], was, now)


def json_object(difference: Difference) -> dict[str, Any]:
    """Return a changed card as a JSON object: path, status, ``published``, scores, and its changes.

    Members without a value are absent, also ``was`` or ``now`` within them.
    """
    record, changes = difference.record, difference.changes
    result: dict[str, Any] = {"path": path_json(record.path), "id": path_json(record.id)}
    result["status"] = difference.status
    if difference.status == "renamed":
        result["wasPath"] = path_json(difference.before)
    if isinstance(record, Card):
        result["title"] = record.title
    result["published"] = was_and_now(*(MISSING if shown is None else shown for shown in difference.shown))
    for at, name in enumerate(("quality", "heat")):
        result[name] = was_and_now(*(_number(scores[at]) for scores in difference.scores))
    result["kinds"] = [kind.value for kind in ChangeKind if any(change.kind is kind for change in changes)]
    result["changes"] = [dict(change.details) for change in changes if change.kind not in _NO_FIELD]
    if unreadable := next(filter(_is_about_reading, changes), None):
        result["unreadable"] = was_and_now(
            *(unreadable.details.get(word, MISSING) for word in ("was", "now"))
        )
    return result


def _is_about_reading(change: FieldChange) -> bool:
    return change.kind in (ChangeKind.UNREADABLE, ChangeKind.READABLE)


def _number(value: float | None) -> Any:
    """Return a number for JSON, infinity as text; ``MISSING`` for ``None``."""
    if value is None:
        return MISSING
    return value if value - value == 0 else str(value)
