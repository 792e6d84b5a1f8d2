"""The columns of a list: fields of the cards, and what newscards computes, such as ``warnings``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from newscards.cards.card import Card
from newscards.cards.fields import BUILT_IN, FieldType, dotted_names, field_named
from newscards.cards.values import COMPUTED, MISSING, column, own_name, sort_value
from newscards.corpus.corpus import Corpus
from newscards.corpus.workspace import Workspace

if TYPE_CHECKING:
    from newscards.query.sql.data import TableData
    from newscards.query.sql.tables import Column


_PLAIN = frozenset({*COMPUTED, *dotted_names(BUILT_IN)})
"""The usual columns: what is computed has none of these names."""


class Columns:
    """The values of some columns, by name.

    The computed ones are those of SQL, and are computed only if they are among ``names``; the others are
    ``names_of_fields``. ``fields`` of the cards are needed for all, and with ``needs_stories`` also all
    cards, with their ``identities``.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._data: TableData | None = None
        self._computed: dict[str, Column] = {}
        names = {*names}
        if not names <= _PLAIN:
            known = computed()
            self._computed = {name: known[name] for name in names if name in known}
        self.names_of_fields = {name for name in names if name not in self._computed}
        self.fields = self.names_of_fields.union(*(each.fields for each in self._computed.values()))
        self.needs_stories = any(each.stories for each in self._computed.values())

    def prepare(
        self, workspace: Workspace, cards: Iterable[Card], corpus: Corpus, paths: Sequence[str]
    ) -> None:
        """Set the cards of a corpus, all if ``needs_stories``, from which values are computed when asked."""
        if self._computed:
            from newscards.query.findings import table_data  # only here: few lists compute anything

            self._data = table_data(workspace, cards, corpus, paths, stories=self.needs_stories)

    def value(self, card: Card, name: str) -> Any:
        """Return the JSON value of a column; ``MISSING`` if the card has none."""
        known = self._computed.get(name)
        if known is None or self._data is None or (known.yields and name in card.fields):
            return column(card, name)
        value = known.value(self._data, card)
        if value is None:
            return MISSING
        return bool(value) if known.is_boolean else value

    def sort_value(self, name: str, card: Card) -> object:
        """Return the value by which a card is sorted."""
        return self.value(card, name) if name in self._computed else sort_value(name, card)


def is_number(name: str) -> bool:
    """Return whether the values of a column are numbers."""
    if name not in _PLAIN and (known := computed().get(name)):
        return known.type == "INTEGER" and not known.is_boolean
    field = field_named(re.sub(r"\[\d+\]", "", own_name(name)))
    return field is not None and field.kind in (FieldType.INTEGER, FieldType.NUMBER)


def computed() -> dict[str, Column]:
    """Return the columns that newscards computes, by name."""
    from newscards.query.sql.tables import computed_columns  # only here: most columns are fields

    return computed_columns()
