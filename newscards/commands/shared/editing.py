"""The run of every editing command: choose cards, plan all, ask, write, and report."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from newscards.cards.card import Unreadable
from newscards.commands.shared.corpora import current_workspace, read_names, tell_unreadable
from newscards.commands.shared.edit_output import COLORS, JsonTeller, Results, TextTeller, summary
from newscards.commands.shared.options import EditOptions
from newscards.edits.apply import read_whole_file
from newscards.edits.journal import CardEdit, Journal, JournalError
from newscards.edits.patches import patched, sha256, unified_diff, unpatched
from newscards.edits.plan import MakeOperations, Plan, Planner
from newscards.edits.transaction import editing, write
from newscards.errors import EditRefusedError, NewscardsError
from newscards.frontmatter.limits import Limits
from newscards.output.ui import Ui, current
from newscards.query.criteria import Criteria, has_criteria
from newscards.query.selection import Selection
from newscards.text import counted, path_text

_SAMPLE = 5
"""How many cards the plan shows before it asks."""


class PlanPreview:
    """A plan, as it is shown on standard error: how many of how many, the first cards, and all diffs.

    ``becoming`` has, by its file, the sha256 of what each card that would change is to become.
    """

    def __init__(self, ui: Ui, *, diffs: bool) -> None:
        self._ui, self._diffs = ui, diffs
        self._sample: list[str] = []
        self.becoming: dict[str, str] = {}

    def add(self, told: Mapping[str, Any], record: CardEdit, diff: Iterable[str]) -> None:
        """Take a card that would change; its diff is shown at once."""
        self.becoming[record.path] = record.after
        if len(self._sample) < _SAMPLE:
            self._sample.append(summary(told, shutil.get_terminal_size().columns - 2))
        for line in diff:
            self._echo(click.style(line, fg=COLORS.get(line[:1])), nl=False)

    def show(self, chosen: int, of: int, results: Results) -> None:
        """Show the plan of the cards that were chosen, of so many."""
        changes = f"{len(self.becoming):,} would change, {results.rest}"
        self._echo(f"{chosen:,} of {counted(of, 'card')} chosen: {changes}")
        for line in self._sample:
            self._echo(f"  {line}")
        if len(self.becoming) > len(self._sample):
            more = "" if self._diffs else "; --diff shows them all"
            self._echo(f"  and {len(self.becoming) - len(self._sample):,} more{more}")

    def _echo(self, text: str, *, nl: bool = True) -> None:
        click.echo(text, err=True, nl=nl, color=self._ui.colored(sys.stderr))


def confirm(ui: Ui, cards: int) -> bool:
    """Ask whether to write so many cards; raises ``click.Abort`` at Ctrl-C and at the end of the input."""
    try:
        if click.confirm(f"Write {counted(cards, 'card')}?", err=True):
            return True
    except click.Abort:
        click.echo(err=True)  # the cursor stands behind the question
        ui.notice("nothing was written")
        raise
    ui.notice("nothing was written")
    return False


@dataclass
class Chosen:
    """The cards that are to be edited; ``of`` is how many there were to choose from, if they were chosen."""

    paths: list[str]
    limits: Limits
    of: int | None = None
    unreadable: list[Unreadable] = field(default_factory=list)


def selects(options: Criteria, names: Sequence[str]) -> bool:
    """Tell whether the options choose the cards; raises ``NewscardsError`` where that is not clear."""
    chosen = has_criteria(options)
    if chosen and names:
        raise NewscardsError(
            "cards are named, and chosen by options, too",
            "name them, or choose them; `newscards list OPTIONS --format ids` shows what options choose",
        )
    if not chosen and not names:
        raise NewscardsError(
            "no card is named", "name cards, `-` to read them, or options that choose them, as --topic T"
        )
    return not names


def choose(options: Criteria, names: Sequence[str] | None) -> Chosen:
    """Return the cards that are named, or, without names, those that the options choose; each file once.

    Raises ``CardNotFoundError`` where a name means no card, or several.
    """
    from newscards.corpus.workspace import resolve_cards

    workspace = current_workspace()
    corpus, _ = workspace.open()
    if names is not None:
        return Chosen(resolve_cards(corpus, names, part=False) if names else [], corpus.limits)
    selection = Selection(workspace, options)
    chosen = Chosen([], corpus.limits, len(corpus), selection.unreadable)
    files: set[str] = set()
    for card in selection.cards(corpus, frozenset()):
        if (file := os.path.realpath(card.path)) not in files:
            files.add(file)
            chosen.paths.append(card.path)
    selection.report_unknown()
    return chosen


@dataclass(slots=True)
class Request:
    """What an editing command wants of each card.

    ``prepare`` is given the cards before the first is planned, and may make ``planner`` ready for them;
    ``also`` yields, afterwards, further cards that are to be edited for the sake of those that were planned.
    """

    ask: MakeOperations
    planner: Planner = field(default_factory=Planner)
    prepare: Callable[[Chosen], None] = lambda chosen: None
    also: Callable[[], Iterable[tuple[str, MakeOperations]]] = tuple


def run(request: Request, options: EditOptions) -> int:
    """Edit the cards that the options name or choose; return the exit code.

    Raises ``CardNotFoundError``, with nothing written, where a name means no card, or several.
    """
    return _Edit(current(), request, options).run()


class _Edit:
    """One run of an editing command."""

    def __init__(self, ui: Ui, request: Request, options: EditOptions) -> None:
        self._ui, self._request, self._options = ui, request, options
        self._selects = selects(options, options["names"])
        self._diffs = options["diff"]
        self._text = TextTeller(ui, dry_run=options["dry_run"], brief=self._selects)
        is_json = options["form"] == "json"
        self._results = Results(JsonTeller(ui, dry_run=options["dry_run"]) if is_json else self._text)
        self._number = 0
        """That of the card which is planned, in the order of the names."""
        self._warned: set[tuple[str, str]] = set()
        self._heard: set[int] = set()
        """The numbers of the cards that were written, or could not be."""

    def run(self) -> int:
        options = self._options
        if options["diff"] and options["form"] == "json":
            raise NewscardsError(
                "--diff is for people, and --format json for programs", "leave out one of them"
            )
        asks = self._selects and not options["yes"] and not options["dry_run"]
        if asks and not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise NewscardsError(
                "cards that options choose are written after a yes, and there is no terminal to ask in",
                "--dry-run shows what would change, --yes writes without asking",
            )
        # Before the lock is taken: what writes the names may be a newscards that waits for it.
        names = None if self._selects else read_names(options["names"], nul=options["nul"])
        chosen, shown = None, None
        if asks:
            chosen = self._choose(names)
            shown = self._show(chosen)
            if shown and not confirm(self._ui, len(shown)):
                self._results.end()
                return 1
            self._diffs = False  # they were shown
        if options["dry_run"] or shown == {}:
            self._tell(chosen or self._choose(names))
        else:
            with editing(self._ui.notice, self._ui.warn) as journal:
                self._write(journal, chosen or self._choose(names), shown)
        return self._end()

    def _choose(self, names: tuple[str, ...] | None) -> Chosen:
        chosen = choose(self._options, names)
        self._request.planner.limits = chosen.limits
        self._request.prepare(chosen)
        tell_unreadable(self._ui, [record.message for record in chosen.unreadable])
        self._results.lost = len(chosen.unreadable)
        return chosen

    def _plans(self, chosen: Chosen, results: Results) -> Iterator[Plan]:
        """Plan every card; tell which are refused, and what there is to warn of, before any is written."""
        self._number, request = 0, self._request
        made = request.planner.plan_all(chosen.paths, request.ask)
        paths = self._ui.track(chosen.paths, len(chosen.paths), "Planning edits")
        for path, plan in zip(paths, made, strict=True):
            yield from self._planned(path, plan, results)
        for path, ask in request.also():
            (plan,) = request.planner.plan_all([path], ask)
            yield from self._planned(path, plan, results)

    def _planned(
        self, path: str, plan: Plan | EditRefusedError | OSError, results: Results
    ) -> Iterator[Plan]:
        self._number += 1
        if not isinstance(plan, Plan):
            results.refused(self._number, path, plan)
            return
        warning = "; ".join(plan.report["warnings"])
        if warning and (path, warning) not in self._warned:
            self._warned.add((path, warning))
            self._ui.warn(f"{path_text(path)}: {warning}")
        yield plan

    def _show(self, chosen: Chosen) -> dict[str, str]:
        """Show the plan; return, by its file, what each card that would change is to become."""
        survey, results = PlanPreview(self._ui, diffs=self._diffs), Results(self._text)
        for plan in self._plans(chosen, results):
            if plan.card_edit:
                survey.add(plan.report, plan.card_edit, self._diff(plan.path, plan.card_edit))
            else:
                results.already += 1
        survey.show(len(chosen.paths), chosen.of or 0, results)
        return survey.becoming

    def _tell(self, chosen: Chosen) -> None:
        """Plan all cards, and tell what would become of them."""
        for plan in self._plans(chosen, self._results):
            if plan.card_edit:
                self._results.changed(self._number, plan.report, self._diff(plan.path, plan.card_edit))
            else:
                self._results.same(self._number, plan.report)

    def _write(self, journal: Journal, chosen: Chosen, shown: Mapping[str, str] | None) -> None:
        """Plan all cards into the journal, then write them; what goes wrong is told, and counted."""
        results, drafted = self._results, list[tuple[int, str]]()
        plans = self._plans(chosen, results)
        try:
            with journal.draft(self._ui.command) as draft:
                for plan in plans:
                    number, record = self._number, plan.card_edit
                    if record is None:
                        results.same(number, plan.report)
                    elif shown is not None and shown.get(record.path) != record.after:
                        changed = EditRefusedError("it was changed since it was shown", "run it again")
                        results.refused(number, plan.path, changed)
                    else:
                        drafted.append((number, plan.path))
                        draft.add(
                            record._replace(report={**plan.report, "number": number, "name": plan.path})
                        )
                entry = draft.seal() if drafted else None
        except JournalError as error:
            for number, path in drafted:
                results.refused(number, path, error)
            for plan in plans:  # the others are named, too
                if plan.card_edit:
                    results.refused(self._number, plan.path, error)
                else:
                    results.same(self._number, plan.report)
            return
        if entry:
            try:
                write(entry, self._written, self._ui.notice)
            except JournalError as error:
                for number, path in drafted:
                    if number not in self._heard:
                        results.refused(number, path, error)
                results.lost += 1
                self._ui.error(str(error), error.hint)

    def _written(self, record: CardEdit, error: Exception | None) -> None:
        """Tell of a card that was to be written; ``error`` is why it was not."""
        number, path = record.report["number"], record.report["name"]
        self._heard.add(number)
        if error is None:
            self._results.changed(number, record.report, self._diff(path, record))
        else:
            self._results.refused(number, path, error)

    def _diff(self, path: str, record: CardEdit) -> Iterator[str]:
        """Yield the change of a card, before it is written or after, as the lines of a diff."""
        if not self._diffs:
            return
        try:
            source = read_whole_file(record.path)
            old = source if sha256(source) == record.before else unpatched(source, record.patches)
            new = patched(old, record.patches)
        except (EditRefusedError, OSError):  # it was changed again meanwhile
            return
        yield from unified_diff(path, old, new)

    def _end(self) -> int:
        results = self._results
        results.end()
        if self._selects or results.cards > 1:
            verb = "would change" if self._options["dry_run"] else "changed"
            undoable = results.changes and not self._options["dry_run"] and sys.stderr.isatty()
            hint = "; `newscards undo` takes it back" if undoable else ""
            self._ui.notice(f"{results.changes:,} {verb}, {results.rest}{hint}")
        results.raise_unheard()
        return results.code
