"""``newscards topic``: topics of cards, added, removed and renamed in place."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
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
from newscards.output.ui import current
from newscards.query.criteria import has_criteria
from newscards.text import counted, one_line

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.edits.operations import Operation
    from newscards.edits.plan import CardOperations, FindWarnings
    from newscards.query.topics import KnownTopics


@click.group("topic", context_settings=CONTEXT)
@common_options
def command() -> None:
    """Add, remove or rename a topic of cards.

    The list keeps its style: indentation, quotes, one topic per line or `[A, B]`. The site's own topic stays:
    the one that `topic` in `_config.yml` names, or else the first.

    \b
    Examples:
      newscards topic add Oceans 2023-06-20-some-card
      newscards topic remove Crypto --max-quality 40
      newscards topic rename "Block chain" Blockchain
    """


@command.command("add", short_help="Add a topic to cards.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("new_topic"))
@editing_options
@force_option
@common_options
def add(topic: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Add a TOPIC to cards, at the end of the list.

    Cards that have the topic already stay unchanged. The others get it in the spelling of the site's registry
    (`topics` in the configuration), or else of most cards. A topic that is not in the registry is refused,
    unless you add --force.

    \b
    Examples:
      newscards topic add Oceans 2023-06-20-some-card 2023-06-21-another-one
      newscards topic add Archive --until 2019 --dry-run
    """
    from newscards.commands.shared.editing import run

    request = addition(topic, force=force)

    def prepare(cards: CardsToEdit) -> None:
        if not cards.paths:
            return
        known = _topics_around(cards, topic)
        message, hint = known.absence(topic)
        if message and not known.registry:  # of one that the registry lacks, the rule NC615 speaks
            current().notice(f"{message}; {hint}" if hint else message)
        request.make_operations = partial(_add, known.written(topic, current()))

    request.prepare = prepare
    return run(request, options)


@command.command("remove", short_help="Remove a topic from cards.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("topic"))
@editing_options
@force_option
@common_options
def remove(topic: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Remove a TOPIC from cards that you name or select: `--topic TOPIC` selects all that have it.

    TOPIC is case-insensitive. The only topic of a card is never removed, and the site's own only with
    --force: the one that `topic` in `_config.yml` names, or else the card's first.

    \b
    Examples:
      newscards topic remove Crypto 2023-06-20-some-card
      newscards topic remove Crypto --topic Crypto --provider example.org --yes
    """
    from newscards.commands.shared.editing import run

    if not options["names"] and not has_criteria(options):
        import shlex  # imported here because only this message needs it

        hint = f"name cards, or add `--topic {one_line(shlex.quote(topic))}` for all cards that have it"
        raise NewscardsError("no cards given", hint)
    return run(removal(topic, force=force), options)


@command.command("rename", short_help="Rename a topic of cards.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("topic"))
@click.argument("new", shell_complete=completed_by("new_topic"))
@editing_options
@force_option
@common_options
def rename(topic: str, new: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Rename a TOPIC to NEW, at its place in the list: in all cards, or in those that you name or select.

    TOPIC is case-insensitive. A card that has both topics keeps only NEW. A NEW that the site's registry or
    cards have already is written in their spelling. Unless you name cards, the cards that have TOPIC are
    shown first and written after you confirm.

    \b
    Examples:
      newscards topic rename "Block chain" Blockchain
      newscards topic rename "Block chain" Blockchain --provider example.org --yes
      newscards topic rename crypto Crypto 2023-06-20-some-card
    """
    from newscards.commands.shared.editing import run

    if not options["names"] and not options["topics"]:
        options["topics"] = (topic,)
    request = _renaming(topic, new, force=force)
    if not _is_same(topic, new):

        def prepare(cards: CardsToEdit) -> None:
            if not cards.paths:
                return
            known = _topics_around(cards, new)
            message, hint = known.absence(new, without=topic)
            if hint and not known.registry:  # a new name is new, unless it is a slip
                current().notice(f"{message}; {hint}")
            name = known.written(new, current())
            request.make_operations = partial(_rename, topic, name)
            if cards.total is not None:
                _report_merging(name, known)

        request.prepare = prepare
    return run(request, options)


def _topics_around(cards: CardsToEdit, topic: str) -> KnownTopics:
    """Return how a topic is spelled in the corpora around cards, as ``topics_like`` does."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.query.topics import topics_like

    workspace = current_workspace()
    is_selection = cards.total is not None
    corpora = [workspace.open()[0]] if is_selection else workspace.corpora_around(cards.paths)
    return topics_like(topic, workspace, corpora, workspace.settings_for(()))


def _report_merging(new: str, known: KnownTopics) -> None:
    """Print how many cards have the new topic already: after the edit they do not differ from the renamed."""
    if count := known.cards[new]:
        has = "has" if count == 1 else "have"
        current().notice(
            f"{counted(count, 'card')} {has} {one_line(new)} already: the two topics are merged, "
            "which only `newscards undo` can part again"
        )


_TOPICS = "topics"


def addition(topic: str, *, force: bool) -> Request:
    """Return the request that adds a topic at the end, unless a card has it already in any spelling."""
    return _request(partial(_add, topic), force, topic)


def _add(topic: str, card: Card) -> CardOperations:
    from newscards.edits.operations import Append, Operation
    from newscards.edits.plan import CardOperations

    topics = _topics_of(card)
    if not (indices := _find(topics, topic)):
        return CardOperations([Operation((_TOPICS,), Append(topic))], "")
    return CardOperations([], f"topics: has {one_line(topics[indices[0]])} already")


def removal(topic: str, *, force: bool) -> Request:
    """Return the request that removes a topic in any spelling, but not the site's own."""
    from newscards.edits.plan import CardOperations
    from newscards.jekyll.config import site_of

    def make_operations(card: Card) -> CardOperations:
        topics = _topics_of(card)
        indices = _find_same(topics, topic)
        if not indices:
            return CardOperations([], f"topics: has no {one_line(topic)}")
        if len(indices) == len(topics):
            raise EditRefusedError("it is the card's only topic", "rename it, or add another one first")
        site = site_of(card.path)
        if site.topic and _is_same(site.topic, topic) and not force:
            problem = f"it is the site's own topic, by `topic` in {os.path.basename(site.file)}"
            hint = "the site lists the card by it"
            raise EditRefusedError(problem, hint, option="--force removes it anyway")
        if not site.topic and indices[0] == 0 and not force:
            problem = "it is the card's first topic, the site's own"
            raise EditRefusedError(problem, "rename it", option="--force removes it anyway")
        return CardOperations(_without(indices), "")

    return _request(make_operations, force)


def _renaming(topic: str, new: str, *, force: bool) -> Request:
    """Return the request that renames a topic at its place; a card that has both keeps one."""
    from newscards.jekyll.config import site_of

    def find_warnings(card: Card, old: bytes, source: bytes) -> Sequence[str]:
        site = site_of(card.path)
        if not site.topic or not _is_same(site.topic, topic) or _is_same(site.topic, new):
            return ()
        return [
            f"{one_line(site.topic)} is the site's own topic, by `topic` in {os.path.basename(site.file)}"
        ]

    return _request(partial(_rename, topic, new), force, new, find_warnings=find_warnings)


def _rename(topic: str, new: str, card: Card) -> CardOperations:
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations

    topics = _topics_of(card)
    indices = _find_same(topics, topic)
    if not indices:
        return CardOperations([], f"topics: has no {one_line(topic)}")
    duplicates = [index for index in _find(topics, new) if index not in indices]
    if duplicates and duplicates[0] < indices[0]:  # the first of both stays
        return CardOperations(_without(indices), "")
    renamed = Operation((_TOPICS, indices[0]), SetValue(new))
    return CardOperations(
        [renamed, *_without([*indices[1:], *duplicates])], f"topics: {one_line(new)} already"
    )


def _request(
    make_operations: Callable[[Card], CardOperations],
    force: bool,
    *new: str,
    find_warnings: FindWarnings | None = None,
) -> Request:
    """Return the request; ``new`` has the topic that cards get, if any. Raises ``NewscardsError``."""
    from newscards.cards.assignments import require_utf8
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import Request
    from newscards.edits.plan import Planner
    from newscards.query.linters import edit_check

    for topic in new:
        require_utf8(topic, f"the topic `{one_line(topic)}`")
        if not topic or topic != topic.strip():
            problem = f"`{one_line(topic)}` begins or ends with a blank" if topic else "the topic is empty"
            raise NewscardsError(problem, "write the topic exactly as cards should have it")
    check = edit_check(current_workspace().settings_for(()), force=force)
    return Request(make_operations, Planner(check=check, find_warnings=find_warnings))


def _topics_of(card: Card) -> Sequence[str]:
    """Return a card's topics; an item that is not a text becomes an empty text, which equals no topic."""
    topics = card.fields.get(_TOPICS)
    if topics is None:
        return ()
    if not isinstance(topics, list):
        raise EditRefusedError("`topics` is not a list", "correct it by hand")
    return [topic if isinstance(topic, str) else "" for topic in topics]


def _find(topics: Sequence[str], topic: str) -> list[int]:
    """Return the indices of a topic: of exact matches, or else of those that a reader takes for it."""
    return [index for index, each in enumerate(topics) if each == topic] or _find_same(topics, topic)


def _find_same(topics: Sequence[str], topic: str) -> list[int]:
    return [index for index, each in enumerate(topics) if _is_same(each, topic)]


def _is_same(one: str, other: str) -> bool:
    from newscards.cards.names import name_key

    return name_key(one) == name_key(other)


def _without(indices: Sequence[int]) -> list[Operation]:
    """Return operations that remove topics, the last first, so that the other indices stay valid."""
    from newscards.edits.operations import Operation, Remove

    return [Operation((_TOPICS, index), Remove()) for index in sorted(indices, reverse=True)]
