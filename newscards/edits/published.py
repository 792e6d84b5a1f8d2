"""The flag ``published``: a card is published or hidden; a swap does both in a story.

At most one card of a story is published (CARDS.md, "Stories"). A swap publishes one, and hides the others
that are published: all of them, or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from newscards.cards.card import Card
from newscards.edits.apply import read_whole_file
from newscards.edits.atomic import refuse_unplanned
from newscards.edits.operations import Operation, SetValue
from newscards.edits.plan import CardOperations, MakeOperations, Planner
from newscards.errors import EditRefusedError, system_reason
from newscards.text import path_text


def publish(card: Card, *, force: bool = False) -> CardOperations:
    """Return the operations that publish a card.

    Raises ``EditRefusedError`` where the card was taken down, by ``removed: true``, unless with ``force``.
    """
    if card.is_taken_down and not force:
        raise EditRefusedError(
            "it has `removed: true`: it was taken down",
            "`newscards restore` takes that back",
            option="--force publishes it anyway",
        )
    return CardOperations([_set_flag(True)], "published: true already")


def hide(card: Card) -> CardOperations:
    """Return the operations that hide a card."""
    return CardOperations([_set_flag(False)], "published: false already")


def swap(path: str, others: Iterable[Card], make_operations: MakeOperations) -> dict[str, MakeOperations]:
    """Return, by path, the functions that return the operations of a swap, first the card to publish.

    That card is in the file at ``path``, and ``make_operations`` is the function that publishes it.
    ``others`` are the other cards of its story; only those that are published are hidden.
    """
    hidden: dict[str, MakeOperations] = {other.path: hide for other in others if other.published}
    return {path: make_operations, **hidden}


def refuse_partial_swap(
    planner: Planner, operations: Mapping[str, MakeOperations], *, in_place: bool
) -> None:
    """Raise ``EditRefusedError`` where not all cards of a swap can be edited; call it before the first write.

    ``operations`` is the result of ``swap``. The message names the card, if it is not the one to publish.
    """
    for number, (path, make_operations) in enumerate(operations.items()):
        try:
            if planner.plan(path, make_operations).card_edit:
                refuse_unplanned(path, read_whole_file(path), in_place=in_place)
        except (EditRefusedError, OSError) as error:
            reason = system_reason(error)
            if number:
                reason = f"{path_text(path)}, which is published in its story, cannot be hidden: {reason}"
            raise EditRefusedError.because_of(error, reason) from error


def _set_flag(value: bool) -> Operation:
    return Operation(("published",), SetValue(value))
