"""Facts about a corpus for the rules that compare cards (NC6): a row for each card.

A row does not hold the card, only the few values that those rules need of it and of its entries of
``related``. Equal entries are one object.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from newscards.cards.card import Card, Identity, card_id, text
from newscards.cards.related import Copy, connected_groups, copies_of, copy_from, grouped
from newscards.lint.conventions import Convention, exceptions_of

if TYPE_CHECKING:
    from newscards.lint.rule import Rule, Spot


@dataclass(slots=True, eq=False)
class Row:
    """The values of a card that are compared with those of others.

    Do not change a row; it is not frozen only because a frozen one takes longer to make. ``copy`` is what an
    entry of ``related`` for this card would say. ``published`` is true if the flag is ``true``; other rules
    report other flags. ``iv`` is the second part of ``secured``. ``original_url`` is ``originalUrl`` if the
    card has that and another ``webUrl``, else empty. ``exceptions`` are the conventions that it does not
    follow.
    """

    path: str
    url: str
    title: str
    excerpt: str
    domain: str
    provider: str
    published: bool
    is_taken_down: bool
    heat: int | float | None
    topics: tuple[Any, ...]
    iv: str
    original_url: str
    exceptions: tuple[Convention, ...]
    copy: Copy
    related: tuple[Copy | None, ...]
    """The entries of ``related``, each at its index; ``None`` for one that is not a mapping."""
    simple_size: int = 0
    """The size of the file in bytes, if its YAML is simple (``read_simple_card``); else 0."""

    @property
    def id(self) -> str:
        """The name of the file or of its bundle (``card_id``)."""
        return card_id(self.path)

    @property
    def web_url(self) -> str:
        """``webUrl``; empty if there is none."""
        return self.copy.url


def row_of(card: Card, simple_size: int = 0) -> Row:
    """Return the row of a card; ``simple_size`` is as in ``Row``."""
    fields, provider = card.fields, card.provider
    topics = fields.get("topics")
    exceptions = exceptions_of(card)
    return Row(
        card.path,
        card.url,
        card.title,
        card.excerpt,
        text(provider.get("domain")),
        text(provider.get("name")),
        fields.get("published") is True,
        card.is_taken_down,
        card.heat,
        tuple(topics) if isinstance(topics, list) else (),
        text(fields.get("secured")).partition(";")[2].strip(),
        text(fields.get("originalUrl")) if Convention.ORIGINAL_URL in exceptions else "",
        exceptions,
        copy_from(fields),
        copies_of(card),
        simple_size,
    )


@dataclass(frozen=True)
class Facts:
    """The rows of one corpus, and the registries of topics and providers from the configuration.

    ``topics`` are the names in the registry of topics, ``None`` without one. ``providers`` are the names in
    the registry of organizations by domain; if that has no domains, ``organizations`` are its names.
    ``urls_of_unreadable`` are the URLs in the files of unreadable cards. ``reported`` are the paths of the
    cards whose findings are reported, ``None`` if all are. ``conventions`` are those of the corpus.
    ``unignored`` returns those of some places at which neither a comment nor the configuration suppresses the
    findings of a rule: a problem of several cards is reported at one of these.

    With ``apart``, it is reported in each of the cards, as if that were the only one to report on.
    """

    rows: list[Row] = field(default_factory=list)
    topics: frozenset[str] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    urls_of_unreadable: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    reported: Container[str] | None = None
    conventions: frozenset[Convention] = frozenset()
    unignored: Callable[[Rule, Sequence[Spot]], Sequence[Spot]] = lambda _, spots: spots
    apart: bool = False

    def is_reported(self, row: Row) -> bool:
        """Return whether the findings in a card are reported."""
        return self.reported is None or row.path in self.reported

    def places_to_report(self, rows: Iterable[Row]) -> Iterator[int]:
        """Yield the positions of the rows at which a problem that all have is reported.

        It is the first row that is reported; with ``apart``, the first of each card that is reported.
        """
        reported: set[str] = set()
        for at, row in enumerate(rows):
            if row.path not in reported and self.is_reported(row):
                yield at
                if not self.apart:
                    return
                reported.add(row.path)

    def exceptions(self, convention: Convention) -> Iterator[Row]:
        """Yield the rows of the cards that do not follow a convention of the corpus."""
        if convention in self.conventions:
            yield from (row for row in self.rows if convention in row.exceptions)

    @cached_property
    def by_identity(self) -> dict[Identity, list[Row]]:
        """The rows by the identity that an entry of ``related`` names; several if cards are duplicates."""
        return grouped((row.copy.identity, row) for row in self.rows)

    @cached_property
    def by_web_url(self) -> dict[str, list[Row]]:
        """The rows that have a ``webUrl``, by ``webUrl``."""
        return grouped((row.web_url, row) for row in self.rows if row.web_url)

    @cached_property
    def sharing_titles(self) -> set[str]:
        """The paths of published cards that share their title, as fixes would clean it, with another one."""
        titles = grouped((row.copy.title, row) for row in self.rows if row.published and row.copy.title)
        return {row.path for rows in titles.values() if len(rows) > 1 for row in rows}

    @cached_property
    def entries(self) -> dict[int, Copy | None]:
        """The entries of all cards by their ``id()``: equal entries are one object, so each comes once."""
        entries: dict[int, Copy | None] = {}
        for row in self.rows:
            entries.update(zip(map(id, row.related), row.related, strict=True))
        return entries

    def named_by(self, copy: Copy | None) -> Row | None:
        """Return the card that an entry of ``related`` names; ``None`` if no card has its identity."""
        found = self.by_identity.get(copy.identity) if copy and copy.names_something else None
        return found[0] if found else None

    @cached_property
    def _by_title_and_date(self) -> dict[tuple[str, object, str | None], list[Row]]:
        return grouped(((row.copy.title, row.copy.date, row.copy.provider), row) for row in self.rows)

    @cached_property
    def _first_of_twins(self) -> dict[tuple[str, object], Row]:
        """The first row of each URL that several cards have, by URL and title, and by URL and date."""
        first: dict[tuple[str, object], Row] = {}
        for url, rows in self.by_web_url.items():
            for row in rows if len(rows) > 1 else ():
                first.setdefault((url, row.copy.title), row)
                first.setdefault((url, row.copy.date), row)
        return first

    def meant_by(self, copy: Copy | None) -> Row | None:
        """Return the card that an entry copies, even if the copy is outdated; ``None`` if there is none.

        It is the card that the entry names, else the one with its URL that is most like the entry, else the
        only one with its title, date and provider.
        """
        if copy is None or not copy.names_something:
            return None
        if named := self.by_identity.get(copy.identity):
            return named[0]
        if rows := self.by_web_url.get(copy.url):
            same = self._first_of_twins
            return same.get((copy.url, copy.title)) or same.get((copy.url, copy.date)) or rows[0]
        if not copy.title or copy.date is None:
            return None
        rows = self._by_title_and_date.get((copy.title, copy.date, copy.provider), [])
        return rows[0] if len(rows) == 1 else None

    @cached_property
    def meant(self) -> dict[int, Row | None]:
        """The card that each entry copies, by the ``id()`` of the entry."""
        return {entry: self.meant_by(copy) for entry, copy in self.entries.items()}

    @cached_property
    def listed(self) -> dict[Row, tuple[Row | None, ...]]:
        """The rows that the entries of each row copy, in order."""
        meant = self.meant
        return {row: tuple(map(meant.__getitem__, map(id, row.related))) for row in self.rows}

    def qualities(self, row: Row) -> list[int | float | None]:
        """Return the quality of each entry of a card: of the card that it copies, else its own."""
        return [
            card.copy.quality if card and card.copy.quality is not None else copy and copy.quality
            for copy, card in zip(row.related, self.listed[row], strict=True)
        ]

    @cached_property
    def stories(self) -> list[list[Row]]:
        """The stories: sets of two or more cards that list each other under ``related``."""
        listed = {row: [other for other in others if other] for row, others in self.listed.items()}
        return [rows for rows in connected_groups(listed) if len(rows) > 1]
