"""The topics, or the providers, of cards: each counted, and held against the site's registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.query.stats.dimensions import DOMAIN, PROVIDER, TOPIC, Dimension
from newscards.query.stats.tally import MEASURES, Count, Tally, measures

if TYPE_CHECKING:
    from newscards.corpus.registry import Registry
    from newscards.corpus.settings import Settings


class GroupKind(NamedTuple):
    """What a roster is of: by which dimension cards are counted, and where its registry is.

    ``key`` is the registry's in the configuration.
    """

    by: Dimension
    key: str
    registry: Callable[[Settings], Registry | None]
    has_domains: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of machine formats."""
        return (self.by.name, *["domains"] * self.has_domains, *MEASURES, "known")


TOPICS = GroupKind(TOPIC, "topics", lambda settings: settings.topics)
PROVIDERS = GroupKind(
    PROVIDER, "organizations", lambda settings: settings.organizations, has_domains=True
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A group of cards: its name, what was counted, and whether the registry has the name.

    ``known`` is ``None`` where there is no registry, ``name`` empty for the cards that have none.
    """

    name: str
    count: Count
    known: bool | None = None
    domains: tuple[str, ...] = ()

    def row(self, kind: GroupKind) -> dict[str, Any]:
        """Return it as JSON has it."""
        domains = {"domains": [*self.domains]} if kind.has_domains else {}
        row = {kind.by.name: self.name, **domains, **measures(self.count)}
        return row if self.known is None else row | {"known": self.known}


class Groups:
    """The topics, or the providers, of the cards that are counted in its ``tallies``."""

    def __init__(self, kind: GroupKind, settings: Settings) -> None:
        self.kind, self._tally, self._domains = kind, Tally(kind.by), Tally(kind.by, DOMAIN)
        self.tallies = (self._tally, self._domains) if kind.has_domains else (self._tally,)
        registry = kind.registry(settings)
        self._names = dict.fromkeys(registry.names) if registry else None

    @property
    def has_registry(self) -> bool:
        """Whether there is a registry to hold the names against."""
        return self._names is not None

    def lines(self) -> list[Group]:
        """Return what there is, most cards first; of the cards that have none, nothing."""
        domains: dict[object, list[tuple[int, str]]] = {}
        for (key, domain), found in self._domains.groups.items():
            if isinstance(domain, str):
                domains.setdefault(key, []).append((-found.cards, domain))
        return [
            Group(
                key, found, None if self._names is None else key in self._names,
                tuple(domain for _, domain in sorted(domains.get(key, ()))),
            )
            for key, found in self._tally.ordered()
            if isinstance(key, str)
        ]  # fmt: skip

    @property
    def without(self) -> int:
        """How many cards have none."""
        return self._tally.groups.get((None,), Count()).cards

    def unused(self) -> list[Group]:
        """Return the registry's names that no card has, in its order; without a registry, none."""
        return [Group(name, Count(), True) for name in self._names or () if (name,) not in self._tally.groups]


SORTED: dict[str, Callable[[Group], Any]] = {
    "name": lambda line: line.name,
    "cards": lambda line: line.count.cards,
    "published": lambda line: line.count.published,
    "share": lambda line: line.count.share,
    "quality": lambda line: line.count.quality,
    "first": lambda line: line.count.first,
    "last": lambda line: line.count.last,
}
"""What topics and providers are sorted by."""
