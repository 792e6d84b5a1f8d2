"""``newscards topic``: add, remove and rename topics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    EditOptions,
    common_options,
    completed_by,
    editing_options,
    force_option,
)
from newscards.errors import EditRefusedError, NewscardsError
from newscards.text import one_line

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.commands.shared.editing import Request
    from newscards.edits.operations import Operation
    from newscards.edits.plan import CardOperations


@click.group("topic", context_settings=CONTEXT)
@common_options
def command() -> None:
    """Add a topic to cards, take one out, or give it another name, in their files.

    The list keeps its style: indentation, quotes, one topic a line or `[A, B]`. Its first topic, the site's
    own, stays the first.

    \b
    Examples:
      newscards topic add Oceans 2023-06-20-some-card
      newscards topic remove Crypto --max-quality 40
      newscards topic rename "Block chain" Blockchain --topic "Block chain"
    """


@command.command("add", short_help="Add a topic at the end.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("new_topic"))
@editing_options
@force_option
@common_options
def add(topic: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Add a TOPIC at the end of the list; cards that have it stay as they are.

    A topic that the site's registry does not have (`topics` in the configuration) is refused.

    \b
    Examples:
      newscards topic add Oceans 2023-06-20-some-card 2023-06-21-another-one
      newscards topic add Archive --until 2019 --dry-run
    """
    from newscards.commands.shared.editing import run

    return run(_addition(topic, force=force), options)


@command.command("remove", short_help="Take a topic out.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("topic"))
@editing_options
@force_option
@common_options
def remove(topic: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Take a TOPIC out of the list; the only one is refused, and the first without --force.

    \b
    Examples:
      newscards topic remove Crypto 2023-06-20-some-card
      newscards topic remove Crypto --topic Crypto --provider example.org --yes
    """
    from newscards.commands.shared.editing import run

    return run(_removal(topic, force=force), options)


@command.command("rename", short_help="Give a topic another name.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("topic"))
@click.argument("new", shell_complete=completed_by("new_topic"))
@editing_options
@force_option
@common_options
def rename(topic: str, new: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Give a TOPIC a NEW name, at its place in the list; where a card has both, one stays.

    \b
    Examples:
      newscards topic rename crypto Crypto 2023-06-20-some-card
      newscards topic rename "Block chain" Blockchain --topic "Block chain" --yes
    """
    from newscards.commands.shared.editing import run

    return run(_renaming(topic, new, force=force), options)


_TOPICS = "topics"


def _addition(topic: str, *, force: bool) -> Request:
    """Return what adds a topic at the end; one that a card has, in whatever case, is not added again."""
    from newscards.edits.operations import Append, Operation
    from newscards.edits.plan import CardOperations

    def ask(card: Card) -> CardOperations:
        topics = _topics_of(card)
        if not (found := _find(topics, topic)):
            return CardOperations([Operation((_TOPICS,), Append(topic))], "")
        return CardOperations([], f"topics: has {one_line(topics[found[0]])} already")

    return _request(ask, force, topic)


def _removal(topic: str, *, force: bool) -> Request:
    """Return what takes a topic out, in whatever case; but not the first one, the site's own (CARDS.md)."""
    from newscards.edits.plan import CardOperations

    def ask(card: Card) -> CardOperations:
        topics = _topics_of(card)
        found = _in_any_case(topics, topic)
        if not found:
            return CardOperations([], f"topics: has no {one_line(topic)}")
        if len(found) == len(topics):
            raise EditRefusedError("it is the card's only topic", "rename it, or add another one first")
        if found[0] == 0 and not force:
            raise EditRefusedError(
                "it is the card's first topic, the site's own", "rename it; --force takes it out all the same"
            )
        return CardOperations(_without(found), "")

    return _request(ask, force)


def _renaming(topic: str, new: str, *, force: bool) -> Request:
    """Return what gives a topic another name, at its place; where a card has both, one stays."""
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations

    def ask(card: Card) -> CardOperations:
        topics = _topics_of(card)
        found = _in_any_case(topics, topic)
        if not found:
            return CardOperations([], f"topics: has no {one_line(topic)}")
        twins = [index for index in _find(topics, new) if index not in found]
        if twins and twins[0] < found[0]:  # the first keeps its place
            return CardOperations(_without(found), "")
        renamed = Operation((_TOPICS, found[0]), SetValue(new))
        return CardOperations([renamed, *_without([*found[1:], *twins])], f"topics: {one_line(new)} already")

    return _request(ask, force, new)


def _request(ask: Callable[[Card], CardOperations], force: bool, *new: str) -> Request:
    """Return the request; ``new`` are the topics that the cards are to get."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import Request
    from newscards.edits.plan import Planner
    from newscards.rules.selection import error_refusal

    for topic in new:
        if not topic or topic != topic.strip():
            what = f"`{one_line(topic)}` begins or ends with a blank" if topic else "a topic is not empty"
            raise NewscardsError(what, "name the topic as it is to stand in the cards")
    needs_rules = new and not force
    refuse = error_refusal(current_workspace().settings_for(())) if needs_rules else None
    return Request(ask, Planner(refuse=refuse))


def _topics_of(card: Card) -> Sequence[str]:
    """Return the items of the list of topics, what is no text as an empty one, which no topic equals."""
    topics = card.fields.get(_TOPICS)
    if topics is None:
        return ()
    if not isinstance(topics, list):
        raise EditRefusedError("`topics` is no list", "write it as one, by hand")
    return [topic if isinstance(topic, str) else "" for topic in topics]


def _find(topics: Sequence[str], topic: str) -> list[int]:
    """Return where a topic stands, exactly so written or else in another case."""
    return [index for index, each in enumerate(topics) if each == topic] or _in_any_case(topics, topic)


def _in_any_case(topics: Sequence[str], topic: str) -> list[int]:
    folded = topic.casefold()
    return [index for index, each in enumerate(topics) if each.casefold() == folded]


def _without(indices: Sequence[int]) -> list[Operation]:
    """Return what takes items out, the last first, so that the indices of the others hold."""
    from newscards.edits.operations import Operation, Remove

    return [Operation((_TOPICS, index), Remove()) for index in sorted(indices, reverse=True)]
