"""Plan the edit of one card: read it, ask for changes, make and verify them, hold them against the rules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from newscards.cards.card import Card, Identity
from newscards.cards.reader import card_of
from newscards.cards.values import MISSING, column, field_name
from newscards.edits.apply import edited, read_whole_file
from newscards.edits.entries import Record
from newscards.edits.operations import Operation
from newscards.edits.patches import digest
from newscards.errors import EditRefusedError
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.positions import position
from newscards.parallel import parallel
from newscards.text import path_json

VERBATIM = (
    "something stands before the opening `---`: the site copies the file as it is, and does not read its"
    " flag; see `newscards validate`"
)
"""What is told of a card that the site does not take for one."""


class Asked(NamedTuple):
    """What an edit asks of a card, and how to say that the card is so already."""

    operations: Sequence[Operation]
    already: str


Ask = Callable[[Card], Asked]
"""What makes of a card what is asked of it; raises ``EditRefusedError``."""

Judge = Callable[[Card, bytes], Sequence[str]]
"""What says of a card, and the bytes that it would have, what a person would want to know first."""


Refuse = Callable[[str, bytes, bytes, Set[str]], None]
"""Raises ``EditRefusedError`` where an edit must not be made.

It is given the path of a card, its bytes before and after, and the names of the values that are set.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """An edit of one card that was verified, and not yet written.

    ``record`` is what the journal keeps of it, ``None`` where the card is so already; ``told`` its report as
    JSON values; ``identity`` what names the card, as it is before, in the ``related`` of others.
    """

    path: str
    identity: Identity
    told: Mapping[str, Any]
    record: Record | None


@dataclass(slots=True)
class Planner:
    """Plans edits, each by itself.

    ``refuse`` holds them against the rules; ``judge`` warns; with ``strict`` what there is to warn of is
    refused, too.
    """

    limits: Limits = LIMITS
    refuse: Refuse | None = None
    judge: Judge | None = None
    strict: bool = False

    def plans(self, paths: Sequence[str], ask: Ask) -> Iterator[Plan | EditRefusedError | OSError]:
        """Plan what ``ask`` asks of each card, or yield why it cannot be done; of many on all processors."""

        def attempt(path: str) -> Plan | EditRefusedError | OSError:
            try:
                return self.plan(path, ask)
            except (EditRefusedError, OSError) as error:
                return error

        return parallel(partial(map, attempt), paths)

    def plan(self, path: str, ask: Ask) -> Plan:
        """Plan what ``ask`` asks of the card at ``path``; raises ``EditRefusedError`` and ``OSError``."""
        old = read_whole_file(path)
        try:
            front = find_fences(old, self.limits)
            card = card_of(path, front)
        except UnreadableError as error:
            line, column_ = position(old, error.offset)
            raise EditRefusedError(
                f"cannot be read: {error.reason} (line {line}, column {column_})"
            ) from None
        operations, already = ask(card)
        made = edited(front, card.fields, operations)
        after = replace(card, fields=made.values)
        if card.irregular:  # then its values may be told by their source text
            after = card_of(path, find_fences(made.new, self.limits))
        names = dict.fromkeys(map(_name, operations))
        changes = [change for name in names if (change := _change(name, card, after))]
        warnings = [VERBATIM] if front.before else []
        if self.judge and made.patches:
            warnings += self.judge(card, made.new)
        told: dict[str, Any] = {"path": path_json(path), "id": path_json(card.id), "already": already}
        told |= {"changes": changes, "warnings": warnings}
        if not made.patches:
            return Plan(path, card.identity, told, None)
        if warnings and self.strict:
            raise EditRefusedError("; ".join(warnings), "leave out --strict to do it all the same")
        if self.refuse:
            self.refuse(path, old, made.new, set(names))
        record = Record(
            os.path.realpath(path, strict=True), digest(old), digest(made.new), made.patches, told
        )
        return Plan(path, card.identity, told, record)


def _name(operation: Operation) -> str:
    """Return the name of the value that people are told about: of an item of a list, the list's."""
    path = operation.path
    if path and isinstance(path[-1], int) and path[0] == "topics":
        path = path[:-1]
    return field_name(path)


def _change(name: str, before: Card, after: Card) -> dict[str, Any] | None:
    """Return what becomes of a value, as JSON has it; ``None`` where it stays."""
    was, now = column(before, name), column(after, name)
    if type(was) is type(now) and was == now:
        return None
    values = (("was", was), ("now", now))
    return {"field": name} | {word: value for word, value in values if value is not MISSING}
