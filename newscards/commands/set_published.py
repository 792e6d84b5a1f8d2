"""``newscards set-published``: the published flag of cards, set in place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
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
from newscards.errors import EditRefusedError, NewscardsError

if TYPE_CHECKING:
    from newscards.cards.card import Card, Identity
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.edits.plan import CardOperations, MakeOperations, Planner
    from newscards.lint.edit_checks import EditCheck


@click.command("set-published", context_settings=CONTEXT)
@click.argument("value", type=click.Choice(["true", "false"]), metavar="true|false")
@editing_options
@click.option("--swap", is_flag=True, help="Also hide the published cards of the same stories, in one edit.")
@strict_option
@force_option
@common_options
def command(value: str, swap: bool, strict: bool, force: bool, **options: Unpack[EditOptions]) -> int:
    """Set the flag `published` of cards to true or false.

    CARD is a path, an id, the beginning of an id, or a URL of the card; `-` reads CARDs from standard input.
    If options select the cards, they are shown first and written after you confirm. Only the bytes of this
    value change; a missing flag is added at its usual place. All edits are planned before the first card is
    written, and `newscards undo` takes them back. A card that cannot be edited safely is reported and left
    as it is, the others are written, and the exit code is then 1.

    A card that is about to be published gets a warning if its story has a better card or a published one, if
    its heat is 0 or -1, or if it has errors. One that is about to be hidden gets a warning if its story then
    has no published card. --strict refuses such cards. A card with `removed: true` is not published, unless
    you add --force.

    With --swap, the other published cards of the card's story are hidden in the same edit. If one of them
    cannot be hidden, nothing of that story is written.

    \b
    Examples:
      newscards set-published false 2023-06-20-some-card
      newscards set-published true _news/2023-06-20-some-card.md --strict --diff
      newscards set-published true 2023-06-20-some-card --swap
      newscards set-published false --topic Crypto --max-quality 40 --since 14d
      newscards list --topic AI --format ids | newscards set-published true -
    """
    from newscards.commands.shared.editing import run

    if swap and value == "false":
        raise NewscardsError(
            "--swap goes only with `true`: it hides the published cards of a story in favour of another",
            "leave out --swap, or name the card to publish: `newscards set-published true CARD --swap`",
        )
    make = request(value == "true", force=force, strict=strict, swap=swap, in_place=options["in_place"])
    return run(make, options)


def request(value: bool, *, force: bool, strict: bool, swap: bool = False, in_place: bool = False) -> Request:
    """Return the request that sets the flag; both to publish and to hide a card may give warnings.

    With ``swap``, the other published cards of the stories are hidden; ``in_place`` is as in ``EditOptions``.
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import Request
    from newscards.commands.shared.stories import HidingWarnings
    from newscards.edits.plan import Planner
    from newscards.edits.published import hide, publish
    from newscards.query.linters import flag_check

    check = flag_check(current_workspace().settings_for(()), strict=strict and not force)
    planner = Planner(check=check, strict=strict)
    if not value:
        return Request(hide, planner, HidingWarnings(planner).prepare)
    warnings = PublishingWarnings(planner, check, swap=swap)
    if not swap:
        return Request(partial(publish, force=force), planner, warnings.prepare)
    swaps = Swaps(planner, partial(publish, force=force), in_place=in_place)

    def prepare(cards: CardsToEdit) -> None:
        warnings.prepare(cards)
        swaps.prepare(cards)

    others = swaps.edits_of_other_cards
    return Request(swaps.make_operations, planner, prepare, others, "because they are swapped")


class Swaps:
    """The swaps of several cards (``edits.published.swap``). A refused swap refuses the card to publish."""

    def __init__(self, planner: Planner, publish: MakeOperations, *, in_place: bool) -> None:
        self._planner, self._publish, self._in_place = planner, publish, in_place
        self._refused: dict[str, EditRefusedError] = {}
        """By real path, why the swap of a card to publish is refused."""
        self._hidden: dict[str, MakeOperations] = {}
        """By path, the functions that return the operations for the cards to hide."""

    def prepare(self, cards: CardsToEdit) -> None:
        """Find the stories of the cards to publish, and plan the swap of each."""
        from newscards.cards.card import Card
        from newscards.commands.shared.corpora import current_workspace
        from newscards.corpus.corpus import Corpus

        records = map(Corpus(limits=cards.limits).read, cards.paths)
        read = [record.without_bulk() for record in records if isinstance(record, Card)]
        to_publish = {os.path.realpath(card.path): card for card in read}
        for file, story in current_workspace().stories_around(read).items():
            others = {os.path.realpath(other.path): other for other in story.cards}
            del others[file]
            try:
                self._swap(
                    to_publish[file], others, [other for each, other in others.items() if each in to_publish]
                )
            except EditRefusedError as error:
                self._refused[file] = error

    def _swap(self, card: Card, others: Mapping[str, Card], rivals: Sequence[Card]) -> None:
        """Plan the swap of a card, whose story has ``others``, and of these ``rivals`` that go public, too.

        Raises ``EditRefusedError``.
        """
        from newscards.edits.published import refuse_partial_swap, swap
        from newscards.lint.publishing import named_cards

        if rivals:
            message = f"its story has another card to publish: {named_cards(rivals)}"
            raise EditRefusedError(message, "with --swap, name one card of a story")
        operations = swap(card.path, others.values(), self._publish)
        if len(operations) > 1:
            refuse_partial_swap(self._planner, operations, in_place=self._in_place)
        del operations[card.path]
        self._hidden |= operations

    def make_operations(self, card: Card) -> CardOperations:
        """Return the operations that publish a card; raises ``EditRefusedError`` if its swap is refused."""
        if error := self._refused.get(os.path.realpath(card.path)):
            raise error
        return self._publish(card)

    def edits_of_other_cards(self) -> Iterable[tuple[str, MakeOperations]]:
        """Return the path of each card to hide, with the function that returns its operations."""
        return self._hidden.items()


class PublishingWarnings:
    """Warnings of a planner about cards to publish: their errors, and the other cards of their stories.

    With ``swap``, the other cards are taken for hidden, because the same edit hides them.
    """

    def __init__(self, planner: Planner, check: EditCheck, *, swap: bool) -> None:
        from newscards.lint.publishing import doubts

        self._doubts = doubts
        self._planner, self._check, self._swap = planner, check, swap
        self._others: dict[Identity, Card] = {}
        """The other cards of the stories."""
        self._to_publish: set[str] = set()
        """The real paths of the cards to publish."""

    def prepare(self, cards: CardsToEdit) -> None:
        """Find the other cards of the stories of the cards to publish, and set the planner's warnings."""
        from newscards.commands.shared.stories import named_by_cards

        self._to_publish, self._others = named_by_cards(cards)
        if self._swap:
            self._others = {
                each: replace(card, fields={**card.fields, "published": False})
                for each, card in self._others.items()
            }
        self._planner.find_warnings = self._warnings

    def _warnings(self, card: Card, old: bytes, new: bytes) -> list[str]:
        from newscards.cards.stories import StoryOfCard

        if os.path.realpath(card.path) not in self._to_publish:  # it is hidden by a swap
            return []
        errors = self._check.former_errors(card.path, old, new)
        return self._doubts(StoryOfCard.of(card, self._others), errors, self._to_publish)
