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
"""What was told of each card: its trouble, or nothing."""


def plan(path: str) -> CardEdit:
    """Return what adds one to a card's number."""
    real = os.path.realpath(path)
    source = read_file(real)
    number = source.partition(b"\n")[0]
    patches = (Patch(0, number, str(int(number) + 1).encode()),)
    return CardEdit(real, sha256(source), sha256(patched(source, patches)), patches, {"was": int(number)})


def sealed(journal: Journal, paths: Sequence[str], told: Told | None = None) -> Edit:
    """Return the entry of an edit that adds one to each card; ``told`` gets those that cannot be read."""
    with journal.draft("add-one") as draft:
        for path in paths:
            try:
                record = plan(path)
            except (EditRefusedError, OSError) as error:
                if told is None:
                    raise
                told[path] = str(error)
            else:
                draft.add(record)
        return draft.seal()


def add_one(journal: Journal, paths: Sequence[str], told: Told) -> Outcome:
    """Add one to each card's number; ``told`` gets what is told of each."""
    return write(sealed(journal, paths, told), teller(told))


def teller(told: Told) -> OnCard:
    """Return what notes each card's trouble."""

    def tell(record: CardEdit, trouble: CardError | None) -> None:
        told[record.path] = str(trouble or "")

    return tell


def numbers(paths: Sequence[str]) -> list[int]:
    """Return the number in each card; a torn one has none."""
    return [int(Path(path).read_bytes().partition(b"\n")[0]) for path in paths]
