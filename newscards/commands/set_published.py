"""``newscards set-published``: the published flag of cards, set in place."""

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
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.edits.plan import CardOperations, Planner


@click.command("set-published", context_settings=CONTEXT)
@click.argument("value", type=click.Choice(["true", "false"]), metavar="true|false")
@editing_options
@strict_option
@force_option
@common_options
def command(value: str, strict: bool, force: bool, **options: Unpack[EditOptions]) -> int:
    """Set the flag `published` of cards to true or false.

    CARD is a path, an id, or the beginning of one; `-` reads CARDs from standard input. If options select
    the cards, they are shown first and written after you confirm. Only the bytes of this value change; a
    missing flag is added at its usual place. All edits are planned before the first card is written, and
    `newscards undo` takes them back. A card that cannot be edited safely is reported and left as it is, the
    others are written, and the exit code is then 1.

    A card that is about to be published gets a warning if its story has a better card or a published one, if
    its heat is -1, or if it has errors. --strict refuses such cards. A card with `removed: true` is
    refused, unless you add --force.

    \b
    Examples:
      newscards set-published false 2023-06-20-some-card
      newscards set-published true _news/2023-06-20-some-card.md --strict --diff
      newscards set-published false --topic Crypto --max-quality 40 --since 14d
      newscards list --topic AI --format ids | newscards set-published true -
    """
    from newscards.commands.shared.editing import run

    return run(request(value == "true", force=force, strict=strict), options)


def request(value: bool, *, force: bool, strict: bool) -> Request:
    """Return the request that sets the flag; only publishing a card gives warnings, not hiding it."""
    from newscards.commands.shared.editing import Request
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations, Planner

    def make_operations(card: Card) -> CardOperations:
        if value and card.fields.get("removed") is True and not force:
            raise EditRefusedError(
                "it has `removed: true`: it was taken down",
                "`newscards restore` takes that back; --force publishes it anyway",
            )
        return CardOperations(
            [Operation(("published",), SetValue(value))], f"published: {str(value).lower()} already"
        )

    planner = Planner(strict=strict)
    if not value:
        return Request(make_operations, planner)
    return Request(make_operations, planner, PublishingWarnings(planner).prepare)


class PublishingWarnings:
    """Warnings of a planner about cards to publish: their errors, and the other cards of their stories."""

    def __init__(self, planner: Planner) -> None:
        # All rules are imported here, because hiding cards needs none; and before cards are planned in
        # several processes, which would each import them again.
        from newscards.commands.shared.corpora import current_workspace
        from newscards.lint.publishing import doubts
        from newscards.lint.refusals import errors_in
        from newscards.query.linters import error_linter

        self._errors_in, self._doubts = errors_in, doubts
        self._planner = planner
        self._others: dict[Identity, Card] = {}
        """The other cards of the stories."""
        self._to_publish: set[str] = set()
        """The real paths of the cards to publish."""
        self._linter = error_linter(current_workspace().settings_for(()))

    def prepare(self, cards: CardsToEdit) -> None:
        """Find the other cards of the stories of the cards to publish, and set the planner's warnings."""
        from newscards.cards.card import Card, identity
        from newscards.commands.shared.corpora import current_workspace
        from newscards.corpus.corpus import Corpus

        wanted: set[Identity] = set()
        for path in cards.paths:
            record = Corpus(limits=cards.limits).read(path)
            if isinstance(record, Card):
                self._to_publish.add(os.path.realpath(path))
                wanted |= set(map(identity, record.related)) - {record.identity}
        if wanted:
            for corpus in current_workspace().corpora_around(cards.paths):
                self._others |= corpus.find(wanted)
        self._planner.find_warnings = self._warnings

    def _warnings(self, card: Card, new: bytes) -> list[str]:
        from newscards.cards.stories import StoryOfCard

        errors = self._errors_in(self._linter, card.path, new)
        return self._doubts(StoryOfCard.of(card, self._others), errors, self._to_publish)
