"""The rules of a run, sorted by what they look at once, and not for each card."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import Field
from newscards.frontmatter.nodes import Step
from newscards.jekyll.site import View
from newscards.lint.rule import CheckValue, Problem, Rule

FoundProblem = tuple[Rule, Problem, tuple[Step, ...]]
"""A rule, what it says, and the path to what it says it of."""

_Check = tuple[Rule, Callable[[View], Iterable[Problem]] | None, Callable[[Any], Iterable[Problem]] | None]
"""A rule with what it says of a card as the site sees it, or else of the card, as it was read or was not."""

MOST_REMEMBERED = 8192
_LONGEST = 1000
"""How many values of a field are remembered, and how long a text may be for that."""


class Checks:
    """Rules, and what they say of a card by itself; ``root`` is what a card must be."""

    def __init__(self, rules: Iterable[Rule], root: Field) -> None:
        rules = list(rules)
        self.of_corpus = [(rule, rule.corpus) for rule in rules if rule.corpus]
        self._of_irregular: list[_Check] = [
            (rule, rule.view, rule.card) for rule in rules if rule.view or rule.card
        ]
        self._of_cards = [check for check in self._of_irregular if not check[0].irregular]
        self._of_unreadable: list[_Check] = [
            (rule, rule.view, rule.unreadable) for rule in rules if rule.view or rule.unreadable
        ]
        self._of_values = ValueChecks(root, rules)

    def check(self, record: Card | Unreadable, seen: View | None) -> list[FoundProblem]:
        """Return what the rules say of a card, and of what the site makes of it where that is known."""
        found: list[FoundProblem] = []
        if isinstance(record, Unreadable):
            checks = self._of_unreadable
        else:
            checks = self._of_irregular if record.irregular else self._of_cards
        for rule, of_view, of_record in checks:
            if of_view and seen:
                problems = of_view(seen)
            elif of_record:
                problems = of_record(record)
            else:
                continue
            if problems:
                found += [(rule, problem, problem.path) for problem in problems]
        if isinstance(record, Card):
            found += self._of_values.check_anew(record.fields)
        return found


class ValueChecks:
    """The rules that apply to the values of a field, and to the fields in it.

    What they say depends on the field and the value alone, and not on the card that they stand in. So each
    value is checked once: equal entries of ``related`` are one object wherever they stand (``blocks``), and
    a corpus has forty times more of them than different ones. ``shared`` has those that were made already,
    by field: a card and an entry have fields in common.
    """

    def __init__(
        self, field: Field, rules: Iterable[Rule], shared: dict[Field, ValueChecks] | None = None
    ) -> None:
        rules, shared = list(rules), {} if shared is None else shared

        def checks_of(inner: Field) -> ValueChecks:
            if inner not in shared:
                shared[inner] = ValueChecks(inner, rules, shared)
            return shared[inner]

        self._field = field
        applying = [(rule, rule.value) for rule in rules if rule.value and rule.applies(field)]
        self._checks = [(rule, check) for rule, check in applying if not (rule.by_type or rule.by_keys)]
        self._checks_by_type = [(rule, check) for rule, check in applying if rule.by_type]
        self._fine_types: set[type] = set()
        self._checks_by_keys = [(rule, check) for rule, check in applying if rule.by_keys]
        self._fine_keys: set[tuple[Any, ...]] = set()
        usual = {rule.usual for rule, _ in applying if not rule.by_type}
        self._is_usual = usual.pop() if len(usual) == 1 else None
        self._fields = {inner.name: checks_of(inner) for inner in field.fields}
        self._item = checks_of(field.item) if field.item else None
        # Of these types, that no value of another is equal to: 1 is not true.
        self._fine: dict[type, set[Any]] = {kind: set() for kind in (str, int, bool, datetime)}
        self._has_only_a_type = not (self._checks or self._fields or self._item)
        self._known: dict[int, tuple[Mapping[Any, Any], Sequence[FoundProblem]]] = {}
        self._fine_ids: set[int] = set()

    def check(self, value: Any) -> Sequence[FoundProblem]:
        """Return what the rules say of a value and of what stands in it."""
        if (fine := self._fine.get(type(value))) is not None:
            if value in fine:
                return ()
            found = self.check_anew(value)
            if not found and (type(value) is not str or len(value) <= _LONGEST):
                if len(fine) >= MOST_REMEMBERED:
                    fine.clear()
                fine.add(value)
            return found
        if not isinstance(value, dict):
            return self.check_anew(value)
        known = self._known.get(id(value))
        if known is None or known[0] is not value:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
                self._fine_ids.clear()
            known = self._known[id(value)] = value, self.check_anew(value)
            if not known[1]:
                self._fine_ids.add(id(value))
        return known[1]

    def check_anew(self, value: Any) -> Sequence[FoundProblem]:
        """Return what ``check`` does, and remember nothing of the value itself: there is but one of it."""
        found: list[FoundProblem] = []
        if type(value) not in self._fine_types:
            found += self._told(self._checks_by_type, value)
            if not found:
                self._fine_types.add(type(value))
        for rule, check in self._checks:
            if problems := check(self._field, value):
                found += [(rule, problem, problem.path) for problem in problems]
        if isinstance(value, dict):
            keys = (*value, value.get("type") == "video")
            if keys not in self._fine_keys:
                told = self._told(self._checks_by_keys, value)
                found += told
                if not told:
                    if len(self._fine_keys) >= MOST_REMEMBERED:
                        self._fine_keys.clear()
                    self._fine_keys.add(keys)
            fields = self._fields
            for name, inner in value.items():
                checks = fields.get(name)
                if checks is None:
                    continue
                kind = type(inner)
                if kind in checks._fine_types:  # asked here, for most values are fine
                    if checks._has_only_a_type:
                        continue
                    if kind is str and checks._is_usual:
                        if checks._is_usual(inner):
                            continue
                    elif (fine := checks._fine.get(kind)) and inner in fine:
                        continue
                if below := checks.check(inner):
                    found += [(rule, problem, (name, *path)) for rule, problem, path in below]
        elif isinstance(value, list) and self._item:
            item_checks = self._item
            if item_checks._fine_ids.issuperset(map(id, value)):  # of mappings that are remembered
                return found
            for index, item in enumerate(value):
                if below := item_checks.check(item):
                    found += [(rule, problem, (index, *path)) for rule, problem, path in below]
        return found

    def _told(self, checks: Iterable[tuple[Rule, CheckValue]], value: Any) -> list[FoundProblem]:
        return [
            (rule, problem, problem.path) for rule, check in checks for problem in check(self._field, value)
        ]
