"""An edit to try transactions with: cards that begin with a number, to which one is added."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from newscards.edits.atomic import read_file
from newscards.edits.journal import CardEdit, Edit, Journal
from newscards.edits.patches import Patch, patched, sha256
from newscards.edits.transaction import CardError, OnCard, Outcome, write
from newscards.errors import EditRefusedError

Told = dict[str, str]
"""The error of each card as a text; empty where it was written."""


def plan(path: str) -> CardEdit:
    """Return the edit that adds one to a card's number."""
    real = os.path.realpath(path)
    source = read_file(real)
    number = source.partition(b"\n")[0]
    patches = (Patch(0, number, str(int(number) + 1).encode()),)
    return CardEdit(real, sha256(source), sha256(patched(source, patches)), patches, {"was": int(number)})


def sealed(
    journal: Journal, paths: Sequence[str], reported: Told | None = None, *, in_place: bool = False
) -> Edit:
    """Return an edit that adds one to each card; ``reported`` gets those that cannot be read."""
    with journal.draft("add-one", in_place=in_place) as draft:
        for path in paths:
            try:
                card_edit = plan(path)
            except (EditRefusedError, OSError) as error:
                if reported is None:
                    raise
                reported[path] = str(error)
            else:
                draft.add(card_edit)
        return draft.seal()


def add_one(journal: Journal, paths: Sequence[str], reported: Told, *, in_place: bool = False) -> Outcome:
    """Add one to each card's number; ``reported`` gets the error of each."""
    return write(sealed(journal, paths, reported, in_place=in_place), teller(reported))


def teller(reported: Told) -> OnCard:
    """Return a function that notes each card's error."""

    def on_card(card_edit: CardEdit, error: CardError | None) -> None:
        reported[card_edit.path] = str(error or "")

    return on_card


def numbers(paths: Sequence[str]) -> list[int]:
    """Return the number in each card; a torn one has none."""
    return [int(Path(path).read_bytes().partition(b"\n")[0]) for path in paths]
