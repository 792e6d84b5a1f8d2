"""Edit one card from Python: typed, verified, in the journal, under the lock."""

from __future__ import annotations

import os
from collections.abc import Mapping

from newscards.cards.assignments import typed_path
from newscards.cards.card import Card, card_id
from newscards.cards.reader import parse
from newscards.cards.values import Scalar
from newscards.edits.apply import Edited, edit_source, read_whole_file
from newscards.edits.entries import Record
from newscards.edits.operations import Operation, SetValue
from newscards.edits.patches import digest
from newscards.edits.transaction import editing, write
from newscards.edits.writing import Trouble
from newscards.errors import EditRefusedError
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.text import path_json, path_text


def edit_card(
    path: str, values: Mapping[str, Scalar], expected: Card | None = None, limits: Limits = LIMITS
) -> Edited:
    """Set fields, by their dotted names, of the card in the file at ``path``; return what was changed.

    It is one edit in the journal. Where the file holds another card than ``expected`` it is refused. Raises
    ``EditRefusedError``, ``NewscardsError`` for a field that there is not or a value of another type, and
    ``OSError``, each with the file as it was.
    """
    operations = [Operation(typed_path(name, value), SetValue(value)) for name, value in values.items()]
    with editing(_unheard, _unheard) as journal, journal.draft("Corpus.edit") as draft:
        old = read_whole_file(path)
        edit = edit_source(old, operations, limits)
        if expected is not None and parse(path, old, limits) != expected:
            raise EditRefusedError(f"{path_text(path)} was changed since it was read", "read it again")
        if edit.changes:
            told = {"path": path_json(path), "id": path_json(card_id(path)), "summary": "edited"}
            draft.add(Record(os.path.realpath(path), digest(old), digest(edit.new), edit.patches, told))
            troubles: list[Trouble | None] = []
            write(draft.seal(), lambda record, trouble: troubles.append(trouble))
            if troubles[0]:
                raise troubles[0]
    return edit


def _unheard(message: str) -> None:
    """Take what is told to people; a program is told by exceptions alone."""
