"""The machine formats of ``log``: a row for each change, an object for each commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from newscards.cards.card import card_id
from newscards.cards.values import iso
from newscards.diff.history import Event
from newscards.output.diff_rows import json_object, rows
from newscards.output.rows import formatted
from newscards.text import path_json

COLUMNS = ("date", "commit", "author", "change", "field", "was", "now")
"""The columns of ``csv`` and ``tsv``."""


def events_as(output_format: str, events: Iterable[Event]) -> Iterator[str]:
    """Yield events: an object for each commit (``json``, ``jsonl``), or a row for each change."""
    if output_format in ("json", "jsonl"):
        return formatted(output_format, map(_object, events), (), ())
    return formatted(output_format, (), COLUMNS, (row for each in events for row in _rows(each)))


def _rows(event: Event) -> Iterator[tuple[str, ...]]:
    """Yield a row for each change; what is not committed has neither date, commit nor author."""
    commit = event.commit
    head = ("", "", "")
    if commit:
        head = (iso(commit.when) if commit.when else "", commit.hash, commit.author)
    if event.difference is None:
        yield (*head, "unchanged", "", "", "")
    else:
        yield from ((*head, *row[1:]) for row in rows(event.difference))


def _object(event: Event) -> dict[str, Any]:
    """Return an event as a JSON object: the commit's facts, and the card as ``diff`` has it."""
    commit, result = event.commit, dict[str, Any]()
    if commit:
        result["commit"] = commit.hash
        if commit.when:
            result["date"] = iso(commit.when)
        result |= {"author": commit.author, "email": commit.email, "subject": commit.subject}
    if event.difference:
        return result | json_object(event.difference)
    names = {"path": path_json(event.path), "id": path_json(card_id(event.path))}
    return result | names | {"status": "changed", "kinds": [], "changes": []}
