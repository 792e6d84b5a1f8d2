"""The rules of a run, sorted once by what they check; equal values are checked once."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import Field
from newscards.frontmatter.fences import FrontMatter
from newscards.frontmatter.nodes import Step
from newscards.jekyll.site import View
from newscards.lint.conditions import Lack
from newscards.lint.findings import MAX_FINDINGS
from newscards.lint.rule import CheckValue, FoundProblem, Problem, Rule

_Check = tuple[Rule, Callable[[View], Iterable[Problem]] | None, Callable[[Any], Iterable[Problem]] | None]
"""A rule with its check of the site's view of a card, or else its check of the card (or ``Unreadable``)."""

MAX_REMEMBERED_VALUES = 8192
"""The number of values of a field that are remembered; then all are forgotten."""


class ProblemsOfValue(tuple[FoundProblem, ...]):
    """The problems of a value, and what is asked about them for each of its many equals."""

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of their rules."""
        return frozenset(rule.code for rule, _, _ in self)

    @cached_property
    def explain_others(self) -> bool:
        """Whether one of them explains others."""
        return any(problem.explains for _, problem, _ in self)


_NONE = ProblemsOfValue()

ProblemsOfEntries: TypeAlias = list[tuple[int, ProblemsOfValue]]
"""The index of each entry of ``related`` that has problems, and these, with paths from the entry on."""


class CardProblems(NamedTuple):
    """The problems of a card, and apart from these those of the entries of its ``related``."""

    own: list[FoundProblem]
    of_entries: ProblemsOfEntries

    def without(self, rules: Container[Rule]) -> CardProblems:
        """Return the problems that other rules found."""
        own = [each for each in self.own if each[0] not in rules]
        of_entries = [
            (index, ProblemsOfValue(each for each in problems if each[0] not in rules))
            for index, problems in self.of_entries
        ]
        return CardProblems(own, [(index, problems) for index, problems in of_entries if problems])

    def all(self) -> list[FoundProblem]:
        """Return all problems, with paths from the card on."""
        return self.own + [
            (rule, problem, ("related", index, *path))
            for index, problems in self.of_entries
            for rule, problem, path in problems
        ]


NO_PROBLEMS = CardProblems([], [])
"""The problems of a sound card; do not change them."""


class Checks:
    """The checks of one card by itself, sorted by kind; ``root`` is the field that a card must match."""

    def __init__(self, rules: Iterable[Rule], root: Field) -> None:
        rules = list(rules)
        self.of_corpus = [(rule, rule.corpus) for rule in rules if rule.corpus]
        self.own = [rule for rule in rules if rule.declared]
        self.of_strays = [(rule, rule.stray) for rule in rules if rule.stray]
        self._of_cards: list[_Check] = [
            (rule, rule.view, rule.card) for rule in rules if rule.view or rule.card
        ]
        self._of_irregular = [(rule, rule.irregular) for rule in rules if rule.irregular]
        self._of_unreadable: list[_Check] = [
            (rule, rule.view, rule.unreadable) for rule in rules if rule.view or rule.unreadable
        ]
        self.of_lacks = [(rule, rule.lack) for rule in rules if rule.lack]
        self._of_causes = [(rule, rule.cause) for rule in rules if rule.cause]
        self._symptoms = tuple({code for rule in rules for code in rule.symptoms})
        self._of_values = ValueChecks(root, rules)

    def check(
        self,
        record: Card | Unreadable,
        site_view: View | None,
        front: FrontMatter | None = None,
        lacks: Iterable[Lack] = (),
    ) -> CardProblems:
        """Return the problems of a card, including those of the site's view of it, if that is given.

        Of one cause, that is the cause alone, if the card's front matter is given, too. ``lacks`` are the
        fields that it lacks though their conditions are true.
        """
        found: list[FoundProblem] = []
        of_entries: ProblemsOfEntries = []
        checks = self._of_unreadable if isinstance(record, Unreadable) else self._of_cards
        for rule, of_view, of_record in checks:
            if of_view and site_view:
                problems = of_view(site_view)
            elif of_record:
                problems = of_record(record)
            else:
                continue
            if problems:
                found += [(rule, problem, problem.path) for problem in problems]
        if isinstance(record, Card):
            of_text: list[FoundProblem] = []
            if text := record.irregular:
                for rule, of_irregular in self._of_irregular:
                    of_text += [(rule, problem, problem.path) for problem in of_irregular(record, text)]
            of_values = self._of_values.check_uncached(record.fields, of_entries)
            if of_text:
                of_text, of_entries = _apart(of_text, of_entries)
            found += [*of_text, *of_values]
        for lack in lacks:
            found += [
                (rule, problem, problem.path) for rule, check in self.of_lacks for problem in check(lack)
            ]
        if not found and not of_entries:  # as in nearly all cards
            return NO_PROBLEMS
        if isinstance(record, Card) and front and (symptoms := self._symptoms_among(found, of_entries)):
            causes = [(rule, check(record, front, symptoms)) for rule, check in self._of_causes]
            found += [(rule, problem, problem.path) for rule, of_rule in causes for problem in of_rule]
        return _without_explained(CardProblems(found, of_entries))

    def _symptoms_among(self, own: list[FoundProblem], of_entries: ProblemsOfEntries) -> list[FoundProblem]:
        """Return the problems that may have a cause; few entries have one, so few paths are made for them."""
        symptoms = self._symptoms
        different = {problems.codes for _, problems in of_entries}
        is_in_entries = any(code.startswith(symptoms) for codes in different for code in codes)
        every = CardProblems(own, of_entries).all() if is_in_entries else own
        return [each for each in every if each[0].code.startswith(symptoms)]


def _apart(
    found: list[FoundProblem], of_entries: ProblemsOfEntries
) -> tuple[list[FoundProblem], ProblemsOfEntries]:
    """Return the problems in a card's text without those in entries of ``related``, and those of entries.

    A rule that checks the text of a card finds both; ``of_entries`` are the problems that others found.
    """
    own: list[FoundProblem] = []
    by_index: dict[int, list[FoundProblem]] = {}
    for each in found:
        rule, problem, path = each
        entry, inside = path[:2], path[2:]
        if not inside or path[0] != "related" or any(to[:2] != entry for _, to in problem.explains):
            own.append(each)
            continue
        explains = tuple((code, to[2:]) for code, to in problem.explains)
        problem = problem._replace(path=inside, explains=explains)
        by_index.setdefault(path[1], []).append((rule, problem, inside))
    if not by_index:
        return found, of_entries
    for index, problems in of_entries:
        by_index[index] = [*by_index.get(index, ()), *problems]
    return own, [(index, ProblemsOfValue(by_index[index])) for index in sorted(by_index)]


def _without_explained(problems: CardProblems) -> CardProblems:
    """Return the problems that no other one explains."""
    explained: dict[tuple[Step, ...], set[str]] = {}

    def note(problem: Problem, path: tuple[Step, ...]) -> None:
        for code, inner in problem.explains:
            # A problem's path begins at what was checked, and so does that of what it explains.
            whole = (*path[: len(path) - len(problem.path)], *inner)
            explained.setdefault(whole, set()).add(code)

    for _, problem, path in problems.own:
        if problem.explains:
            note(problem, path)
    for index, of_entry in problems.of_entries:
        for _, problem, path in of_entry if of_entry.explain_others else ():
            note(problem, ("related", index, *path))
    if not explained:
        return problems

    def is_left(problem: FoundProblem, *before: Step) -> bool:
        rule, _, path = problem
        if any(rule.code.startswith(code) and inner == path for code, inner in problem[1].explains):
            return True  # it explains what the same rule found at the same place
        return not rule.code.startswith(tuple(explained.get((*before, *path), ())))

    of_entries: ProblemsOfEntries = []
    for index, of_entry in problems.of_entries:
        if left := [each for each in of_entry if is_left(each, "related", index)]:
            of_entries.append((index, ProblemsOfValue(left) if len(left) < len(of_entry) else of_entry))
    return CardProblems([each for each in problems.own if is_left(each)], of_entries)


class ValueChecks:
    """The rules that check values, for one field and the fields within it.

    Their result depends on the field and the value alone, not on the card around it, so a value is checked
    once. That pays: equal entries of ``related`` are one object in memory (``blocks``), and a corpus has
    forty times more entries than different ones. ``shared`` holds the checks made so far, by field, because
    a card and an entry have fields in common.

    It remembers what it found in values. Each of these saves calls of rules:

    ``_fine_types``: types of values without a problem; saves the rules that look at the type alone
    (``Rule.by_type``).
    ``_problems_by_keys``: keys of a mapping, with their problems; saves the rules that look at the keys alone
    (``by_keys``).
    ``_is_usual``: not a memory, but a quick test of a text, if all rules of the field share one.
    ``_known``: mappings by ``id``, with their problems; saves all rules of the mapping and its fields.
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
        self._problems_by_keys: dict[tuple[Any, ...], list[FoundProblem]] = {}
        usual = {rule.usual for rule, _ in applying if not rule.by_type}
        self._is_usual = usual.pop() if len(usual) == 1 else None
        self._fields = {inner.name: checks_of(inner) for inner in field.fields}
        self._item = checks_of(field.item) if field.item else None
        self._has_only_a_type = not (self._checks or self._fields or self._item)
        # The mapping is stored too: as long as it is, no other object can have its id.
        self._known: dict[int, tuple[Mapping[Any, Any], ProblemsOfValue]] = {}

    def check(self, value: Any) -> ProblemsOfValue:
        """Return the problems of a value and of all values within it."""
        if not isinstance(value, dict):
            found = self.check_uncached(value)
            return ProblemsOfValue(found) if found else _NONE
        known = self._known.get(id(value))
        if known is None or known[0] is not value:
            if len(self._known) >= MAX_REMEMBERED_VALUES:
                self._known.clear()
            found = self.check_uncached(value)
            known = self._known[id(value)] = value, ProblemsOfValue(found) if found else _NONE
        return known[1]

    def check_uncached(
        self, value: Any, of_entries: ProblemsOfEntries | None = None
    ) -> Sequence[FoundProblem]:
        """Return what ``check`` returns, without remembering the value itself, such as a card's fields.

        The problems of the entries of ``related`` are added to ``of_entries`` instead, if that is given.
        Values within the value are remembered. The loop over the fields repeats the tests of ``check``
        inline: that saves most calls, because nearly all values are fine.
        """
        found: list[FoundProblem] = []
        if type(value) not in self._fine_types:
            found += self._problems(self._checks_by_type, value)
            if not found:
                self._fine_types.add(type(value))
        for rule, check in self._checks:
            if problems := check(self._field, value):
                found += [(rule, problem, problem.path) for problem in problems]
        if isinstance(value, dict):
            kind = value.get("type")
            keys = (*value, kind if type(kind) is str else None)
            of_keys = self._problems_by_keys.get(keys)
            if of_keys is None:
                of_keys = self._problems(self._checks_by_keys, value)
                if len(self._problems_by_keys) >= MAX_REMEMBERED_VALUES:
                    self._problems_by_keys.clear()
                if len(of_keys) <= MAX_FINDINGS:
                    self._problems_by_keys[keys] = of_keys
            found += of_keys
            fields = self._fields
            for name, inner in value.items():
                checks = fields.get(name)
                if checks is None:
                    continue
                kind = type(inner)
                if kind in checks._fine_types:
                    if checks._has_only_a_type:
                        continue
                    if kind is str and checks._is_usual and checks._is_usual(inner):
                        continue
                if of_entries is not None and name == "related":
                    below = checks.check_uncached(inner, of_entries)
                else:
                    below = checks.check(inner)
                if below:
                    found += [(rule, problem, (name, *path)) for rule, problem, path in below]
        elif isinstance(value, list) and self._item:
            item_checks, is_usual = self._item, self._item._is_usual
            for index, item in enumerate(value):
                if is_usual and type(item) is str and str in item_checks._fine_types and is_usual(item):
                    continue
                if not (below := item_checks.check(item)):
                    continue
                if of_entries is None:
                    found += [(rule, problem, (index, *path)) for rule, problem, path in below]
                else:
                    of_entries.append((index, below))
        return found

    def _problems(self, checks: Iterable[tuple[Rule, CheckValue]], value: Any) -> list[FoundProblem]:
        return [
            (rule, problem, problem.path) for rule, check in checks for problem in check(self._field, value)
        ]
