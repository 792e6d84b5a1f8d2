"""What waits for a curator's decision: a step for each story, and its cards as their files are now."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from newscards.cards.card import Card, CardOrUnreadable, Unreadable
from newscards.cards.reader import parse, read_bytes
from newscards.cards.stories import Story
from newscards.edits.patches import sha256
from newscards.errors import system_reason
from newscards.frontmatter.limits import Limits


@dataclass(frozen=True, slots=True)
class Step:
    """One decision: the paths of the cards of a story, the best first, and the card to look at first.

    ``problems`` are those of the story for which it was chosen (``stories.PROBLEMS``).
    """

    paths: tuple[str, ...]
    path: str
    problems: tuple[str, ...] = ()


def steps_of(stories: Iterable[Story], problems: Collection[str] = ()) -> list[Step]:
    """Return a step for each story that waits for a decision, the story with the newest card first.

    A story waits if none of its cards is published, and not all of them are removed; or with ``problems``, if
    it has one of these (``stories.PROBLEMS``). The card to look at is the best one that is not removed.
    """
    waiting = [story for story in stories if _waits(story, problems)]
    waiting.sort(
        key=lambda story: story.dates[-1].timestamp() if story.dates else float("-inf"), reverse=True
    )
    return [_step(story, problems) for story in waiting]


def steps_for(named: Iterable[tuple[str, Story]]) -> list[Step]:
    """Return a step for each of some cards, given by real path with its story; one step for each story."""
    steps: dict[int, Step] = {}
    for file, story in named:
        path = next(card.path for card in story.cards if os.path.realpath(card.path) == file)
        steps.setdefault(id(story), Step(_paths(story), path))
    return list(steps.values())


def _waits(story: Story, problems: Collection[str]) -> bool:
    if problems:
        return not set(problems).isdisjoint(story.problems)
    return not story.published and not all(card.is_taken_down for card in story.cards)


def _step(story: Story, problems: Collection[str]) -> Step:
    best = next((card for card in story.cards if not card.is_taken_down), story.head)
    chosen = tuple(problem for problem in story.problems if problem in problems)
    return Step(_paths(story), best.path, chosen)


def _paths(story: Story) -> tuple[str, ...]:
    return tuple(card.path for card in story.cards)


@dataclass(frozen=True)
class StoryFiles:
    """The cards of a story as their files are, by path, and the SHA-256 of their bytes.

    A card whose file is gone is left out.
    """

    records: dict[str, CardOrUnreadable]
    hashes: dict[str, str]

    @classmethod
    def read(cls, paths: Iterable[str], limits: Limits, before: StoryFiles | None = None) -> StoryFiles:
        """Read the cards; one whose bytes are as they were ``before`` is not parsed again."""
        records: dict[str, CardOrUnreadable] = {}
        hashes: dict[str, str] = {}
        for path in paths:
            try:
                source = read_bytes(path, limits)
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as error:
                records[path], hashes[path] = Unreadable(path, "io", system_reason(error)), ""
                continue
            hashes[path] = sha256(source)
            if before and before.hashes.get(path) == hashes[path]:
                records[path] = before.records[path]
            else:
                records[path] = parse(path, source, limits)
        return cls(records, hashes)

    @cached_property
    def cards(self) -> list[Card]:
        """The cards that can be read."""
        return [record for record in self.records.values() if isinstance(record, Card)]
