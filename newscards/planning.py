"""Plan the edit of one card: read it, ask for changes, make and verify them, hold them against the rules."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.card import Card, Identity
from newscards.changes import Operation
from newscards.edit import edited, read_whole_file
from newscards.entries import Record
from newscards.errors import EditRefusedError
from newscards.fences import UnreadableError, find_fences
from newscards.harmless import path_json
from newscards.limits import LIMITS, Limits
from newscards.parallel import parallel
from newscards.patches import digest
from newscards.reading import card_of
from newscards.source import position
from newscards.values import MISSING, column, field_name

if TYPE_CHECKING:  # an edit that no rule is to judge does without
    from newscards.findings import Finding
    from newscards.lint import Linter

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

    ``linter``, of rules that tell errors alone, holds them against the rules: one that would create an error,
    or make a value wrong, is refused, unless it is to be done by ``force``. ``judge`` warns; with
    ``strict`` what there is to warn of is refused.
    """

    limits: Limits = LIMITS
    linter: Linter | None = None
    judge: Judge | None = None
    force: bool = False
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
        if self.linter and not self.force:
            _refuse_errors(self.linter, path, old, made.new, set(names))
        record = Record(
            os.path.realpath(path, strict=True), digest(old), digest(made.new), made.patches, told
        )
        return Plan(path, card.identity, told, record)


@lru_cache(maxsize=64)
def _real_folder(folder: str) -> str:
    """Return the real path of an absolute one; of thousands of cards in a folder, looked up once."""
    return os.path.realpath(folder, strict=True)


def errors_in(linter: Linter, path: str, source: bytes) -> list[Finding]:
    """Return what a linter of errors tells of a card by itself whose file holds ``source``, and forgets."""
    linter.overlay[path] = source
    linter.check(path)
    findings = linter.report().findings
    linter.forget(path)
    return findings


def _refuse_errors(linter: Linter, path: str, old: bytes, new: bytes, names: set[str]) -> None:
    """Raise ``EditRefusedError`` where an edit would create an error, or one is in what it sets."""
    found = errors_in(linter, path, new)
    if not found:
        return
    known = Counter(finding.rule.code for finding in errors_in(linter, path, old))
    counts = Counter(finding.rule.code for finding in found)
    for finding in found:
        if counts[finding.rule.code] > known[finding.rule.code] or finding.field in names:
            reason = f"it would be an error: {finding.rule.code} {finding.message}"
            raise EditRefusedError(
                reason, f"{finding.help}{_after(finding.help)}--force does it all the same"
            )


def _after(hint: str) -> str:
    return "" if not hint else " " if hint.endswith(("?", ".")) else "; "


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
