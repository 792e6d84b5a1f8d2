"""The topics or providers of cards, counted and compared with the site's registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.names import as_read
from newscards.query.stats.dimensions import DOMAIN, PROVIDER, TOPIC, Dimension
from newscards.query.stats.tally import MEASURES, Count, Tally, measures

if TYPE_CHECKING:
    from newscards.corpus.registry import Registry
    from newscards.corpus.settings import Settings


class GroupKind(NamedTuple):
    """A kind of groups, topics or providers: the dimension that cards are counted by, and the registry.

    ``key`` is the registry's key in the configuration.
    """

    by: Dimension
    key: str
    registry: Callable[[Settings], Registry | None]
    has_domains: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the machine formats."""
        return (self.by.name, *["domains"] * self.has_domains, *MEASURES, "known")


TOPICS = GroupKind(TOPIC, "topics", lambda settings: settings.topics)
PROVIDERS = GroupKind(
    PROVIDER, "organizations", lambda settings: settings.organizations, has_domains=True
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A group of cards: its name, its counts, and whether the name is in the registry.

    ``known`` is ``None`` without a registry. ``name`` is empty for the cards without a topic or provider.
    """

    name: str
    count: Count
    known: bool | None = None
    domains: tuple[str, ...] = ()

    def row(self, kind: GroupKind) -> dict[str, Any]:
        """Return the group as a JSON object."""
        domains = {"domains": [*self.domains]} if kind.has_domains else {}
        row = {kind.by.name: self.name, **domains, **measures(self.count)}
        return row if self.known is None else row | {"known": self.known}


class Groups:
    """The topics or providers of the cards that are counted in its ``tallies``."""

    def __init__(self, kind: GroupKind, settings: Settings) -> None:
        self.kind, self._tally, self._domains = kind, Tally(kind.by), Tally(kind.by, DOMAIN)
        self.tallies = (self._tally, self._domains) if kind.has_domains else (self._tally,)
        registry = kind.registry(settings)
        self._names = dict.fromkeys(map(as_read, registry.names)) if registry else None

    @property
    def has_registry(self) -> bool:
        """Whether there is a registry of known names."""
        return self._names is not None

    def ordered(self) -> list[Group]:
        """Return the groups, those with the most cards first, without the group of the key ``None``."""
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
    def cards_without(self) -> int:
        """The number of cards without a topic or provider."""
        return self._tally.groups.get((None,), Count()).cards

    def unused(self) -> list[Group]:
        """Return the names in the registry that no card has, in its order; nothing without a registry."""
        return [Group(name, Count(), True) for name in self._names or () if (name,) not in self._tally.groups]


SORTED: dict[str, Callable[[Group], Any]] = {
    "name": lambda group: group.name,
    "cards": lambda group: group.count.cards,
    "published": lambda group: group.count.published,
    "share": lambda group: group.count.share,
    "quality": lambda group: group.count.quality,
    "first": lambda group: group.count.first,
    "last": lambda group: group.count.last,
}
"""The sort keys of topics and providers, by the words of ``--sort``."""
