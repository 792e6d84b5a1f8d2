"""Makes corpora of invented news cards of the make-up of real ones, for tests and benchmarks.

The same seed and count give the same bytes on any machine: every choice comes from `random()`
and `randbytes()` of one generator, and sizes need no more than additions and divisions.
"""

import argparse
import base64
import datetime
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support.corpus_card import Card, domain_of, quote, slug_of
from tests.support.corpus_oddities import add_oddities
from tests.support.corpus_words import (
    ADJECTIVES,
    GROUPS,
    KNOWN,
    NOUNS,
    PROVIDERS,
    RARE,
    RARELY,
    SENTENCES,
    TITLES,
    TOPICS,
    VERBS,
)

SITE = "https://news.example"
CARDS, STORIES, HIDDEN = 4958, 534, 100  # as measured: stories of two or more, those all hidden
FIRST_DAY = datetime.date(2015, 1, 1)
DAYS = (datetime.date(2025, 6, 29) - FIRST_DAY).days


def _story_sizes(cards: int) -> list[int]:
    """The sizes of the stories of more than one card, largest first: a heavy-tailed curve."""
    count = max(1, (STORIES * cards + CARDS // 2) // CARDS)
    sizes: list[int] = []
    for at in range(count):
        place = (at + 0.5) * STORIES / count + 0.5
        sizes.append(min(cards - sum(sizes), max(2, int(828 / (place + 3.6) + 0.5))))
    return [size for size in sizes if size > 1]


class _Maker:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.slugs: set[str] = set()

    def below(self, limit: int) -> int:
        return int(self.rng.random() * limit)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, words: tuple[str, ...]) -> str:
        return words[self.below(len(words))]

    def text(self, pattern: str, subject: str = "") -> str:
        words = {"s": subject, "a": self.pick(ADJECTIVES), "g": self.pick(GROUPS)}
        words |= {"n": self.pick(NOUNS), "m": self.pick(NOUNS), "v": self.pick(VERBS)}
        c, d, y = 2 + self.below(9), 10 + self.below(90), 2001 + self.below(14)
        return pattern.format(**words, c=c, d=d, y=y)

    def title(self, subject: str) -> tuple[str, str]:
        slug = ""
        while not slug or slug in self.slugs:
            title = self.text(self.pick(TITLES), subject)
            title = title[0].upper() + title[1:]
            slug = slug_of(title)
        self.slugs.add(slug)
        return title, slug

    def excerpt(self, subject: str) -> str:
        parts = [self.text(self.pick(SENTENCES), subject) for _ in range(1 + self.below(4))]
        kind = self.below(1000)
        rare = {10: "\u2028", 17: " --- ", 24: "\n---\n", 80: "\n\n", 140: "\u00a0 "}
        glue = next((glue for limit, glue in rare.items() if kind < limit), " ")
        return "" if kind >= 960 else glue.join(parts) + (" ..." if kind > 700 else "")

    def card(self, subject: str, first: int, span: int, plain: bool, video: bool) -> Card:
        title, slug = self.title(subject)
        day = FIRST_DAY + datetime.timedelta(min(first + self.below(span), DAYS))
        time = f"{self.below(24):02}:{self.below(60):02}:{self.below(60) * self.chance(0.3):02}"
        quality = 130 + self.below(60) if self.chance(0.03) else self.below(66) + self.below(66)
        provider = self.pick(PROVIDERS)
        card = Card(title, slug, self.excerpt(subject), day, time, provider, quality, plain)
        if video:
            card.video = self.rng.randbytes(3).hex() + f"{len(self.slugs):05x}"
        else:
            host = self.pick(("www.", "www.", "", "blogs.")) + domain_of(provider)
            card.path = f"{host}/{self.pick(NOUNS)}/{day.year}/{day.month:02}/{slug}"
            card.amp = self.chance(0.2)
        for at in range(1 + self.chance(0.08) if video or self.chance(0.8) else 0):
            width = 64 * (10 + self.below(20))
            start = ("http" if self.chance(0.03) else "https") + f"://media.{domain_of(provider)}"
            name = f"{self.pick(NOUNS)}-{len(self.slugs)}-{at}.jpg?w={width}&q=80"
            card.images.append((f"{start}/{name}", width, width * 9 // 16))
        return card

    def story(self, size: int, shown: bool) -> list[Card]:
        """The cards of a story, best first; `shown` is whether its head is published."""
        plain = self.chance(0.09) if size < 13 else False
        subject, first = self.text("{a} {n}"), self.below(DAYS)
        story = [self.card(subject, first, 4 + size, plain, False) for _ in range(size)]
        story.sort(key=lambda card: -card.quality)
        head = story[0]
        head.quality = max(head.quality, 40 + self.below(60) if shown else 1)
        head.heat, head.published = head.quality + self.below(20 * (size - 1)), shown
        for card in story:
            card.removed = not card.published and self.chance(0.004)
        return story

    def single(self) -> Card:
        plain, video = self.chance(0.09), self.chance(0.19)
        card = self.card(self.text("{a} {n}"), self.below(DAYS), 1, plain and not video, video)
        more = self.below(100) if self.chance(0.15) and card.quality else 0
        card.heat = 0 if self.chance(0.03) else card.quality + more
        card.removed = self.chance(0.01)
        card.published = card.heat > 0 and card.quality >= 40 and not card.removed
        return card

    def write(self, news: Path, card: Card, related: bytes) -> None:
        urls = ("webUrl",) if card.plain or self.chance(0.1) else ("originalUrl", "webUrl")
        lines = ["---", "category: news", *card.opening(urls)]
        flags = "removed: true\n" * card.removed + f"published: {str(card.published).lower()}"
        lines += [f"quality: {card.quality}", f"heat: {card.heat}", flags, ""]
        if card.video:
            frame = f'<iframe width="800" src="https://clips.example/embed/{card.video}"></iframe>'
            lines += [f"featuredContent: {quote(frame)}", ""]
        domain = domain_of(card.provider)
        lines += ["provider:", f"  name: {card.provider}", f"  domain: {domain}"]
        if card.provider in PROVIDERS[:KNOWN] and not card.plain:
            logo = f'"{SITE}/assets/images/organizations/{domain}-50x50.jpg"'
            lines += ["  images:", f"    - url: {logo}", "      width: 50", "      height: 50"]
        first, others = self.below(len(TOPICS)), TOPICS[1:]
        more = [others[(first + at) % len(others)] for at in range(self.below(4))]
        more += [RARE] * self.chance(RARELY)
        lines += ["", "topics:", *(f"  - {topic}" for topic in (TOPICS[0], *more)), ""]
        if card.images:
            lines += [*card.pictures(card.title if card.plain or self.chance(0.3) else ""), ""]
        blobs = (self.rng.randbytes(size) for size in (240 + 16 * self.below(29), 16))
        secured = ";".join(base64.b64encode(blob).decode() for blob in blobs)
        head, foot = "\n".join(lines) + "\n", f'secured: "{secured}"\n---\n\n'
        arrival = card.day + datetime.timedelta(int(self.chance(0.09)))
        (news / f"{arrival}-{card.slug}.md").write_bytes(head.encode() + related + foot.encode())


def _registries(data: Path) -> None:
    for name in ("topics", "organizations"):
        (data / name).mkdir(parents=True, exist_ok=True)
    for at, topic in enumerate((*TOPICS, RARE)):
        slug = slug_of(topic)
        text = f"taxonomy: topic\n_id: {slug}\nname: {topic}\n"
        text += f"shortname: {topic}\nparent: {TOPICS[0]}\n" if at else ""
        text += f'keywords:\n  - {topic.lower()}\nhashtags:\n  - "#{topic.replace(" ", "")}"\n'
        text += f"services:\n  news: {SITE}/api/news/{slug + '/' if at else ''}\n"
        (data / "topics" / f"{at:02}-{slug}.yaml").write_bytes(text.encode())
    for provider in PROVIDERS[:KNOWN]:
        domain = domain_of(provider)
        text = f"---\ntaxonomy: organization\n_id: {domain}\nname: {provider}\ndomain: {domain}\n"
        text += "images:\n"
        for size in (50, 400):
            text += f"  - url: /assets/images/organizations/{domain}-{size}x{size}.jpg\n"
            text += f"    width: {size}\n    height: {size}\n"
        (data / "organizations" / f"{domain}.md").write_bytes(text.encode() + b"---\n")


def _stories(maker: _Maker, cards: int) -> Iterator[list[Card]]:
    """The stories, the largest first, and then the cards that stand alone."""
    sizes = _story_sizes(cards)
    for at, size in enumerate(sizes):
        yield maker.story(size, at * HIDDEN // STORIES == (at + 1) * HIDDEN // STORIES)
    for _ in range(cards - sum(sizes)):
        yield [maker.single()]


def generate(folder: Path, cards: int, seed: int = 0, *, small: bool = False, oddities: bool = False) -> None:
    """Write exactly `cards` cards to `folder/_news`, and their registries to `folder/_data`.

    `small` leaves out `related`: 2 KB a card, not 27. `oddities` are those of real corpora, which newscards
    warns of (`corpus_oddities`); without them it finds nothing.
    """
    news = folder / "_news"
    news.mkdir(parents=True, exist_ok=True)
    if cards < 0 or any(news.iterdir()):
        raise ValueError(f"{cards} cards cannot be, or {news} is not empty")
    (news / ".keep").write_bytes(b"")
    _registries(folder / "_data")
    maker = _Maker(seed)
    stories: Iterable[list[Card]] = _stories(maker, cards)
    if oddities:
        stories = list(stories)
        add_oddities(stories, random.Random(seed))
    for story in stories:
        entries = [card.entry() for card in story] if len(story) > 1 and not small else []
        for place, card in enumerate(story):
            related = b"".join(entries[:place] + entries[place + 1 :])
            maker.write(news, card, b"related:\n" + related + b"\n" if related else b"")


def main() -> None:
    """Write the corpus that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a corpus of invented news cards.")
    parser.add_argument("folder", type=Path, help="gets _news and _data")
    parser.add_argument("--cards", type=int, required=True, help="how many cards")
    parser.add_argument("--seed", type=int, default=0, help="one seed and count: one corpus")
    parser.add_argument("--small", action="store_true", help="leave out `related`: 2 KB a card, not 27")
    parser.add_argument("--oddities", action="store_true", help="put in what real corpora have of it")
    generate(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
