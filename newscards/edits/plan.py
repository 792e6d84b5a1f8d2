"""Plan the edit of one card: read it, ask for changes, make and verify them, and let rules refuse them.

``edit_card`` plans and writes one from Python, typed, verified, in the journal and under the lock.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from newscards.cards.assignments import typed_path
from newscards.cards.card import Card, Identity, card_id
from newscards.cards.reader import card_of, parse
from newscards.cards.values import Scalar, column, field_name, was_and_now
from newscards.edits.apply import (
    EditedCard,
    apply_operations,
    edit_source,
    read_whole_file,
    unreadable_refusal,
)
from newscards.edits.journal import CardEdit
from newscards.edits.operations import Operation, SetValue
from newscards.edits.patches import sha256
from newscards.edits.transaction import CardError, editing, write_card_edits
from newscards.errors import EditRefusedError
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.parallel import parallel
from newscards.text import path_json, path_text

VERBATIM = (
    "something stands before the opening `---`: the site copies the file as it is, and does not read its"
    " flag; see `newscards validate`"
)
"""What is told of a card that the site does not take for one."""


class CardOperations(NamedTuple):
    """What an edit asks of a card, and how to say that the card is so already."""

    operations: Sequence[Operation]
    already: str


MakeOperations = Callable[[Card], CardOperations]
"""What makes of a card what is asked of it; raises ``EditRefusedError``."""

FindWarnings = Callable[[Card, bytes], Sequence[str]]
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
    report: Mapping[str, Any]
    card_edit: CardEdit | None


@dataclass(slots=True)
class Planner:
    """Plans edits, each by itself.

    ``refuse`` holds them against the rules; ``find_warnings`` warns; with ``strict`` what there is to warn of is
    refused, too.
    """

    limits: Limits = LIMITS
    refuse: Refuse | None = None
    find_warnings: FindWarnings | None = None
    strict: bool = False

    def plan_all(
        self, paths: Sequence[str], make_operations: MakeOperations
    ) -> Iterator[Plan | EditRefusedError | OSError]:
        """Plan what ``make_operations`` asks of each card, or yield why it cannot be done; of many on all processors."""

        def attempt(path: str) -> Plan | EditRefusedError | OSError:
            try:
                return self.plan(path, make_operations)
            except (EditRefusedError, OSError) as error:
                return error

        return parallel(partial(map, attempt), paths)

    def plan(self, path: str, make_operations: MakeOperations) -> Plan:
        """Plan what ``make_operations`` asks of the card at ``path``; raises ``EditRefusedError`` and ``OSError``."""
        old = read_whole_file(path)
        try:
            front = find_fences(old, self.limits)
            card = card_of(path, front)
        except UnreadableError as error:
            raise unreadable_refusal(old, error) from None
        operations, already = make_operations(card)
        made = apply_operations(front, card.fields, operations)
        after = replace(card, fields=made.values)
        if card.irregular:  # then its values may be told by their source text
            after = card_of(path, find_fences(made.new, self.limits))
        names = dict.fromkeys(map(_name, operations))
        changes = [change for name in names if (change := _change(name, card, after))]
        warnings = [VERBATIM] if front.before else []
        if self.find_warnings and made.patches:
            warnings += self.find_warnings(card, made.new)
        report: dict[str, Any] = {"path": path_json(path), "id": path_json(card.id), "already": already}
        report |= {"changes": changes, "warnings": warnings}
        if not made.patches:
            return Plan(path, card.identity, report, None)
        if warnings and self.strict:
            raise EditRefusedError("; ".join(warnings), "leave out --strict to do it all the same")
        if self.refuse:
            self.refuse(path, old, made.new, set(names))
        card_edit = CardEdit(
            os.path.realpath(path, strict=True), sha256(old), sha256(made.new), made.patches, report
        )
        return Plan(path, card.identity, report, card_edit)


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
    return {"field": name} | was_and_now(was, now)


def edit_card(
    path: str, values: Mapping[str, Scalar], expected: Card | None = None, limits: Limits = LIMITS
) -> EditedCard:
    """Set fields, by their dotted names, of the card in the file at ``path``; return what was changed.

    It is one edit in the journal. Where the file holds another card than ``expected`` it is refused. Raises
    ``EditRefusedError``, ``NewscardsError`` for a field that there is not or a value of another type, and
    ``OSError``, each with the file as it was.
    """
    operations = [Operation(typed_path(name, value), SetValue(value)) for name, value in values.items()]
    with editing(_ignore, _ignore) as journal:
        old = read_whole_file(path)
        edit = edit_source(old, operations, limits)
        if expected is not None and parse(path, old, limits) != expected:
            raise EditRefusedError(f"{path_text(path)} was changed since it was read", "read it again")
        if edit.is_changed:
            report = {"path": path_json(path), "id": path_json(card_id(path)), "summary": "edited"}
            card_edit = CardEdit(os.path.realpath(path), sha256(old), sha256(edit.new), edit.patches, report)
            errors: list[CardError | None] = []
            write_card_edits(journal, "Corpus.edit", [card_edit], lambda _, error: errors.append(error))
            if errors[0]:
                raise errors[0]
    return edit


def _ignore(message: str) -> None:
    """Take what is told to people; a program is told by exceptions alone."""
