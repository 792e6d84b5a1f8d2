"""Puts into an invented corpus what real ones have of oddities, as often as these do.

They were measured on one corpus of 4,958 cards (CARDS.md), but the HTML entities, of which another one has as
many. Each kind is there at least once. A card has one of them at most, and the entries that copy it have it
as well, for they are made of it afterwards.
"""

import random
from collections.abc import Callable
from itertools import islice

from tests.support.corpus_card import Card

CARDS = 4958
TWIN_STORIES, TWINS_SEEN = 8, 380  # stories of which two cards have one URL, and the cards that list both
TWINS_APART = 5  # URLs of cards that do not list each other: all but every fifth of two cards
TITLES = 150  # that two cards have
BLANKS_IN_URL, MOJIBAKE, RETURNS, ZERO_WIDTH, STRAY_BLANKS = 11, 2, 52, 12, 244  # cards
ENTITIES = 843  # cards: 17 %


class _Oddities:
    def __init__(self, stories: list[list[Card]], rng: random.Random) -> None:
        self.stories, self.rng = stories, rng
        self.story_of = {card: story for story in stories for card in story}
        self.share = len(self.story_of) / CARDS
        self.free = dict.fromkeys(sorted(self.story_of, key=lambda card: rng.random()))

    def count(self, measured: int) -> int:
        return max(1, int(measured * self.share + 0.5))

    def take(self, count: int, fits: Callable[[Card], object]) -> list[Card]:
        """Cards that fit, at random; they are no longer free."""
        cards = list(islice((card for card in self.free if fits(card)), count))
        self.drop(*cards)
        return cards

    def drop(self, *cards: Card) -> None:
        for card in cards:
            del self.free[card]

    def twins(self) -> None:
        """Two cards of a story with one URL: they list their own, and the others list it twice."""
        left, seen = self.count(TWIN_STORIES), TWINS_SEEN * self.share
        larger = [story for story in self.stories if len(story) > 2]
        for remaining in range(min(left, len(larger)), 0, -1):
            average = 2 + seen / remaining
            at = min(range(len(larger)), key=lambda at: abs(len(larger[at]) - average))
            story = larger.pop(at)
            seen -= len(story) - 2
            _same_page(*story[-2:])
            self.drop(*story[-2:])

    def twins_apart(self) -> None:
        """Cards with one URL that stand alone."""
        for at in range(self.count(TWINS_APART)):
            cards = self.take(2 + (at % 5 == 0), lambda card: card.path and len(self.story_of[card]) == 1)
            _same_page(*cards)

    def titles(self) -> None:
        """Two cards of a story with one title: the same report from two providers."""
        for _ in range(self.count(TITLES)):
            for card in self.take(1, self.other_of):
                other = self.other_of(card)
                assert other
                self.drop(other)
                other.title = card.title
                if abs(other.day - card.day).days > 1:  # else two files could have one name
                    other.slug = card.slug

    def other_of(self, card: Card) -> Card | None:
        others = (other for other in self.story_of[card] if other is not card and other in self.free)
        return next(others, None)

    def urls(self) -> None:
        """A blank in the path."""

        def fits(card: Card) -> bool:
            return "-" in card.path.rpartition("/")[2] and not card.amp

        for card in self.take(self.count(BLANKS_IN_URL), fits):
            place, slash, name = card.path.rpartition("/")
            card.path = place + slash + name.replace("-", " ", 1)

    def texts(self) -> None:
        """Letters in titles and excerpts that were not meant."""
        for card in self.take(self.count(MOJIBAKE), lambda card: "’" in card.excerpt):
            card.excerpt = card.excerpt.replace("’", "â€™")
        for card in self.take(self.count(RETURNS), lambda card: ". " in card.excerpt):
            card.excerpt = card.excerpt.replace(". ", ".\r\n", 1)
        for card in self.take(self.count(ZERO_WIDTH), lambda card: " " in card.title):
            card.title = card.title.replace(" ", " \u200b", 1)
        for at, card in enumerate(self.take(self.count(STRAY_BLANKS), lambda card: card.title)):
            stray = "\u00a0" if at % 10 == 9 else " "
            card.title = stray + card.title if at % 10 == 8 else card.title + stray
        for card in self.take(self.count(ENTITIES), lambda card: card.excerpt):
            found = "’" in card.excerpt
            card.excerpt = card.excerpt.replace("’", "&#8217;") if found else f"{card.excerpt} [&#8230;]"


def _same_page(*cards: Card) -> None:
    """Give cards the URL of the first, and so its provider."""
    for card in cards[1:]:
        card.path, card.provider, card.amp = cards[0].path, cards[0].provider, cards[0].amp


def add_oddities(stories: list[list[Card]], rng: random.Random) -> None:
    """Make some cards of these stories odd, in place."""
    oddities = _Oddities(stories, rng)
    oddities.twins()
    oddities.twins_apart()
    oddities.titles()
    oddities.urls()
    oddities.texts()
