"""Stories: several as a table, or one as a timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from newscards.cards.card import Card, text
from newscards.cards.stories import PROBLEMS, Story
from newscards.output.terminal.list import HIDDEN, REMOVED, SHOWN, flag, flag_style, number
from newscards.output.terminal.show import clean
from newscards.output.terminal.table import TableColumn, fitted, fixed, print_rows
from newscards.text import counted, one_line, path_text

_WRONG = {"several-published", "better-unpublished", "no-head", "several-heads"}


def _sign(story: Story) -> str:
    """Return the sign of a story.

    ● a card is published, ○ none is, ! wrong cards are published, or the head is not clear.
    """
    if _WRONG.intersection(story.problems):
        return "!"
    return "●" if story.published else "○"


def _sign_style(story: Story) -> Style:
    return {"!": REMOVED, "●": SHOWN}.get(_sign(story), HIDDEN)


def _sources(story: Story) -> str:
    return (story.sources or ("",))[0] + _more_sources(story)


def _more_sources(story: Story) -> str:
    more = len(story.sources) - 1
    return f" +{more}" if more > 0 else ""


def _fitted_sources(story: Story, width: int) -> list[Segment]:
    """Return the sources in a width; the number of further ones stays if the first is cut."""
    more = _more_sources(story)
    first = one_line(_sources(story)).removesuffix(more)
    return [Segment(fitted(first, width - cell_len(more)) + more)]


_COLUMNS: tuple[TableColumn[Story], ...] = (
    TableColumn("", _sign, _sign_style),
    TableColumn("Cards", lambda story: str(len(story.cards)), right=True),
    TableColumn(
        "First", lambda story: str(story.dates[0].date()) if story.dates else "", fixed("cyan"), drop_order=2
    ),
    TableColumn(
        "Last", lambda story: str(story.dates[-1].date()) if story.dates else "", fixed("cyan"), drop_order=1
    ),
    TableColumn("Heat", lambda story: number(story.head.heat), max_width=6, right=True, drop_order=4),
    TableColumn("Sources", _sources, max_width=22, drop_order=5, fit=_fitted_sources),
    TableColumn(
        "Problems", lambda story: ", ".join(story.problems), fixed("red"), max_width=37, drop_order=3
    ),
    TableColumn("Headline", lambda story: clean(story.head.title) or story.head.id, elastic=30),
)
"""A narrow terminal drops the dates first, then problems, heat and sources."""


def print_stories(console: Console, stories: Sequence[Story], total: int) -> None:
    """Print the first of ``total`` stories as a table, and a summary of their sizes and problems."""
    source = _only_source(stories)
    if stories:
        # The summary names the problems, and the source, that all stories have.
        omitted = {"Problems"} if len({story.problems for story in stories}) == 1 else set()
        omitted.update(["Sources"] * bool(source))
        print_rows(console, [column for column in _COLUMNS if column.heading not in omitted], stories)
        console.print()
    several = sum(len(story.cards) > 1 for story in stories)
    line = counted(total, "story", "stories")
    if len(stories) < total:  # what follows is about the stories in the table
        line = f"{len(stories):,} of {line} shown"
    several_text = f"{f'{several:,}' if several else 'none'} of several cards"
    problems = Counter(word for story in stories for word in story.problems)
    counts = [f"{problems[word]:,} {word}" for word in PROBLEMS if problems[word]]
    sources = [f"all from {one_line(source)}"] * bool(source)
    rest = f": {'; '.join([several_text, *sources, *counts])}" if stories else ""
    console.print(f"{line}{rest}", style="dim")


def _only_source(stories: Sequence[Story]) -> str:
    """Return the source of all cards of several stories; empty if there are more."""
    sources = {story.sources for story in stories}
    (first, *others) = next(iter(sources), ()) or ("",)
    return first if len(stories) > 1 and len(sources) == 1 and not others else ""


def print_timeline(console: Console, story: Story) -> None:
    """Print a story: its headline, its size, head and problems, and its cards by date."""
    console.print(Text(clean(story.head.title) or story.head.id, "bold"))
    dates, sources = story.dates, counted(len(story.sources), "source")
    line = f"{counted(len(story.cards), 'card')} from {sources}"
    if dates:
        first, last = dates[0].date(), dates[-1].date()
        line += f", {first}" if first == last else f", {first} to {last}"
    console.print(Text(line, "dim"))
    for label, card in _labelled_cards(story):
        console.print(Text.assemble((f"{label:<11}", "dim"), path_text(card.id)), soft_wrap=True)
    for word in story.problems:
        console.print(Text.assemble((f"{'problem':<11}", "red"), f"{PROBLEMS[word]} ({word})"))
    console.print()
    cards = sorted(story.cards, key=lambda card: (card.date is None, card.date and card.date.timestamp()))
    print_rows(console, _timeline_columns(story, cards), cards)


def _labelled_cards(story: Story) -> Iterator[tuple[str, Card]]:
    """Yield the head and the published cards of a story of several cards, each after its label."""
    if len(story.cards) > 1:
        yield "head ▸", story.head
        yield from (("published", card) for card in story.published)


def _timeline_columns(story: Story, cards: Sequence[Card]) -> list[TableColumn[Card]]:
    days: dict[str, str] = {}
    before = ""
    for card in cards:
        day = str(card.date.date()) if card.date else "no date"
        days[card.path], before = ("" if day == before else day), day
    bold, normal = Style(bold=True), Style()
    return [
        TableColumn("Date", lambda card: days[card.path], fixed("cyan")),
        TableColumn("UTC", lambda card: f"{card.date:%H:%M}" if card.date else "", fixed("cyan"),
               drop_order=2),
        TableColumn("", lambda card: flag(card) + "▸" * (card is story.head and len(cards) > 1), flag_style),
        TableColumn("Qual", lambda card: number(card.quality), max_width=6, right=True, drop_order=3),
        TableColumn("Heat", lambda card: number(card.heat), max_width=6, right=True, drop_order=1),
        TableColumn("Provider", lambda card: text(card.provider.get("name")), max_width=19, drop_order=4),
        TableColumn("Title", lambda card: clean(card.title) or card.id,
               lambda card: bold if card is story.head else normal, elastic=30),
    ]  # fmt: skip
