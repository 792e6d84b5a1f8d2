"""The session of a review: the steps, and what each key does."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from newscards.cards.card import Card, CardOrUnreadable
from newscards.cards.change_text import change_text
from newscards.commands.shared.decision import Decided, decide, take_back
from newscards.edits.patches import common_prefix
from newscards.errors import EditRefusedError, NewscardsError, hint_of, system_reason
from newscards.frontmatter.limits import Limits
from newscards.output.keys import Key
from newscards.output.screen import END, RESIZE, Screen
from newscards.output.terminal.review import (
    Binding,
    Remark,
    ReviewPage,
    end_rows,
    help_rows,
    overlay_rows,
    page_rows,
    printed_rows,
)
from newscards.query.review_queue import Step, StoryFiles
from newscards.text import counted, cut, one_line, path_text

if TYPE_CHECKING:
    from rich.console import Console

    from newscards.commands.shared.editing import Request

_MAX_ANSWER = 200
"""The number of characters of an answer; more are not taken."""
_MAX_WORDS_SHOWN = 8
"""The number of completions that are shown."""
_MOVES = frozenset({"n", "j", "k", "right", "left", "u", "?", "Q", "ctrl-d"})
"""The keys that count although they were typed before the card was shown: none of them decides."""
_OK, _NOTE, _BAD = "green", "yellow", "red"


class Question(NamedTuple):
    """Question of a decision, with a hint above it and the words that Tab completes.

    ``doubt`` returns what an answer must be confirmed for, as a question; an empty text if it need not be.
    """

    text: str
    hint: str
    words: Sequence[str] = ()
    doubt: Callable[[str], str] = lambda answer: ""


class Decision(NamedTuple):
    """A decision that a key makes about the card on the screen.

    ``request`` returns the request for a card, its story, and the answer to the ``question``, an empty text
    if there is none. ``command`` returns the words of a command line that does the same, with the path behind
    them. After the decision the next step is shown if ``moves_on`` says so of the story as it is then.
    ``kept`` says of a card that it is as the decision wants it already.
    """

    binding: Binding
    request: Callable[[Card, Sequence[Card], str], Request]
    command: Callable[[str], Sequence[str]]
    moves_on: Callable[[Sequence[Card]], bool]
    question: Callable[[Card], Question] | None = None
    kept: str = "nothing to change"


class View(NamedTuple):
    """View that a key opens: a title, and the function that prints it, which may raise ``NewscardsError``."""

    binding: Binding
    title: str
    draw: Callable[[Console, Card, Sequence[Card]], None]


class Program(NamedTuple):
    """Action that a key starts with a card. ``run`` may raise ``NewscardsError``.

    With ``edits`` it has the terminal, and may edit the card; ``run`` returns the number of that edit in the
    journal, else 0.
    """

    binding: Binding
    run: Callable[[Card], int]
    edits: bool = False


class Made(NamedTuple):
    """A decision that was made: the step, the card, what it changed, and the command that does the same.

    ``number`` is that of the edit in the journal, 0 if it is in none; ``changes`` says whether there is one.
    ``key`` is the key that was pressed.
    """

    step: int
    path: str
    words: str
    command: str
    number: int
    key: str
    changes: bool = True


class _ChangedError(Exception):
    """The error for cards that are not as they were shown."""


Describe = Callable[[Card, Sequence[Card], Mapping[str, str]], list[Remark]]
"""A function that returns the lines below a card; it gets the card, its story, and their hashes."""


@dataclass
class Session:
    """A review, step by step. ``run`` shows the steps, and a last page behind them, until somebody quits.

    ``made`` are the decisions that stand at the end, ``originals`` the cards as they were before the first of
    them, by real path, and ``messages`` what the editing had to say meanwhile.
    """

    screen: Screen
    steps: Sequence[Step]
    limits: Limits
    decisions: Sequence[Decision]
    views: Sequence[View]
    describe: Describe
    programs: Sequence[Program]
    colored: bool
    dry_run: bool = False
    made: list[Made] = field(default_factory=list)
    originals: dict[str, CardOrUnreadable] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    _at: int = 0
    _path: str = ""
    _files: StoryFiles = field(default_factory=lambda: StoryFiles({}, {}))
    _remarks: list[Remark] = field(default_factory=list)
    _status: tuple[str, str] = ("", "")
    _undoable: list[Made] = field(default_factory=list)
    """The decisions that can be taken back, the last one at the end."""

    def run(self) -> None:
        """Show the steps and do what the keys say; raises ``KeyboardInterrupt`` at Ctrl-C."""
        self._go_to(0)
        while True:
            self._draw()
            key = self.screen.read_key()
            if key is RESIZE or key.name == "ctrl-l":
                continue
            if key is END or key.name in ("Q", "ctrl-d"):
                return
            self._status = ("", "")
            if self._at < len(self.steps):
                self._press(key)
            else:
                self._press_at_end(key)

    @property
    def bindings(self) -> list[Binding]:
        """All keys, in the order of the help."""
        return [
            *(each.binding for each in self.decisions),
            Binding("1-9 Tab", "", "another card of the story"),
            *(each.binding for each in self.views),
            *(each.binding for each in self.programs),
            Binding("n j →", "", "the next story, without a decision"),
            Binding("k ←", "", "the story before"),
            Binding("n", "next", ""),
            Binding("k", "back", ""),
            Binding("u", "undo", "take back the last decision, and show its story"),
            Binding("?", "help", "this page"),
            Binding("Q", "quit", "end the review; what was decided stays, as it does after Ctrl-C"),
        ]

    def _press(self, key: Key) -> None:
        """Do what a key says."""
        name = key.name
        decision = next((each for each in self.decisions if each.binding.key == name), None)
        view = next((each for each in self.views if each.binding.key == name), None)
        program = next((each for each in self.programs if each.binding.key == name), None)
        if decision:
            self._decide(decision)
        elif view:
            self._show(view)
        elif program:
            self._start(program)
        elif name in ("n", "j", "right"):
            self._go_to(self._at + 1)
        elif name in ("k", "left"):
            self._go_back()
        elif name in ("tab", "back-tab") or (name.isdecimal() and name.isascii() and name != "0"):
            self._look_at_another(name)
        elif name == "u":
            self._take_back()
        elif name == "?":
            bindings = [each for each in self.bindings if each.help]
            self._overlay("Keys", lambda width: help_rows(bindings, width, color=self.colored))
        else:
            what = "pasted text is no key" if name == "paste" else f"`{one_line(name)}` is no key here"
            self._status = (f"{what}; ? shows the keys", _NOTE)

    def _press_at_end(self, key: Key) -> None:
        """Do what a key says behind the last step."""
        if key.name == "u":
            self._take_back()
        elif key.name in ("k", "left"):
            self._go_back()
        else:
            self._status = ("this is the end: u takes back the last decision, k goes back, Q quits", _NOTE)

    # The steps

    def _go_to(self, at: int, path: str = "") -> None:
        """Show another step, and there the card at ``path``; behind the last one is the page of the end."""
        self._at = at
        if at < len(self.steps):
            self._path = path or self.steps[at].path
            self._load()
        self.screen.drop_typed(_MOVES)

    def _go_back(self) -> None:
        if self._at:
            self._go_to(self._at - 1)
        else:
            self._status = ("this is the first one", _NOTE)

    def _load(self) -> None:
        """Read the cards of the step, and make the remarks about the card."""
        self._files = StoryFiles.read(self.steps[self._at].paths, self.limits, self._files)
        if self._path not in self._files.records:
            self._path = next(iter(self._files.records), self._path)
        record = self._files.records.get(self._path)
        self._remarks = []
        if isinstance(record, Card):
            self._remarks = self.describe(record, self._files.cards, self._files.hashes)

    def _look_at_another(self, name: str) -> None:
        paths = [*self._files.records]
        at = paths.index(self._path) if self._path in paths else 0
        turn = {"tab": 1, "back-tab": -1}.get(name)
        at = int(name) - 1 if turn is None else (at + turn) % max(len(paths), 1)
        if at < len(paths):
            self._path = paths[at]
            self._load()
            if [*self._files.records] != paths:
                self._status = ("something else has changed this story", _NOTE)
        else:
            self._status = (f"the story has no card {name}", _NOTE)

    @property
    def _card(self) -> Card | None:
        """The card on the screen; ``None`` if it is gone, or cannot be read."""
        record = self._files.records.get(self._path)
        return record if isinstance(record, Card) else None

    # Decisions

    def _decide(self, decision: Decision) -> None:
        """Ask what a decision needs, and make it."""
        card, answer = self._card, ""
        if card is None:
            self._status = ("this card cannot be edited", _NOTE)
            return
        if self.dry_run and self._is_decided(decision):
            self._status = ("this dry run has decided that already; u takes it back", _NOTE)
            return
        if decision.question:
            given = self._ask(decision.question(card))
            if given is None:
                self._status = ("nothing was changed", _NOTE)
                return
            answer = given
        command = shlex.join([*decision.command(answer), argument(card.path)])
        try:
            request = decision.request(card, self._files.cards, answer)
            decided = decide(
                request, card.path, self.limits, command, self._check, self._notify, dry_run=self.dry_run
            )
        except _ChangedError:
            self._load()
            self._status = ("something else has changed this story: look at it again, then decide", _NOTE)
            return
        except (NewscardsError, OSError) as error:
            self._load()
            self._status = (_with_hint(error), _BAD)
            return
        self._finish(decision, decided, command)

    def _is_decided(self, decision: Decision) -> bool:
        """Return whether a decision depends on one that was made, which a dry run has not written.

        A value of a card is given once, and the cards of a story are published, hidden or taken down once.
        """
        asking = {each.binding.key for each in self.decisions if each.question}
        here = [made for made in self.made if made.step == self._at]
        if decision.question:
            return any((made.key, made.path) == (decision.binding.key, self._path) for made in here)
        return any(made.key not in asking for made in here)

    def _check(self) -> None:
        """Raise ``_ChangedError`` if a card of the story is not as it was shown."""
        now = StoryFiles.read(self.steps[self._at].paths, self.limits, self._files)
        if now.hashes != self._files.hashes:
            raise _ChangedError

    def _finish(self, decision: Decision, decided: Decided, command: str) -> None:
        """Note a decision that was made, and go on."""
        at, path = self._at, self._path
        for each, before in decided.before.items():
            self.originals.setdefault(os.path.realpath(each), before)
        words, asks = self._words(decision, decided), decision.question is not None
        if decided.reports or not (asks or decided.problems):
            changes = bool(decided.reports)
            self.made.append(Made(at, path, words, command, decided.number, decision.binding.key, changes))
            self._undoable.append(self.made[-1])
        self._load()
        if decided.problems:
            self._status = ("; ".join(decided.problems), _BAD)
            return
        if decision.moves_on(self._files.cards) or (self.dry_run and not asks):
            self._go_to(at + 1)
        elif not asks:
            best = next((card for card in self._files.cards if not card.is_taken_down), None)
            self._path = best.path if best else path
            self._load()
        self._status = (words, _OK if decided.reports or not asks else _NOTE)

    def _words(self, decision: Decision, decided: Decided) -> str:
        """Return what a decision changed, in words: the card itself, and how many others, and how."""
        others = [report for path, report in decided.reports.items() if path != self._path]
        own = decided.reports.get(self._path)
        words = [f"{_changes(own) if own else decision.kept}: {self._title()}"]
        if others:
            changes = dict.fromkeys(map(_changes, others))
            how = f": {next(iter(changes))}" if len(changes) == 1 else ""
            words.append(f"and {counted(len(others), 'other card')}{how}")
        return "; ".join([*words, *(own["warnings"] if own else ())])

    def _title(self) -> str:
        """Return the title of the card on the screen, cut to a few words."""
        return cut(one_line(self._card.title) or path_text(self._card.id), 40) if self._card else ""

    def _take_back(self) -> None:
        """Take back the last decision, and show its step."""
        if not self._undoable:
            self._status = ("there is no decision to take back", _NOTE)
            return
        last = self._undoable.pop()
        restored, problems = 0, list[str]()
        if last.changes and not self.dry_run:
            if not last.number:
                self._status = ("it cannot be taken back: it is in no journal", _BAD)
                return
            try:
                restored, problems = take_back(last.number, self._notify)
            except (NewscardsError, OSError) as error:
                self._undoable.append(last)
                self._status = (_with_hint(error), _BAD)
                return
        self._go_to(last.step, last.path)
        if problems:
            others = f"; {counted(restored, 'other card')} taken back" if restored else ""
            self._status = (f"not taken back: {'; '.join(problems)}{others}", _BAD)
            return
        self.made.remove(last)
        self._status = (f"taken back: {last.words}", _OK)

    def read(self, path: str) -> CardOrUnreadable | None:
        """Return the card in a file as it is now; ``None`` if the file is gone."""
        return StoryFiles.read([path], self.limits).records.get(path)

    def _notify(self, message: str) -> None:
        """Show what the editing has to say, such as that it waits for another newscards."""
        self.messages.append(message)
        self._status = (message, _NOTE)
        self._draw()

    # Other keys

    def _start(self, program: Program) -> None:
        """Give the terminal to a program, and note what it has edited."""
        if (card := self._card) is None:
            return
        number = 0
        try:
            with self.screen.given_back() if program.edits else nullcontext():
                number = program.run(card)
        except (NewscardsError, OSError) as error:
            self._status = (_with_hint(error), _BAD)
        except click.Abort:
            self._status = ("nothing was changed", _NOTE)
        before = self._files
        self._load()
        if number:
            for path, record in before.records.items():
                self.originals.setdefault(os.path.realpath(path), record)
            words = f"edited: {self._title()}"
            command = f"edit {shlex.quote(argument(card.path))}"
            made = Made(self._at, self._path, words, command, number, program.binding.key)
            self.made.append(made)
            self._undoable.append(made)
            self._status = (words, _OK)
        elif program.edits and not self._status[0]:
            self._status = ("nothing was changed", _NOTE)

    def _show(self, view: View) -> None:
        if (card := self._card) is None:
            return
        cards = self._files.cards

        def rows(width: int) -> list[str]:
            return printed_rows(lambda console: view.draw(console, card, cards), width, color=self.colored)

        try:
            self._overlay(view.title, rows)
        except NewscardsError as error:
            self._status = (_with_hint(error), _BAD)

    def _overlay(self, title: str, rows_for: Callable[[int], list[str]]) -> None:
        """Show longer text in place of the page, until a key is pressed that does not turn pages."""
        start, drawn, rows = 0, -1, list[str]()
        while True:
            width, height = self.screen.size
            if width != drawn:
                rows, drawn = rows_for(width), width
            step = max(height - 5, 1)
            self.screen.draw(overlay_rows(rows, start, title, width, height, color=self.colored))
            key = self.screen.read_key()
            last = max(len(rows) - (height - 4), 0)
            if key.name in (" ", "page-down", "down", "enter") and start < last:
                start = min(start + (1 if key.name in ("down", "enter") else step), last)
            elif key.name in ("b", "page-up", "up") and last:
                start = max(start - (1 if key.name == "up" else step), 0)
            elif key is not RESIZE:
                return

    def _ask(self, question: Question) -> str | None:
        """Return what is typed at a question; ``None`` if somebody leaves it."""
        answer, status = "", (question.hint, "")
        while True:
            self._status = status
            self._draw((question.text, answer))
            key = self.screen.read_key()
            if key is END or key.name in ("escape", "ctrl-d", "ctrl-g"):
                return None
            status = (question.hint, "")
            if key.name == "enter":
                answer = answer.strip()
                if not answer or not (doubt := question.doubt(answer)) or self._confirm(doubt):
                    return answer or None
                continue
            if key.name == "backspace":
                answer = answer[:-1]
            elif key.name in ("ctrl-u", "ctrl-w"):
                answer = "" if key.name == "ctrl-u" else answer.rstrip().rpartition(" ")[0]
            elif key.name == "tab":
                answer, found = completed(answer, question.words)
                if len(found) > 1:
                    more = (
                        "" if len(found) <= _MAX_WORDS_SHOWN else f" and {len(found) - _MAX_WORDS_SHOWN} more"
                    )
                    status = (", ".join(found[:_MAX_WORDS_SHOWN]) + more, _NOTE)
                elif not found:
                    status = (f"nothing known begins with `{one_line(answer)}`", _NOTE)
            elif key.is_character or key.name == "paste":
                answer = (answer + (key.text or key.name).replace("\n", " "))[:_MAX_ANSWER]

    def _confirm(self, doubt: str) -> bool:
        """Return whether `y` is pressed at a question; any other key goes back."""
        self._status = (doubt, _NOTE)
        while True:
            self._draw(("y adds it, any other key goes back:", ""))
            if (key := self.screen.read_key()) is not RESIZE:
                return key.name in ("y", "Y")

    def _draw(self, question: tuple[str, str] | None = None) -> None:
        width, height = self.screen.size
        if self._at == len(self.steps):
            self.screen.draw(self._end_rows(width, height))
            return
        page = self._page(question)
        self.screen.draw(page_rows(page, width, height, color=self.colored))

    def _end_rows(self, width: int, height: int) -> list[str]:
        """Return the rows of the page behind the last step."""
        decided = len({made.step for made in self.made})
        heading = f"The end: {decided:,} of {len(self.steps):,} decided"
        keys = [Binding("u", "undo", ""), Binding("k", "back", ""), Binding("Q", "quit", "")]
        words = [made.words for made in self.made]
        return end_rows(heading, words, self._status, keys, width, height, color=self.colored)

    def _page(self, question: tuple[str, str] | None) -> ReviewPage:
        from newscards.cards.card import Unreadable

        record = self._files.records.get(self._path) or Unreadable(self._path, "io", "the file is gone")
        story = [*self._files.records.values()]
        notes = [f"{len(self.made):,} decided"] if self.made else []
        notes += ["dry run: nothing is written"] if self.dry_run else []
        here = [made for made in self.made if made.step == self._at and made.words != self._status[0]]
        remarks = [*self._remarks, *([Remark("Decided", here[-1].words, _OK)] if here else [])]
        shown = [*self._files.records].index(self._path) if self._path in self._files.records else 0
        heading = f"{self._at + 1:,} of {len(self.steps):,}"
        problems = self.steps[self._at].problems
        others = [each for each in problems if each != "none-published"]  # which ``place_of`` says
        place = "; ".join([place_of(self._files.cards), *others])
        return ReviewPage(
            heading, ", ".join(notes), record, story, shown, place, remarks,
            self._status, self.bindings, question,
        )  # fmt: skip


def _changes(report: Mapping[str, Any]) -> str:
    """Return the changes of a card in words."""
    return ", ".join(change_text(change, 40) for change in report["changes"])


def _with_hint(error: NewscardsError | OSError) -> str:
    """Return an error and its hint on one line; where a command has an option for it, a review has a key."""
    if not isinstance(error, EditRefusedError):
        return "; ".join(filter(None, [system_reason(error), hint_of(error)]))
    by_hand = "e edits the card by hand" if error.option else ""
    return "; ".join(filter(None, [f"refused: {system_reason(error)}", error.advice, by_hand]))


def argument(path: str) -> str:
    """Return a path as an argument of a command, which is not taken for an option."""
    return f"./{path}" if path.startswith("-") else path


def place_of(cards: Sequence[Card]) -> str:
    """Return how many cards a story has, and how many of them are published."""
    published = sum(card.published for card in cards)
    count = f"{counted(len(cards), 'card')}"
    return f"{count}, {f'{published:,} published' if published else 'none published'}"


def completed(beginning: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """Return a beginning completed as far as the words agree, and the words that begin like it.

    A sign before it (``-`` or ``+``) stays.
    """
    sign = beginning[:1] if beginning[:1] in ("-", "+") and beginning else ""
    start = beginning[len(sign) :].casefold()
    found = [word for word in words if word.casefold().startswith(start)]
    if not found:
        return beginning, []
    folded = [word.casefold() for word in found]
    common = min(common_prefix(folded[0], each) for each in folded)
    if len(found) == 1 or common > len(start):
        return sign + found[0][:common], found
    return beginning, found
