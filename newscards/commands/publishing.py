"""What ``set-published`` and ``set published`` ask, and what they find out before a card goes public."""

from __future__ import annotations

import os

from newscards.cards.card import Card, Identity, identity
from newscards.cards.stories import Story
from newscards.commands.shared.editing import Request
from newscards.commands.shared.selection import Chosen
from newscards.corpus.corpus import Corpus
from newscards.edits.operations import Operation, SetValue
from newscards.edits.plan import Asked, Planner
from newscards.errors import EditRefusedError
from newscards.lint.linter import errors_in
from newscards.output.ui import current


def request(value: bool, *, force: bool, strict: bool) -> Request:
    """Return what sets the flag of cards: to show a card is judged, to hide one never is."""

    def ask(card: Card) -> Asked:
        if value and card.fields.get("removed") is True and not force:
            raise EditRefusedError(
                "it is `removed`: it was taken down",
                "`newscards restore` takes that back; --force does it all the same",
            )
        return Asked([Operation(("published",), SetValue(value))], f"published: {str(value).lower()} already")

    planner = Planner(strict=strict)
    return Request(ask, planner, Judgement(planner).prepare) if value else Request(ask, planner)


class Judgement:
    """Makes a planner judge cards by their errors, and by their stories in the corpus around them."""

    def __init__(self, planner: Planner) -> None:
        from newscards.commands.shared.corpora import settings_for
        from newscards.commands.shared.linting import error_linter  # to hide cards, no rule is needed

        self._planner = planner
        self._found: dict[Identity, Card] = {}
        self._going: set[str] = set()
        self._linter = error_linter(settings_for((), current()))

    def prepare(self, chosen: Chosen) -> None:
        """Find the other cards of the stories of those that are to go public."""
        from newscards.commands.shared.corpora import corpora_around

        wanted: set[Identity] = set()
        for path in chosen.paths:
            record = Corpus(limits=chosen.limits).read(path)
            if isinstance(record, Card):
                self._going.add(os.path.realpath(path))
                wanted |= set(map(identity, record.related)) - {record.identity}
        if wanted:
            for corpus in corpora_around(chosen.paths, current()):
                self._found |= corpus.find(wanted)
        self._planner.judge = self._judge

    def _judge(self, card: Card, new: bytes) -> list[str]:
        from newscards.lint.publishing import doubts

        return doubts(Story.of(card, self._found), errors_in(self._linter, card.path, new), self._going)
