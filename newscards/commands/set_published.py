"""``newscards set-published``: flip the flag, in place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    EditOptions,
    common_options,
    editing_options,
    force_option,
    strict_option,
)
from newscards.errors import EditRefusedError

if TYPE_CHECKING:
    from newscards.cards.card import Card, Identity
    from newscards.commands.shared.editing import Chosen, Request
    from newscards.edits.plan import CardOperations, Planner


@click.command("set-published", context_settings=CONTEXT)
@click.argument("value", type=click.Choice(["true", "false"]), metavar="true|false")
@editing_options
@strict_option
@force_option
@common_options
def command(value: str, strict: bool, force: bool, **options: Unpack[EditOptions]) -> int:
    """Set the published flag of cards to true or false, in their files.

    The bytes of that one value change and no others; a flag that is missing is added at its place. CARD
    is a path, an id, or the beginning of one; `-` reads CARDs from standard input. Cards that options choose
    are shown first, and written after a yes. All are planned before the first is written, `newscards undo`
    takes it back. What cannot be edited safely is refused and named, the others are written, and the exit
    code is then 1.

    Before a card goes public, what speaks against it is told: its story has a better card, or one that is
    published already, its heat is -1, it has errors. --strict refuses such cards. A card that is `removed`
    is refused.

    \b
    Examples:
      newscards set-published false 2023-06-20-some-card
      newscards set-published true _news/2023-06-20-some-card.md --dry-run --diff
      newscards set-published false --topic Crypto --max-quality 40 --since 14d
      newscards list --min-quality 80 --format paths -0 | newscards set-published true --strict -0 -
    """
    from newscards.commands.shared.editing import run

    return run(request(value == "true", force=force, strict=strict), options)


def request(value: bool, *, force: bool, strict: bool) -> Request:
    """Return what sets the flag of cards: to show a card is judged, to hide one never is."""
    from newscards.commands.shared.editing import Request
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations, Planner

    def ask(card: Card) -> CardOperations:
        if value and card.fields.get("removed") is True and not force:
            raise EditRefusedError(
                "it is `removed`: it was taken down",
                "`newscards restore` takes that back; --force does it all the same",
            )
        return CardOperations(
            [Operation(("published",), SetValue(value))], f"published: {str(value).lower()} already"
        )

    planner = Planner(strict=strict)
    return Request(ask, planner, Judgement(planner).prepare) if value else Request(ask, planner)


class Judgement:
    """Makes a planner judge cards by their errors, and by their stories in the corpus around them."""

    def __init__(self, planner: Planner) -> None:
        from newscards.commands.shared.corpora import current_workspace
        from newscards.rules.selection import error_linter  # to hide cards, no rule is needed

        self._planner = planner
        self._found: dict[Identity, Card] = {}
        self._going: set[str] = set()
        self._linter = error_linter(current_workspace().settings_for(()))

    def prepare(self, chosen: Chosen) -> None:
        """Find the other cards of the stories of those that are to go public."""
        from newscards.cards.card import Card, identity
        from newscards.commands.shared.corpora import current_workspace
        from newscards.corpus.corpus import Corpus

        wanted: set[Identity] = set()
        for path in chosen.paths:
            record = Corpus(limits=chosen.limits).read(path)
            if isinstance(record, Card):
                self._going.add(os.path.realpath(path))
                wanted |= set(map(identity, record.related)) - {record.identity}
        if wanted:
            for corpus in current_workspace().corpora_around(chosen.paths):
                self._found |= corpus.find(wanted)
        self._planner.find_warnings = self._judge

    def _judge(self, card: Card, new: bytes) -> list[str]:
        from newscards.cards.stories import StoryOfCard
        from newscards.lint.linter import errors_in
        from newscards.lint.publishing import doubts

        return doubts(StoryOfCard.of(card, self._found), errors_in(self._linter, card.path, new), self._going)
