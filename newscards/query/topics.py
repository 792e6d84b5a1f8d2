"""Topics that cards and the site's registry have, and the spelling in which a card gets one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from newscards.cards.names import as_read, name_key
from newscards.corpus.index.summaries import OfTopics
from newscards.text import counted, did_you_mean, one_line

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.corpus.corpus import Corpus
    from newscards.corpus.settings import Settings
    from newscards.corpus.workspace import Reporter, Workspace


@dataclass
class KnownTopics:
    """The topics of a site's registry, if it has one, and the number of cards of each topic, as it is read.

    What has no width, and other blanks than plain ones, are in no spelling: no card should get them.
    """

    registry: Sequence[str]
    cards: Counter[str] = field(default_factory=Counter)

    @staticmethod
    def of(settings: Settings) -> KnownTopics:
        """Return the topics of the registry, without those of cards."""
        return KnownTopics(settings.topics.names if settings.topics else ())

    def add(self, card: Card) -> None:
        """Count the topics of a card."""
        self.cards.update({*map(as_read, card.topics)})

    @property
    def names(self) -> list[str]:
        """The topics to choose from: those of the registry, or else those of cards, most common first."""
        return [*self.registry] or [name for name, _ in self.cards.most_common()]

    def has(self, topic: str) -> bool:
        """Return whether the registry or a card has a topic, in any spelling."""
        return name_key(topic) in self._spellings

    def spelled(self, topic: str) -> str:
        """Return a topic as the registry spells it, or else as most cards do; as it is if none has it."""
        if topic in self.registry:
            return topic
        known = self._spellings.get(name_key(topic), topic)
        is_as_common = known not in self.registry and self.cards[topic] == self.cards[known]
        return topic if is_as_common else known

    def written(self, topic: str, reporter: Reporter) -> str:
        """Return a topic as it is spelled; report if that is not as it was given."""
        known = self.spelled(topic)
        if known != topic:
            whose = "the registry" if known in self.registry else counted(self.cards[known], "card")
            reporter.notice(f"`{one_line(topic)}` is written `{one_line(known)}`, as in {whose}")
        return known

    def absence(self, topic: str, without: str = "") -> tuple[str, str]:
        """Return that the registry, or no card, has a topic, and the nearest topics but ``without``.

        Both are empty if one has it, or if no topics are known.
        """
        names = self.names
        if not names or name_key(topic) in map(name_key, names):
            return "", ""
        shown = f"the topic `{one_line(topic)}`"
        message = f"the registry does not have {shown}" if self.registry else f"no card has {shown} so far"
        others = (name for name in names if name_key(name) != name_key(without))
        return message, did_you_mean(topic, others)

    @cached_property
    def _spellings(self) -> dict[str, str]:
        """The spelling of each topic by its key."""
        names = (*self.registry, *(name for name, _ in self.cards.most_common()))
        return {name_key(name): name for name in reversed(names)}


def topics_like(
    topic: str, workspace: Workspace, corpora: Iterable[Corpus], settings: Settings
) -> KnownTopics:
    """Return the spellings of a topic in the registry and in the cards of some corpora.

    If neither has it, all of their topics are returned. Cards of other topics are read only then.
    """
    corpora = [*corpora]
    for wanted in (OfTopics({name_key(topic)}), None):
        known = KnownTopics.of(settings)
        for corpus in corpora:
            for card in workspace.readable(corpus, {"topics"}, [], wanted=wanted):
                known.add(card)
        if known.has(topic):
            break
    return known
