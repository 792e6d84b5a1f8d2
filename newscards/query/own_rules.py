"""The rules that the configuration declares: their SQL is compiled and run, and its rows become problems."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from newscards.cards.assignments import field_of
from newscards.cards.card import Card
from newscards.cards.fields import dotted_names, field_at
from newscards.cards.reader import read
from newscards.cards.related import identities_of
from newscards.cards.values import own_name, steps_of
from newscards.clock import ALWAYS, Validity
from newscards.corpus.declared_rules import DeclaredRule
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.settings import Settings
from newscards.errors import DeclarationError, NewscardsError
from newscards.lint.own_rules import OwnProblems
from newscards.lint.rule import FoundProblem, Problem, Rule
from newscards.query.sql.batch import Batch
from newscards.query.sql.data import TableData
from newscards.query.sql.query import TIMEOUT, Query, Where
from newscards.query.sql.sandbox import OutOfTimeError
from newscards.query.sql.tables import Column, cards_table, is_computed, joined_columns
from newscards.query.sql.tokens import SqlError, error_at, has_subquery, tokens
from newscards.query.sql.validity import validity_of
from newscards.query.sqlite import sqlite3
from newscards.text import did_you_mean, nearest_or_all, one_line, path_json, shorten

MAX_ROWS = 300_000
"""The number of rows that a rule may find: each is held in memory."""
_OF_CIRCLE = "a rule cannot ask what rules find"
_REFUSED = {
    **dict.fromkeys(("errors", "warnings", "findings"), _OF_CIRCLE),
    "page": "a rule cannot ask what the site does",
}
"""The columns of ``cards`` and the table that rules cannot read, and why."""
_TIMEOUT_HINT = "ask for less; `newscards query --timeout` tries the SQL with another limit"
_STORY_FIELDS = frozenset({*BRIEF_NAMES, "provider", "originalUrl"})
"""The fields from which stories are made."""


class _Literal(NamedTuple):
    """A part of a message that is the same in all."""

    text: str


class _Placeholder(NamedTuple):
    """A part of a message that is the value of a column, and its offset in the declaration's text."""

    name: str
    start: int


_PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")


def _message_parts(rule: DeclaredRule) -> list[_Literal | _Placeholder]:
    """Return the parts of a rule's message; raises ``DeclarationError`` for a lone brace."""
    if not rule.message:
        return [_Literal(shorten(one_line(f"{rule.name}: {rule.sql.strip()}")))]
    parts: list[_Literal | _Placeholder] = []
    for match in _PARTS.finditer(rule.message):
        if match[1] is not None:
            name = match[1].strip()
            if rule.where:
                name = joined_columns().get(name.casefold(), name)
            parts.append(_Placeholder(name, match.start()))
        elif match[0] in ("{", "}"):
            hint = "a brace in the text is written twice: {{ or }}"
            message = f"this `{match[0]}` belongs to no placeholder"
            raise DeclarationError(message, rule.keys("message"), hint, offset=match.start())
        else:
            parts.append(_Literal(match[0][:1] if match[0] in ("{{", "}}") else match[0]))
    return parts


@dataclass(frozen=True)
class _Compiled:
    """A rule with its query, and the positions of the columns of the result that a problem is made from.

    ``card`` is that of the card's number, or of its path if the rule declares a whole ``query``. ``parts``
    are those of the message, with a position for each placeholder. ``field`` and ``message`` are the
    positions of the columns of these names, ``None`` if there are none. ``steps`` are those of the declared
    field.
    """

    rule: Rule
    declared: DeclaredRule
    query: Query
    parts: Sequence[str | int]
    card: int = 0
    field: int | None = None
    message: int | None = None
    steps: tuple[str | int, ...] = ()
    is_of_single_cards: bool = False
    find_validity: Callable[[], Validity] = lambda: ALWAYS


def _compiled(rule: Rule, declared: DeclaredRule) -> _Compiled:
    """Compile a rule; raises ``DeclarationError``."""
    parts = _message_parts(declared)
    try:
        query = _query_of(declared)
        _refuse_unknown(declared, query)
        if comparison := query.mixed_comparison:
            raise comparison
        names = [each.name for each in cards_table().columns if not _is_refused(each)]
        if declared.query:
            names = query.result_columns()
        known = _positions([*names, *(query.unknown_names if declared.where else ())])
        used = [each for each in parts if isinstance(each, _Placeholder)]
        for each in used:
            if each.name.casefold() not in known:
                raise _no_column(declared, each, names)
        if declared.where:
            wanted = dict.fromkeys(each.name.casefold() for each in used)
            if wanted:
                query.close()
                query = Where(declared.where, timeout=TIMEOUT, columns=wanted)
            known = {name: at for at, name in enumerate(wanted, 1)}
    except SqlError as error:
        start = 0 if error.start is None else error.start
        raise DeclarationError(str(error), declared.keys(declared.key), error.hint, offset=start) from error
    if declared.query and "path" not in known:
        hint = "select it, as in SELECT path FROM cards"
        message = "the result of the query has no column `path`, which says where the findings are"
        raise DeclarationError(message, declared.keys("query"), hint, offset=0)
    query.close()
    return _Compiled(
        rule,
        declared,
        query,
        [each.text if isinstance(each, _Literal) else known[each.name.casefold()] for each in parts],
        known["path"] if declared.query else 0,
        known.get("field") if declared.query else None,
        known.get("message") if declared.query else None,
        _declared_steps(declared, query),
        bool(declared.where) and not query.needs_stories and not has_subquery(declared.where),
        validity_of(query, declared.sql),
    )


def _query_of(rule: DeclaredRule) -> Query:
    if rule.where:
        return Where(rule.where, timeout=TIMEOUT)
    return Query(rule.query, timeout=TIMEOUT)


def _positions(names: Iterable[str]) -> dict[str, int]:
    """Return the position of each name in lower case; that of the first where several are the same."""
    found: dict[str, int] = {}
    for at, name in enumerate(names):
        found.setdefault(name.casefold(), at)
    return found


def _no_column(rule: DeclaredRule, placeholder: _Placeholder, names: Sequence[str]) -> DeclarationError:
    name = placeholder.name
    if name.casefold() in _REFUSED and rule.where:
        return DeclarationError(_REFUSED[name.casefold()], rule.keys("message"), offset=placeholder.start)
    where = "the table cards" if rule.where else "the result of the query"
    hint = nearest_or_all(name.replace(".", "_"), names)
    return DeclarationError(
        f"{where} has no column `{name}`", rule.keys("message"), hint, offset=placeholder.start
    )


def _is_refused(column: Column) -> bool:
    return column.name in _REFUSED and is_computed(column)


def _refuse_unknown(rule: DeclaredRule, query: Query) -> None:
    """Raise ``SqlError`` if a query reads what rules do not know; ``*`` may stand for it, but it is NULL."""
    read = {each.name for each in query.columns.get("cards", ()) if _is_refused(each)}
    read |= query.columns.keys() & _REFUSED.keys()
    for token in tokens(rule.sql):
        if token.name.casefold() in read:
            message = f"{_REFUSED[token.name.casefold()]}: `{token.name}` is that"
            raise error_at(rule.sql, message, token.start, token.end, "ask for the cause instead")


def _declared_steps(rule: DeclaredRule, query: Query) -> tuple[str | int, ...]:
    """Return the path to a rule's field; raises ``DeclarationError`` if there is no such field."""
    if not rule.field:
        return ()
    steps = steps_of(rule.field)
    first = next(iter(steps), "")
    if field_of(rule.field) is None and not (
        steps and field_of(str(first)) is None and {rule.field, first} & {*map(own_name, query.unknown_names)}
    ):
        hint = nearest_or_all(rule.field, dotted_names())
        raise DeclarationError(f"there is no field `{rule.field}`", rule.keys("field"), hint, offset=0)
    return steps


@dataclass
class SqlRules:
    """Compiled rules, as ``lint.own_rules.OwnRules``.

    ``relative`` turns a card's path into the one in the tables, which is the same wherever newscards runs.
    With ``checks_names``, a rule that names a field which no card has is an error.
    """

    settings: Settings
    compiled_rules: Sequence[_Compiled]
    checks_names: bool = True
    rules: Container[Rule] = field(init=False)
    fields: frozenset[str] = field(init=False)
    needs_stories: bool = field(init=False)
    _tops: frozenset[str] = field(init=False)
    _batch: tuple[int, Batch] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Compute what the rules need."""
        queries = [each.query for each in self.compiled_rules]
        self.rules = frozenset(each.rule for each in self.compiled_rules)
        self.needs_stories = any(query.needs_stories for query in queries)
        fields = frozenset[str]().union(*(query.fields for query in queries))
        self.fields = fields | _STORY_FIELDS if self.needs_stories else fields
        self._tops = frozenset(
            top for name in map(own_name, self.fields) for top in (name, re.split(r"[.\[]", name)[0])
        )

    @classmethod
    def compiled(cls, rules: Iterable[Rule], settings: Settings) -> SqlRules:
        """Return the compiled rules; raises ``NewscardsError`` with the place of what is wrong."""
        try:
            return cls(settings, [_compiled(rule, rule.declared) for rule in rules if rule.declared])
        except DeclarationError as error:
            raise settings.located(error) from error

    def of_single_cards(self) -> SqlRules | None:
        """Return those rules whose answer for a card depends on that card alone; ``None`` without any."""
        found = [each for each in self.compiled_rules if each.is_of_single_cards]
        return SqlRules(self.settings, found, checks_names=False) if found else None

    def values_of(self, card: Card) -> Card:
        """Return a card with only the values that the rules need."""
        tops = self._tops
        fields = {name: value for name, value in card.fields.items() if name in tops}
        identities = card.identities or (identities_of(card) if self.needs_stories else b"")
        return Card(card.path, fields, irregular=card.irregular, identities=identities)

    def problems(self, cards: Sequence[Card], checked: Container[Rule]) -> OwnProblems:
        """Return what those of the rules that are ``checked`` find in the cards of a corpus.

        Raises ``NewscardsError``, which names the rule, if one cannot be run to its end.
        """
        running = [each for each in self.compiled_rules if each.rule in checked]
        if not running:
            return OwnProblems({})
        data = _Data(cards, self.settings.relative)
        batch = self._filled(data)
        found: dict[str, list[FoundProblem]] = {}
        validity = ALWAYS
        for each in running:
            validity = validity.intersection(each.find_validity())
            try:
                if self.checks_names:
                    self._check_names(each.query, data)
                self._run(each, batch, data, found)
            except SqlError as error:
                start = 0 if error.start is None else error.start
                raise self._error(each, str(error), error.hint, start) from error
        return OwnProblems(found, validity)

    def _check_names(self, query: Query, data: TableData) -> None:
        """Raise ``SqlError`` if a query names a field that no card has; the hint knows all their fields."""
        try:
            query.check_names(data)
        except SqlError:
            records = [read(card.path, self.settings.limits) for card in data.cards]
            query.check_names(TableData([card for card in records if isinstance(card, Card)]))
            raise

    def _filled(self, data: TableData) -> Batch:
        """Return the database of all rules, filled; raises ``NewscardsError``."""
        process = os.getpid()
        if self._batch is None or self._batch[0] != process:  # SQLite does not survive a fork
            self._batch = process, Batch([each.query for each in self.compiled_rules])
        batch = self._batch[1]
        try:
            batch.fill(data)
        except (sqlite3.Error, MemoryError) as error:
            names = ", ".join(each.declared.name for each in self.compiled_rules)
            message = f"the cards do not fit into the memory that rules may have: {error}"
            raise NewscardsError(message, f"the rules are {names}") from error
        return batch

    def _run(
        self, compiled: _Compiled, batch: Batch, data: _Data, found: dict[str, list[FoundProblem]]
    ) -> None:
        """Run a rule, and add its problems; the same problem at the same place is added once."""
        message = f"the query was ended after {compiled.query.timer.seconds:g} seconds"
        late = self._error(compiled, message, _TIMEOUT_HINT, 0)
        rows = batch.run(compiled.query, f"{late}\nhint: {late.hint}")
        try:
            self._add(compiled, data, rows, found)
        except OutOfTimeError as error:
            raise late from error

    def _add(
        self,
        compiled: _Compiled,
        data: _Data,
        rows: Iterator[Sequence[Any]],
        found: dict[str, list[FoundProblem]],
    ) -> None:
        """Add the problems in the rows of a result, before which stand the names of its columns."""
        seen = set[tuple[str, tuple[str | int, ...], str]]()
        known: set[tuple[str, ...]] = {()}
        next(rows)
        for number, row in enumerate(rows):
            if number == MAX_ROWS:
                message = f"the query has more than {MAX_ROWS:,} rows"
                raise self._error(compiled, message, "ask for the worst of them", 0)
            card = data.cards[row[0] - 1] if compiled.declared.where else data.card_at(row[compiled.card])
            if card is None:
                path = row[compiled.card]
                message = f"the query has a `path` that is no card: {shorten(one_line(_shown(path)))}"
                raise self._error(compiled, message, "take it from a table, as in SELECT path FROM cards", 0)
            steps, message = self._place(compiled, row), _message(compiled, row)
            names = tuple(step for step in steps if isinstance(step, str))
            if compiled.field is not None and names not in known:
                if field_at(steps) is None:
                    self._check_field(compiled, names, card, data)
                known.add(names)
            if (card.path, steps, message) not in seen:
                seen.add((card.path, steps, message))
                problem = Problem(message, steps, help=compiled.declared.help)
                found.setdefault(card.path, []).append((compiled.rule, problem, steps))

    def _place(self, compiled: _Compiled, row: Sequence[Any]) -> tuple[str | int, ...]:
        name = None if compiled.field is None else row[compiled.field]
        if name is None or name == "":
            return compiled.steps
        if not isinstance(name, str) or not (steps := steps_of(name)):
            message = f"the query has a `field` that is no name of one: {shorten(one_line(_shown(name)))}"
            raise self._error(compiled, message, "a name is as `quality` or `related[3].title`", 0)
        return steps

    def _check_field(self, compiled: _Compiled, names: tuple[str, ...], card: Card, data: TableData) -> None:
        """Raise ``NewscardsError`` if the column ``field`` of a row names what no card has.

        The cards are read again, that of the row first, because ``data`` has only the fields of the SQL.
        """
        records = (read(each.path, self.settings.limits) for each in chain((card,), data.cards))
        if any(isinstance(each, Card) and _holds(each.fields, names) for each in records):
            return
        name = ".".join(names)
        hint = did_you_mean(name, dotted_names()) or "`newscards query --schema` shows the fields"
        message = f"the query has a `field` that no card has: `{shorten(one_line(name))}`"
        raise self._error(compiled, message, hint, 0)

    def _error(self, compiled: _Compiled, message: str, hint: str, start: int) -> NewscardsError:
        declared = compiled.declared
        error = DeclarationError(message, declared.keys(declared.key), hint, offset=start)
        return self.settings.located(error)


def _holds(value: object, names: Sequence[str]) -> bool:
    """Return whether there is something at a path of keys, in any item where a list stands between."""
    if not names:
        return True
    if isinstance(value, list):
        return any(_holds(each, names) for each in value)
    return isinstance(value, dict) and names[0] in value and _holds(value[names[0]], names[1:])


class _Data(TableData):
    """The data of some cards, whose paths in the tables are those relative to the configuration."""

    def __init__(self, cards: Sequence[Card], relative: Callable[[str], str]) -> None:
        super().__init__(cards)
        in_folder = cache(relative)

        def name(path: str) -> str:
            folder, file = os.path.split(path)
            return posixpath.normpath(f"{in_folder(folder or os.curdir)}/{file}")

        self._paths = {each.path: path_json(name(each.path)) for each in cards}
        self._by_path = dict(zip(self._paths.values(), cards, strict=True))

    def path(self, card: Card) -> str:
        """Return the path of a card in the tables."""
        return self._paths[card.path]

    def card_at(self, path: object) -> Card | None:
        """Return the card at a path of the tables; ``None`` if there is none."""
        return self._by_path.get(path) if isinstance(path, str) else None


def _message(compiled: _Compiled, row: Sequence[Any]) -> str:
    if compiled.message is not None and row[compiled.message] is not None:
        return shorten(one_line(_shown(row[compiled.message])))
    parts = [part if isinstance(part, str) else _shown(row[part]) for part in compiled.parts]
    return shorten(one_line("".join(parts)))


def _shown(value: object) -> str:
    """Return a value of SQLite in a message."""
    if value is None:
        return "none"
    return value.hex() if isinstance(value, bytes) else str(value)
