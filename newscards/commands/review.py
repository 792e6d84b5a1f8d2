"""``newscards review``: what waits for a decision, one card after the other, a key for each decision."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import CONTEXT, common_options, completed_by, selection_options
from newscards.errors import NewscardsError, system_reason
from newscards.output.ui import Ui, current
from newscards.query.criteria import Criteria, has_criteria
from newscards.text import counted, one_line, shorten

if TYPE_CHECKING:
    from rich.console import Console

    from newscards.cards.card import Card
    from newscards.commands.shared.editing import Request
    from newscards.commands.shared.review_session import Decision, Program, Question, Session, View
    from newscards.corpus.corpus import Corpus
    from newscards.corpus.settings import Settings
    from newscards.lint.findings import Finding
    from newscards.output.screen import Screen
    from newscards.output.terminal.review import Remark
    from newscards.query.review_queue import Step
    from newscards.query.topics import KnownTopics


_BROWSER_TIME = 2.0
"""The seconds after which what opens a URL is taken for a browser that runs."""


@click.command("review", context_settings=CONTEXT)
@click.argument("names", metavar="[CARD]...", nargs=-1, shell_complete=completed_by("card"))
@selection_options
@click.option("--problem", "problems", metavar="WORD", multiple=True,
              shell_complete=completed_by("story_problem"),
              help="Stories with this problem instead, see `newscards stories`; or with `any`.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Review at most N stories.")
@click.option("--dry-run", is_flag=True,
              help="Write nothing; at the end, print the commands that would do it.")  # fmt: skip
@common_options
def command(**options: Any) -> int:
    """Decide about cards in the terminal, one after the other, with a key for each decision.

    What waits for a decision is each story without a published card, also if it is a single card. Its best
    card is shown, the story with the newest card first. Options select the stories with at least one such
    card; CARDs are reviewed whether they are published or not.

    Each decision is written at once, as an edit of its own that `newscards undo` takes back. A card that
    something else has changed meanwhile is shown again, and not overwritten.

    \b
    Keys:
    p h x     publish this card, hide it, take it down (`newscards remove`)
    P         publish this card, and hide the published one of its story
    q t e     set its quality; add or remove a topic; edit it by hand
    1-9 Tab   look at another card of the story
    m d o     show all of the card; what git has changed of it; its URL in a browser
    n k       next story, the one before; also the arrow keys
    u         take back the last decision
    ? Q       help; quit

    \b
    Examples:
      newscards review
      newscards review --since 2d --topic AI --limit 20
      newscards review --problem several-heads
      newscards review some-card --dry-run
    """
    return run(**options)


class ReviewOptions(Criteria):
    """Values of the command's arguments and options."""

    names: tuple[str, ...]
    problems: tuple[str, ...]
    limit: int | None
    dry_run: bool


def run(**options: Unpack[ReviewOptions]) -> int:
    """Review what the options select, and report what was decided; return the exit code."""
    from newscards.commands.shared.corpora import warn_unreadable
    from newscards.output.screen import Screen, has_terminal

    ui = current()
    if not has_terminal():
        raise NewscardsError(
            "`review` asks in a terminal, and there is none",
            "`newscards stories --problem none-published` lists what waits; `newscards set-published`, `set`,"
            " `topic` and `remove` decide",
        )
    queue = _queue(options)
    if not queue.steps:
        ui.notice("nothing to review")
        return warn_unreadable(ui, queue.unreadable)
    session = _session(ui, Screen(ui), queue, dry_run=options["dry_run"])
    try:
        with session.screen.taken():
            session.run()
    except KeyboardInterrupt:
        _report(ui, session)
        raise
    _report(ui, session)
    return warn_unreadable(ui, queue.unreadable)


@dataclass
class _Queue:
    """The steps of a review, and what cannot be read.

    ``topics`` are those of the registry, and of all cards.
    """

    steps: list[Step]
    corpus: Corpus
    settings: Settings
    topics: KnownTopics
    unreadable: list[str]


def _queue(options: ReviewOptions) -> _Queue:
    """Return the steps that the options and CARDs mean."""
    from newscards.cards.card import Unreadable
    from newscards.cards.stories import stories_of
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.stories import chosen_problems, named_stories
    from newscards.corpus.index.encoding import BRIEF_NAMES
    from newscards.query.review_queue import steps_for, steps_of
    from newscards.query.selection import Selection
    from newscards.query.topics import KnownTopics

    problems = chosen_problems(options["problems"])
    if options["names"] and (problems or has_criteria(options)):
        raise NewscardsError(
            "options that select stories do not go with named cards", "leave them out to review these cards"
        )
    if options["published"] and not problems:
        raise NewscardsError(
            "a story with a published card waits for nothing", "add --problem, or name CARDs to review"
        )
    workspace, unreadable = current_workspace(), list[Unreadable]()
    corpus, settings = workspace.open()
    all_cards: list[Card] = []
    if options["names"]:
        paths, story_of = named_stories(options["names"], unreadable, part=False)
        steps = steps_for((path, story_of[path]) for path in paths if path in story_of)
        settings = workspace.settings_for(paths[:1])
        stories = [*{id(story): story for story in story_of.values()}.values()]
        all_cards = [card for story in stories for card in story.cards]
        unreadable = [each for each in unreadable if os.path.realpath(each.path) in paths]
    else:
        selection = Selection(workspace, options, identities=True)
        selected = {card.path for card in selection.cards(corpus, BRIEF_NAMES, all_cards.append)}
        stories = [
            each for each in stories_of(all_cards) if any(card.path in selected for card in each.cards)
        ]
        steps = steps_of(stories, problems)
        selection.report_unknown()
        unreadable = selection.unreadable
    topics = KnownTopics.of(settings)
    for card in all_cards:
        topics.add(card)
    messages = [each.message for each in unreadable]
    return _Queue(steps[: options["limit"]], corpus, settings, topics, messages)


def _session(ui: Ui, screen: Screen, queue: _Queue, *, dry_run: bool) -> Session:
    """Return the session, with what its keys do."""
    from newscards.commands.shared.review_session import Session

    return Session(
        screen,
        queue.steps,
        queue.corpus.limits,
        [*_decisions(queue)],
        [*_views(queue)],
        _Description(queue),
        [each for each in _programs() if not (dry_run and each.edits)],
        ui.colored(sys.stdout),
        dry_run,
    )


def _decisions(queue: _Queue) -> Iterator[Decision]:
    """Yield the decisions, in the order of their keys below the page."""
    from newscards.cards.stories import StoryOfCard
    from newscards.commands import remove, topic
    from newscards.commands import set as set_
    from newscards.commands.shared.editing import Request
    from newscards.commands.shared.review_session import Decision, Question
    from newscards.edits.plan import Planner
    from newscards.edits.published import hide, publish, refuse_partial_swap, swap
    from newscards.lint.publishing import nothing_shown
    from newscards.output.terminal.review import Binding
    from newscards.query.linters import flag_check

    # The doubts about a card are remarks below it already.
    check = flag_check(queue.settings)

    def always(cards: Sequence[Card]) -> bool:
        return True

    def never(cards: Sequence[Card]) -> bool:
        return False

    def if_none_waits(cards: Sequence[Card]) -> bool:
        return any(card.published for card in cards) or all(card.is_taken_down for card in cards)

    def hiding_planner(story: Sequence[Card]) -> Planner:
        """Return a planner that warns if the story loses its last published card."""
        cards = {each.identity: each for each in story}
        return Planner(
            check=check,
            find_warnings=lambda card, old, new: nothing_shown(
                StoryOfCard.of(card, cards), {os.path.realpath(card.path)}
            ),
        )

    def swap_request(card: Card, story: Sequence[Card], answer: str) -> Request:
        planner = Planner(check=check)
        operations = swap(card.path, (other for other in story if other.path != card.path), publish)
        others = [(path, make) for path, make in operations.items() if path != card.path]
        return Request(
            publish,
            planner,
            lambda cards: refuse_partial_swap(planner, operations, in_place=False),
            lambda: others,
        )

    yield Decision(
        Binding("p", "publish", "publish the card: `published: true`"),
        lambda card, story, _: Request(publish, Planner(check=check)),
        lambda _: ["set-published", "true"],
        always,
        kept="published already",
    )
    yield Decision(
        Binding("P", "swap", "publish the card, and hide the other published cards of its story"),
        swap_request,
        lambda _: ["set-published", "true", "--swap"],
        always,
        kept="published already",
    )
    yield Decision(
        Binding("h", "hide", "hide the card, or leave it hidden: `published: false`"),
        lambda card, story, _: Request(hide, hiding_planner(story)),
        lambda _: ["set-published", "false"],
        always,
        kept="kept hidden",
    )
    yield Decision(
        Binding("x", "remove", "take the card down: `removed: true` and `published: false`"),
        lambda card, story, _: remove.request(hiding_planner(story)),
        lambda _: ["remove"],
        if_none_waits,
        kept="removed already",
    )
    yield Decision(
        Binding("q", "quality", "set the quality of the card, and of its copies in `related`"),
        lambda card, story, answer: set_.request("quality", answer, related=True, force=False, strict=False),
        lambda answer: ["set", "--related", "quality", answer],
        never,
        lambda card: Question(
            f"Quality (now {one_line(str(card.quality))}):",
            "a number, also for its copies; Esc changes nothing",
        ),
    )

    def topic_doubt(answer: str) -> str:
        name = answer.lstrip("+-").strip()
        if answer.startswith("-") or not name or queue.topics.has(name):
            return ""
        where = "Neither the registry nor a card has" if queue.topics.registry else "No card has"
        return f"{where} the topic `{one_line(name)}`: add it all the same?"

    def topic_question(card: Card) -> Question:
        now = one_line(", ".join(card.topics)) or "none"
        hint = f"now: {now}. A name adds a topic, -name removes one; Tab completes, Esc changes nothing"
        return Question("Topic:", hint, queue.topics.names, topic_doubt)

    def topic_request(card: Card, story: Sequence[Card], answer: str) -> Request:
        name = answer.lstrip("+-").strip()
        if answer.startswith("-"):
            return topic.removal(name, force=False)
        return topic.addition(queue.topics.spelled(name), force=False)

    def topic_command(answer: str) -> list[str]:
        name = answer.lstrip("+-").strip()
        return (
            ["topic", "remove", name]
            if answer.startswith("-")
            else ["topic", "add", queue.topics.spelled(name)]
        )

    yield Decision(
        Binding("t", "topics", "add a topic to the card, or remove one"),
        topic_request,
        topic_command,
        never,
        topic_question,
    )


def _views(queue: _Queue) -> Iterator[View]:
    """Yield what keys show of a card."""
    from newscards.commands.shared.review_session import View
    from newscards.diff.history import CardHistory
    from newscards.output.terminal.diff import print_differences
    from newscards.output.terminal.review import Binding
    from newscards.output.terminal.show import print_card

    limits, endings = queue.corpus.limits, queue.settings.endings

    def draw_card(console: Console, card: Card, story: Sequence[Card]) -> None:
        print_card(console, card, {each.identity: each for each in story})

    def draw_changes(console: Console, card: Card, story: Sequence[Card]) -> None:
        history = CardHistory.of(card.path, limits, endings, "`newscards diff`", lambda files, total: files)
        event = history.uncommitted()
        found = [event.difference] if event and event.difference else []
        print_differences(console, found, int(event is not None and not found))

    yield View(Binding("m", "more", "all of the card, as `newscards show` prints it"), "The card", draw_card)
    yield View(
        Binding("d", "diff", "what of the card is not committed in git, as `newscards diff` prints it"),
        "Not committed",
        draw_changes,
    )


class _Description:
    """The remarks about a card: what `why`, `validate` and `set-published` report of it."""

    def __init__(self, queue: _Queue) -> None:
        from newscards.commands.shared.corpora import current_workspace
        from newscards.lint.strays import leftovers_of
        from newscards.query.findings import strays_around
        from newscards.query.linters import StoryLinter

        self._linter = StoryLinter(queue.settings)
        self._limits = queue.corpus.limits
        paths = [step.path for step in queue.steps]
        self._leftovers = leftovers_of(strays_around(current_workspace(), paths, self._limits))

    def __call__(self, card: Card, story: Sequence[Card], hashes: Mapping[str, str]) -> list[Remark]:
        from newscards.cards.stories import StoryOfCard
        from newscards.jekyll.explain import explain
        from newscards.lint.findings import Severity
        from newscards.lint.publishing import doubts
        from newscards.output.terminal.review import Remark

        others = {each.identity: each for each in story}
        leftovers = self._leftovers.get(os.path.abspath(card.path), ())
        why = explain(card.path, others, self._limits, leftovers)
        findings = self._linter.findings(card.path, hashes)
        errors = [each for each in findings if each.severity is Severity.ERROR]
        remarks = [Remark("Why", why.sentence)]
        place = StoryOfCard.of(card, others)
        if place.unresolved:
            remarks.append(Remark("Related", place.sentence))
        remarks.append(_summary(findings, errors))
        if not card.published and (reasons := doubts(place, ())):  # the errors stand above
            advice = ["P swaps it for the published card"] if place.shown else []
            remarks.append(Remark("Doubts", "; ".join([*advice, *reasons]), "yellow", 3))
        return remarks


def _summary(findings: Sequence[Finding], errors: Sequence[Finding]) -> Remark:
    """Return the findings of a card as one line, the errors first."""
    from newscards.lint.findings import by_rank, count_all
    from newscards.output.terminal.review import Remark

    if not findings:
        return Remark("Validate", "no findings", "dim")
    words = [f"{each.rule.title}: {each.message}" for each in by_rank(findings)]
    first = shorten(words[0])
    more = count_all(findings) - 1
    kind = "error " if errors else ""
    rest = f"; and {counted(more, 'more finding')}" if more else ""
    return Remark("Validate", f"{kind}{first}{rest}", "red" if errors else "yellow")


def _programs() -> Iterator[Program]:
    """Yield what keys start with a card."""
    from newscards.commands.shared.review_session import Program
    from newscards.output.terminal.review import Binding

    yield Program(
        Binding("e", "edit", "edit the card by hand, as `newscards edit` does"), _edit_by_hand, edits=True
    )
    yield Program(Binding("o", "open", "open the URL of the card in the browser"), _open_url)


def _edit_by_hand(card: Card) -> int:
    """Open a card in the user's editor; return the number of the edit in the journal, 0 if there is none.

    What goes wrong stays on the screen until a key is pressed.
    """
    from newscards.commands import edit
    from newscards.commands.shared.review_session import argument
    from newscards.output.screen import read_character

    ui = current()
    args, ui.args = ui.args, ("edit", argument(card.path))  # for the journal
    numbers = [0]
    try:
        if edit.run([card.path], on_edit=numbers.append):
            click.echo("Press any key to go on with the review ...", nl=False)
            read_character()  # unlike `click.pause`, it gets a key that comes early
            click.echo()
    finally:
        ui.args = args
    return numbers[-1]


def _open_url(card: Card) -> int:
    """Open the URL of a card in the browser; raises ``NewscardsError`` if it is none of the web.

    It is also raised where there is no browser.
    """
    import subprocess  # only here: it takes long to import

    if not card.url.startswith(("https://", "http://")):
        raise NewscardsError("the card has no URL that a browser can open")
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        # It writes its errors on the screen, and may run as long as the browser does.
        browser = subprocess.Popen(  # noqa: S603 - no shell reads the URL, which begins with its scheme
            [opener, card.url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        code = browser.wait(_BROWSER_TIME)
    except subprocess.TimeoutExpired:
        return 0
    except OSError as error:
        raise NewscardsError(f"no browser: {opener}: {system_reason(error)}") from None
    if code:
        raise NewscardsError(f"no browser: {opener} could open none", "$BROWSER may name one")
    return 0


def _report(ui: Ui, session: Session) -> None:
    """Report what was decided, as `diff` reports changes; in a dry run, the commands that would do it."""
    from newscards.cards.card import Card
    from newscards.diff.card_diff import difference

    for message in dict.fromkeys(session.messages):
        ui.notice(message)
    if not session.made:
        ui.notice("nothing was decided")
        return
    decisions = counted(len(session.made), "decision")
    if session.dry_run:
        for made in filter(lambda made: made.changes, session.made):
            ui.write(f"newscards {one_line(made.command)}\n")
        ui.notice(f"{decisions}, none of them written (dry run)")
        return
    from newscards.output.terminal.diff import print_differences

    differences = []
    for before in session.originals.values():
        after = session.read(before.path)
        if isinstance(before, Card) and (changed := difference(before, after)):
            differences.append(changed)
    print_differences(ui.console(), differences, 0)
    undo = "; `newscards undo` takes back the last edit, `undo --list` shows all"
    ui.notice(f"{decisions}{undo if any(made.changes for made in session.made) else ''}")
