"""The copies of edited cards, in the ``related`` of other cards: counted, or updated in the same edit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from newscards.cards.values import same
from newscards.commands.shared.corpora import current_workspace
from newscards.corpus.lookup import find_copies
from newscards.edits.operations import Operation, SetValue
from newscards.edits.plan import CardOperations, CardWarning, Plan, Planner
from newscards.output.ui import current
from newscards.text import counted

if TYPE_CHECKING:
    from newscards.cards.card import Card, Identity
    from newscards.cards.values import Scalar
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.corpus.lookup import RelatedCopy
    from newscards.edits.plan import MakeOperations
    from newscards.frontmatter.nodes import Step


FindOrphans = Callable[["CardsToEdit"], Mapping[str, Sequence[Operation]]]
"""A function that returns, by path, the operations on entries of ``related`` whose card is gone."""


def request_with_copies(
    make_operations: MakeOperations,
    planner: Planner,
    *,
    related: bool,
    find_orphans: FindOrphans = lambda cards: {},
) -> Request:
    """Return the request of an edit of values that other cards hold copies of.

    ``make_operations`` says in ``CardOperations.copied`` which these are. With ``related`` the copies are
    updated in the same edit, and so is what ``find_orphans`` finds; else a card gets a warning that says how
    many will differ from it.
    """
    from newscards.commands.shared.editing import Request

    copies = CopyUpdates(make_operations, planner, find_orphans)
    if related:
        return Request(copies.make_operations, planner, copies.prepare, copies.edits_of_other_cards)
    planner.find_warnings = copies.find_stale
    return Request(make_operations, planner, copies.find)


class CopyUpdates:
    """The updates of the copies of several cards that are to be edited, in the corpora around them."""

    def __init__(
        self,
        make_operations: MakeOperations,
        planner: Planner,
        find_orphans: FindOrphans = lambda cards: {},
    ) -> None:
        self._make_own_operations, self._planner = make_operations, planner
        self._find_orphans = find_orphans
        self._orphans: Mapping[str, Sequence[Operation]] = {}
        self._plans: dict[str, Plan] = {}
        """By path, a plan of each card that can be read, which changes nothing, but has its ``copied``."""
        self._copies: dict[Identity, list[RelatedCopy]] = {}
        self._files: dict[str, str] = {}
        """By path, the real path of each card that holds a copy."""
        self._updates: dict[str, list[Operation]] = {}
        """By real path, the operations that update the copies in a file."""
        self._requested: set[str] = set()
        """The real paths of the cards that the command edits."""

    def make_operations(self, card: Card) -> CardOperations:
        """Return the operations that edit a card, and update the copies that the card holds."""
        own = self._make_own_operations(card)
        updates = self._updates.get(os.path.realpath(card.path), ())
        return own._replace(operations=[*own.operations, *updates])

    def find(self, cards: CardsToEdit) -> None:
        """Find the copies of the cards to edit."""
        self._plans = _plans(Planner(cards.limits), cards.paths, self._without_operations)
        identities = {plan.identity for plan in self._plans.values()}
        urls = {url for url, _, _ in identities}
        corpora = current_workspace().corpora_around(cards.paths) if identities else ()
        paths = [path for corpus in corpora for path in corpus.files_mentioning(urls)]
        tracked = current().track(paths, len(paths), "Finding copies")
        self._copies = find_copies(identities, tracked, cards.limits)
        holders = {copy.path for copies in self._copies.values() for copy in copies}
        self._files = {path: os.path.realpath(path) for path in holders}

    def _without_operations(self, card: Card) -> CardOperations:
        return self._make_own_operations(card)._replace(operations=())

    def find_stale(self, card: Card, old: bytes, new: bytes) -> list[str]:
        """Return a warning with the number of copies of a card that would differ from it, if any would."""
        stale = self.count_stale(card.path)
        if not stale:
            return []
        where = "in the `related` of other cards, will be out of date; --related updates them"
        copies = f"{stale:,} copies of it, {where}"
        if stale == 1:
            copies = (
                "1 copy of it, in the `related` of another card, will be out of date; --related updates it"
            )
        return [CardWarning(copies, f"copies of them, {where}", counted(stale, "copy", "copies"))]

    def count_stale(self, path: str) -> int:
        """Return the number of copies of the card at a path that would differ from it."""
        plan = self._plans.get(path)
        return sum(any(_differing(copy, plan.copied)) for copy in self._of(plan)) if plan else 0

    def prepare(self, cards: CardsToEdit) -> None:
        """Find the copies, and make the operations that update them.

        A copy of a card whose own edit is refused stays as it is. That is repeated, because updating the
        copies in a card may be what gets this card refused.
        """
        self.find(cards)
        self._orphans = self._find_orphans(cards)
        self._files |= {path: os.path.realpath(path) for path in self._orphans}
        self._requested = set(map(os.path.realpath, cards.paths))
        accepted = self._plans
        while True:
            self._updates = self._make_updates(accepted.values())
            planned = _plans(self._planner, accepted, self.make_operations)
            if len(planned) == len(accepted):
                return
            accepted = planned

    def edits_of_other_cards(self) -> Iterator[tuple[str, MakeOperations]]:
        """Yield the path of each other card that holds copies, with what updates them."""
        paths = {file: path for path, file in self._files.items()}
        for file, operations in self._updates.items():
            if file not in self._requested:
                yield paths[file], partial(_card_operations, operations)

    def _of(self, plan: Plan) -> Sequence[RelatedCopy]:
        return self._copies.get(plan.identity, ())

    def _make_updates(self, plans: Iterable[Plan]) -> dict[str, list[Operation]]:
        """Return, by real path, the operations that update the copies of the planned cards."""
        updates = {self._files[path]: [*operations] for path, operations in self._orphans.items()}
        for plan in {plan.identity: plan for plan in plans}.values():
            for copy in self._of(plan):
                operations = updates.setdefault(self._files[copy.path], [])
                operations += [
                    Operation(("related", copy.position, *path), SetValue(value))
                    for path, value in _differing(copy, plan.copied)
                ]
        return {file: sorted(operations, key=_index) for file, operations in updates.items() if operations}


def _plans(planner: Planner, paths: Iterable[str], make_operations: MakeOperations) -> dict[str, Plan]:
    """Return, by path, the plans of the cards that can be edited; the run reports the others."""
    listed = list(paths)
    plans = current().track(planner.plan_all(listed, make_operations), len(listed), "Reading cards")
    return {path: plan for path, plan in zip(listed, plans, strict=True) if isinstance(plan, Plan)}


def _differing(
    copy: RelatedCopy, copied: Mapping[tuple[Step, ...], Scalar]
) -> Iterator[tuple[tuple[Step, ...], Scalar]]:
    """Yield the paths and new values of what an entry has with another value."""
    for path, new in copied.items():
        value: Any = copy.entry
        for step in path:
            if not isinstance(value, dict) or step not in value:
                break
            value = value[step]
        else:
            if not same(value, new):
                yield path, new


def _index(operation: Operation) -> int:
    return int(operation.path[1])


def _card_operations(operations: Sequence[Operation], card: Card) -> CardOperations:
    return CardOperations(operations, "")
