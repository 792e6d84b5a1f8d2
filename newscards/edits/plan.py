"""Plans of edits: a card is read, its operations are chosen, applied and verified, and rules may refuse them.

``edit_card`` plans and writes the edit of one card from Python, through the journal and under the lock.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple, Self

from newscards.cards.assignments import typed_path
from newscards.cards.card import Card, Identity, card_id
from newscards.cards.card import identity as identity_of
from newscards.cards.reader import card_of, parse
from newscards.cards.values import Scalar, field_name, own_column, was_and_now
from newscards.edits.apply import (
    EditedCard,
    apply_at_once,
    apply_operations,
    edit_source,
    read_whole_file,
    unreadable_refusal,
)
from newscards.edits.journal import CardEdit
from newscards.edits.operations import Operation, Remove, SetValue
from newscards.edits.patches import difference, sha256
from newscards.edits.transaction import CardError, editing, write_card_edits
from newscards.errors import EditRefusedError
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import Step
from newscards.parallel import parallel
from newscards.text import path_json, path_text

VERBATIM = (
    "something stands before the opening `---`: the site copies the file as it is, and does not read its"
    " flag; see `newscards validate`"
)
"""The warning for a card that the site copies verbatim, because its file does not begin with the fence."""


class CardOperations(NamedTuple):
    """The operations for one card, and the message where the card needs none (``already``).

    An item of a list is removed after those behind it, so that each path is that in the card as it is.
    ``copied`` has the values that the copies of the card in other cards should have then, by path.
    """

    operations: Sequence[Operation]
    already: str
    copied: Mapping[tuple[Step, ...], Scalar] = {}


MakeOperations = Callable[[Card], CardOperations]
"""A function that returns the operations for a card; raises ``EditRefusedError``."""


class CardWarning(str):
    """A warning about the edit of a card.

    ``cause`` is the text without what differs from card to card, by which many warnings are one message, and
    ``detail`` is what that message then says of each card: what differs.
    """

    cause: str
    detail: str

    def __new__(cls, text: str, cause: str = "", detail: str = "") -> Self:
        """Return a warning; without a ``cause`` the text is the same for all cards."""
        warning = super().__new__(cls, text)
        warning.cause, warning.detail = cause or text, detail
        return warning

    @classmethod
    def joined(cls, warnings: Iterable[str]) -> Self:
        """Return the warnings about a card as one."""
        parts = [*warnings]
        return cls("; ".join(parts), "; ".join(cls.of(part).cause for part in parts))

    @classmethod
    def of(cls, warning: str) -> Self:
        """Return a warning as it is, or a text as the same warning for all cards."""
        return warning if isinstance(warning, cls) else cls(warning)


FindWarnings = Callable[[Card, bytes, bytes], Sequence[str]]
"""A function that returns warnings about the edit of a card, given the card, its bytes, and the new ones."""


CheckEdit = Callable[[str, bytes, bytes, Set[str]], Sequence[str]]
"""A function that returns the warnings of rules about an edit, or raises ``EditRefusedError``.

Its arguments are the path of a card, its bytes before and after, and the names of the values that are set.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A verified edit of one card, not yet written.

    ``identity`` is the identity of the card before the edit, by which entries of ``related`` name it.
    ``report`` describes the change as JSON values. ``card_edit`` is ``None`` where nothing changes.
    ``copied`` is as in ``CardOperations``.
    """

    path: str
    identity: Identity
    report: Mapping[str, Any]
    card_edit: CardEdit | None
    copied: Mapping[tuple[Step, ...], Scalar] = field(default_factory=dict)


@dataclass(slots=True)
class Planner:
    """A planner of edits, each on its own.

    ``check`` warns of edits by the rules, or refuses them. ``find_warnings`` warns of them for other reasons;
    with ``strict`` such a warning refuses the edit.
    """

    limits: Limits = LIMITS
    check: CheckEdit | None = None
    find_warnings: FindWarnings | None = None
    strict: bool = False

    def plan_all(
        self, paths: Sequence[str], make_operations: MakeOperations
    ) -> Iterator[Plan | EditRefusedError | OSError]:
        """Yield the plan of each card, or its error; many are planned in several processes."""

        def attempt(path: str) -> Plan | EditRefusedError | OSError:
            try:
                return self.plan(path, make_operations)
            except (EditRefusedError, OSError) as error:
                return error

        return parallel(partial(map, attempt), paths)

    def plan(self, path: str, make_operations: MakeOperations) -> Plan:
        """Plan the operations for the card at ``path``; raises ``EditRefusedError`` and ``OSError``."""
        old = read_whole_file(path)
        try:
            front = find_fences(old, self.limits)
            card = card_of(path, front)
        except UnreadableError as error:
            raise unreadable_refusal(old, error) from None
        operations, already, copied = make_operations(card)
        edited = _edited(front, card, operations)
        after = replace(card, fields=edited.values)
        if card.irregular:  # then values may be reported by their source text
            after = card_of(path, find_fences(edited.new, self.limits))
        names = dict.fromkeys(map(_name, operations))
        changes = [change for name in names if (change := _change(name, card, after))]
        warnings: list[str] = [VERBATIM] if front.before else []
        if self.find_warnings and edited.patches:
            warnings += self.find_warnings(card, old, edited.new)
        report: dict[str, Any] = {"path": path_json(path), "id": path_json(card.id), "already": already}
        report |= {"changes": changes, "warnings": warnings}
        if not edited.patches:
            return Plan(path, card.identity, report, None, copied)
        if warnings and self.strict:
            warning = CardWarning.joined(warnings)
            option = "leave out --strict to do it all the same"
            raise EditRefusedError(warning, "", warning.cause, option=option)
        if self.check:
            warnings += self.check(path, old, edited.new, set(names))
        card_edit = CardEdit(
            os.path.realpath(path, strict=True), sha256(old), sha256(edited.new), edited.patches, report
        )
        return Plan(path, card.identity, report, card_edit, copied)


@dataclass(slots=True)
class Rewriter(Planner):
    """A planner that gives the file at ``path`` other bytes as a whole, whatever they are.

    ``old`` and ``new`` are its bytes; ``details`` are what its report has of the change (``changes``,
    ``summary``), and ``rule_warnings`` what ``check`` says of it. Other cards, which hold copies of this one,
    are planned as usual.
    """

    path: str = ""
    old: bytes = b""
    new: bytes = b""
    details: Mapping[str, Any] = field(default_factory=dict)
    rule_warnings: Sequence[str] = ()

    def plan(self, path: str, make_operations: MakeOperations) -> Plan:
        """Plan the edit of a card, as ``Planner.plan`` does."""
        if path != self.path:
            return Planner.plan(self, path, make_operations)
        if self.new != self.old and read_whole_file(path) != self.old:
            raise EditRefusedError("it was changed by something else meanwhile", "edit it again")
        before, after = parse(path, self.old, self.limits), parse(path, self.new, self.limits)
        warnings: list[str] = [VERBATIM] if isinstance(after, Card) and after.before_fence else []
        if self.find_warnings and isinstance(before, Card):
            warnings += self.find_warnings(before, self.old, self.new)
        warnings += self.rule_warnings
        report = {
            "path": path_json(path), "id": path_json(card_id(path)), "already": "not changed",
            "changes": [], "warnings": warnings, **self.details,
        }  # fmt: skip
        identity = before.identity if isinstance(before, Card) else identity_of({})
        copied = make_operations(before).copied if isinstance(before, Card) else {}
        patches = difference(self.old, self.new)
        card_edit = CardEdit(os.path.realpath(path), sha256(self.old), sha256(self.new), patches, report)
        return Plan(path, identity, report, card_edit if patches else None, copied)


def _edited(front: FrontMatter, card: Card, operations: Sequence[Operation]) -> EditedCard:
    """Apply operations; many are applied at once, because the card is read again after each alone."""
    if len(operations) > _MAX_ONE_BY_ONE and all(
        isinstance(each.change, SetValue | Remove) for each in operations
    ):
        try:
            return apply_at_once(front, card.fields, operations)
        except EditRefusedError:
            if len(operations) * len(front.source) > _MAX_BYTES_READ:
                raise
    return apply_operations(front, card.fields, operations)


_MAX_ONE_BY_ONE, _MAX_BYTES_READ = 16, 16 << 20
"""The number of operations that are applied one by one, and the bytes that more may read if they must be."""


def _name(operation: Operation) -> str:
    """Return the name of the changed value for reports; for an item of ``topics`` it is ``topics``."""
    path = operation.path
    if path and isinstance(path[-1], int) and path[0] == "topics":
        path = path[:-1]
    return field_name(path)


def _change(name: str, before: Card, after: Card) -> dict[str, Any] | None:
    """Return the change of a value as JSON values; ``None`` where it stays."""
    was, now = own_column(before, name), own_column(after, name)
    if type(was) is type(now) and was == now:
        return None
    return {"field": name} | was_and_now(was, now)


def edit_card(
    path: str, values: Mapping[str, Scalar], expected: Card | None = None, limits: Limits = LIMITS
) -> EditedCard:
    """Set fields, by their dotted names, of the card in the file at ``path``; return the edited card.

    This is one edit in the journal. It is refused where the file's card differs from ``expected``. Raises
    ``EditRefusedError``, ``NewscardsError`` for an unknown field or a value of a wrong type, and ``OSError``;
    each leaves the file as it was.
    """
    operations = [Operation(typed_path(name, value), SetValue(value)) for name, value in values.items()]
    with editing(_ignore, _ignore) as journal:
        old = read_whole_file(path)
        edited = edit_source(old, operations, limits)
        if expected is not None and parse(path, old, limits) != expected:
            raise EditRefusedError(f"{path_text(path)} was changed since it was read", "read it again")
        if edited.is_changed:
            report = {"path": path_json(path), "id": path_json(card_id(path)), "summary": "edited"}
            card_edit = CardEdit(
                os.path.realpath(path), sha256(old), sha256(edited.new), edited.patches, report
            )
            errors: list[CardError | None] = []
            write_card_edits(journal, "Corpus.edit", [card_edit], lambda _, error: errors.append(error))
            if errors[0]:
                raise errors[0]
    return edited


def _ignore(message: str) -> None:
    """Ignore a notice: a caller from Python gets exceptions only."""
