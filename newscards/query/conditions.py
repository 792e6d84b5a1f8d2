"""The conditions under which cards must have fields, as SQL: compiled first, then asked of many cards."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from newscards import clock
from newscards.cards.card import Card
from newscards.cards.values import own_name
from newscards.corpus.settings import Settings
from newscards.errors import NewscardsError
from newscards.query.sql.query import Where
from newscards.query.sql.tables import is_computed
from newscards.query.sql.tokens import SqlError, error_at, has_subquery, tokens
from newscards.query.sql.validity import validity_of
from newscards.text import one_line, toml_key

_OF_OTHERS = frozenset({"story", "story_size", "story_published", "errors", "warnings", "page"})
"""The columns of ``cards`` that depend on other cards, on what the rules find, or on the site."""
_TABLES = frozenset({"cards", "topics", "images", "related"})
"""The tables whose rows are of one card."""


class SqlConditions:
    """Compiled conditions; ``declared`` are the expressions by the dotted names of their fields.

    The constructor raises ``NewscardsError``, with its place in the configuration, for an expression that is
    wrong or that asks about more than one card.
    """

    def __init__(self, declared: Mapping[str, str], settings: Settings) -> None:
        self._settings = settings
        self._names = {expression: name for name, expression in declared.items()}
        self._compile()

    def holding(self, condition: str, cards: Sequence[Card]) -> Sequence[bool]:
        """Return for each card whether a condition is true; ``NewscardsError`` if it takes too long."""
        if self._process != os.getpid():  # SQLite forbids a copied process the databases of the first one
            self._compile()
        where, name = self._wheres[condition], self._names[condition]
        clock.limit_validity(validity_of(where, condition)())
        # A subquery may read the rows of the other cards, so that each must be alone in the database.
        groups = [[card] for card in cards] if has_subquery(condition) else [cards]
        try:
            chosen = [(where.chosen_among(group), len(group)) for group in groups]
        except SqlError as error:
            raise self._error(name, error) from error
        return [index in indices for indices, size in chosen for index in range(size)]

    def _compile(self) -> None:
        """Compile all conditions for this process; raises ``NewscardsError``."""
        self._process = os.getpid()
        self._wheres = {each: self._compiled(name, each) for each, name in self._names.items()}

    def _compiled(self, name: str, expression: str) -> Where:
        """Return a compiled expression; raises ``NewscardsError`` if it is wrong, or not about one card."""
        try:
            where = Where(expression)
            for unknown, undeclared in where.unknown_names.items():
                raise self._undeclared(expression, unknown, undeclared)
            _refuse_others(expression, where)
            if error := where.mixed_comparison:
                raise error
        except SqlError as error:
            raise self._error(name, error) from error
        return where

    def _undeclared(self, expression: str, name: str, error: SqlError) -> SqlError:
        """Return the error about a field that is not declared, or is removed, which some cards may have."""
        name = own_name(name)
        shown = one_line(name)
        removed = next((each for each in self._settings.fields if each.remove and each.name == name), None)
        if removed:
            line = self._settings.place("fields", removed.name, "remove").split(":")[-2]
            message, hint = f"the field `{shown}` is removed in line {line}", "ask for a field that is left"
        else:
            message = f"the field `{shown}` is not declared"
            is_near = error.hint.startswith("did you mean")
            hint = error.hint if is_near else f"declare it: [fields.{toml_key(name)}]"
        token = next((each for each in tokens(expression) if each.start == error.start), None)
        return error_at(expression, message, error.start, token.end if token else 0, hint)

    def _error(self, name: str, error: SqlError) -> NewscardsError:
        place = self._settings.place("fields", name, "required", offset=error.start)
        return NewscardsError(f"{place}: `required` of `{one_line(name)}`: {error}", error.hint)


def _refuse_others(expression: str, where: Where) -> None:
    """Raise ``SqlError`` if an expression asks for what is not of a card alone."""
    of_cards = [each for each in where.columns.get("cards", ()) if is_computed(each)]
    read = {
        *where.columns.keys() - _TABLES,
        *(each.name for each in of_cards if each.name in _OF_OTHERS),
        *(each.name for each in where.columns.get("related", ()) if each.name == "copy_of"),
    }
    for token in tokens(expression):
        if token.name.casefold() in read:
            message = f"`{token.name}` depends on more than the card"
            hint = "ask for fields of the card, as in: published AND quality > 80"
            raise error_at(expression, message, token.start, token.end, hint)
