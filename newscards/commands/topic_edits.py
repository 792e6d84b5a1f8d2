"""What ``topic add``, ``topic remove`` and ``topic rename`` ask of a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from newscards.cards.card import Card
from newscards.commands.shared.corpora import settings_for
from newscards.commands.shared.editing import Request
from newscards.commands.shared.linting import error_refusal
from newscards.edits.operations import Append, Operation, Remove, SetValue
from newscards.edits.plan import Asked, Planner
from newscards.errors import EditRefusedError, NewscardsError
from newscards.output.ui import current
from newscards.text import one_line

_TOPICS = "topics"


def add(topic: str, *, force: bool) -> Request:
    """Return what adds a topic at the end; one that a card has, in whatever case, is not added again."""

    def ask(card: Card) -> Asked:
        topics = _topics_of(card)
        if not (found := _find(topics, topic)):
            return Asked([Operation((_TOPICS,), Append(topic))], "")
        return Asked([], f"topics: has {one_line(topics[found[0]])} already")

    return _request(ask, force, topic)


def remove(topic: str, *, force: bool) -> Request:
    """Return what takes a topic out, in whatever case; but not the first one, the site's own (CARDS.md)."""

    def ask(card: Card) -> Asked:
        topics = _topics_of(card)
        found = _in_any_case(topics, topic)
        if not found:
            return Asked([], f"topics: has no {one_line(topic)}")
        if len(found) == len(topics):
            raise EditRefusedError("it is the card's only topic", "rename it, or add another one first")
        if found[0] == 0 and not force:
            raise EditRefusedError(
                "it is the card's first topic, the site's own", "rename it; --force takes it out all the same"
            )
        return Asked(_without(found), "")

    return _request(ask, force)


def rename(topic: str, new: str, *, force: bool) -> Request:
    """Return what gives a topic another name, at its place; where a card has both, one stays."""

    def ask(card: Card) -> Asked:
        topics = _topics_of(card)
        found = _in_any_case(topics, topic)
        if not found:
            return Asked([], f"topics: has no {one_line(topic)}")
        twins = [index for index in _find(topics, new) if index not in found]
        if twins and twins[0] < found[0]:  # the first keeps its place
            return Asked(_without(found), "")
        renamed = Operation((_TOPICS, found[0]), SetValue(new))
        return Asked([renamed, *_without([*found[1:], *twins])], f"topics: {one_line(new)} already")

    return _request(ask, force, new)


def _request(ask: Callable[[Card], Asked], force: bool, *new: str) -> Request:
    """Return the request; ``new`` are the topics that the cards are to get."""
    for topic in new:
        if not topic or topic != topic.strip():
            what = f"`{one_line(topic)}` begins or ends with a blank" if topic else "a topic is not empty"
            raise NewscardsError(what, "name the topic as it is to stand in the cards")
    needs_rules = new and not force
    refuse = error_refusal(settings_for((), current())) if needs_rules else None
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
    return [Operation((_TOPICS, index), Remove()) for index in sorted(indices, reverse=True)]
