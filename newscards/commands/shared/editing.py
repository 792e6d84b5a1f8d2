"""The run of every editing command: select cards, plan all edits, ask, write, and report."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from newscards.cards.card import Card, Unreadable
from newscards.commands.shared.corpora import current_workspace, read_names, warn_unreadable
from newscards.commands.shared.edit_output import (
    COLORS,
    CardMessages,
    JsonPrinter,
    Results,
    TextPrinter,
    summary,
)
from newscards.commands.shared.options import EditOptions
from newscards.edits.apply import read_whole_file
from newscards.edits.journal import CardEdit, Journal, JournalError
from newscards.edits.patches import patched, sha256, unified_diff, unpatched
from newscards.edits.plan import CardWarning, MakeOperations, Plan, Planner
from newscards.edits.transaction import editing, write
from newscards.errors import EditRefusedError, NewscardsError
from newscards.frontmatter.limits import Limits
from newscards.output.ui import Ui, current, line_ended
from newscards.query.criteria import Criteria, has_criteria
from newscards.query.selection import Selection
from newscards.text import counted

_MAX_PREVIEWED = 5
"""The number of cards that a preview shows before the question."""


class PlanPreview:
    """Preview of an edit on standard error: the counts, the first cards, and with ``diffs`` every diff.

    ``planned_hashes`` has, by file, the SHA-256 of the bytes that each card would get.
    """

    def __init__(self, ui: Ui, *, diffs: bool) -> None:
        self._ui, self._diffs = ui, diffs
        self._lines: list[str] = []
        self.planned_hashes: dict[str, str] = {}

    def add(self, report: Mapping[str, Any], card_edit: CardEdit, diff: Iterable[str]) -> None:
        """Add a card that would change, and print its diff."""
        self.planned_hashes[card_edit.path] = card_edit.after
        if len(self._lines) < _MAX_PREVIEWED:
            width = shutil.get_terminal_size().columns - 2
            self._lines.append(summary(report, width, colored=self._ui.colored(sys.stderr)))
        for line in diff:
            self._echo(click.style(line, fg=COLORS.get(line[:1])), nl=False)

    def show(self, selected: int, total: int, others: str, results: Results) -> None:
        """Print the counts and the first cards; ``selected`` of ``total`` cards were planned.

        ``others`` says how many of those that would change were not selected, and why they would.
        """
        changes = f"{len(self.planned_hashes):,} would change{others}, {results.rest}"
        self._echo(f"{selected:,} of {counted(total, 'card')} selected: {changes}")
        for line in self._lines:
            self._echo("  " + line.replace("\n", "\n  "))
        if len(self.planned_hashes) > len(self._lines):
            more = "" if self._diffs else "; --diff shows them all"
            self._echo(f"  and {len(self.planned_hashes) - len(self._lines):,} more{more}")

    def _echo(self, text: str, *, nl: bool = True) -> None:
        click.echo(text, err=True, nl=nl, color=self._ui.colored(sys.stderr))


def confirm(ui: Ui, cards: int) -> bool:
    """Ask whether to write cards; raises ``click.Abort`` at Ctrl-C and at the end of standard input."""
    try:
        with line_ended():
            if click.confirm(f"Write {counted(cards, 'card')}?", err=True):
                return True
    except click.Abort:
        ui.notice("nothing was written")
        raise
    ui.notice("nothing was written")
    return False


@dataclass
class CardsToEdit:
    """Cards to edit. ``total`` is the size of the corpus if options selected them, else ``None``."""

    paths: list[str]
    limits: Limits
    total: int | None = None
    unreadable: list[Unreadable] = field(default_factory=list)


def selects(options: Criteria, names: Sequence[str], *, needs_selection: bool = True) -> bool:
    """Return whether options select the cards, not names.

    Raises ``NewscardsError`` for both, and with ``needs_selection`` for neither.
    """
    has_options = has_criteria(options)
    if has_options and names:
        raise NewscardsError(
            "cards are both named and selected by options",
            "use one of them; `newscards list OPTIONS --format ids` shows the cards that options select",
        )
    if needs_selection and not has_options and not names:
        raise NewscardsError(
            "no cards given",
            "name cards, use `-` to read names, or select cards with options, such as --topic T",
        )
    return not names


def cards_to_edit(options: Criteria, names: Sequence[str] | None, request: Request) -> CardsToEdit:
    """Return the named cards, or with ``names=None`` those that options and request select; each file once.

    Raises ``CardNotFoundError`` if a name matches no card, or several.
    """
    from newscards.corpus.workspace import resolve_cards

    workspace = current_workspace()
    if names is not None:
        corpus = workspace.open_for_cards()
        return CardsToEdit(resolve_cards(corpus, names, part=False) if names else [], corpus.limits)
    corpus, _ = workspace.open()
    selection = Selection(workspace, options)
    cards = CardsToEdit([], corpus.limits, len(corpus), selection.unreadable)
    files: set[str] = set()
    for card in filter(request.selects, selection.cards(corpus, request.fields)):
        if (file := os.path.realpath(card.path)) not in files:
            files.add(file)
            cards.paths.append(card.path)
    selection.report_unknown()
    return cards


@dataclass(slots=True)
class Request:
    """Request of an editing command: the operations for each card, and how they are planned.

    ``prepare`` is called with the cards before the first is planned, to set up ``planner`` for them.
    ``more_edits`` yields further cards, with their operations, after all of these are planned;
    ``reason_for_more`` is why these are edited.

    Of the cards that options select, those are edited that ``selects`` is true for, which reads ``fields``
    (dotted names). Unless it ``needs_selection``, all cards are selected where no option is given.

    ``on_edit`` is called with the number of the edit in the journal, if one was written.
    """

    make_operations: MakeOperations
    planner: Planner = field(default_factory=Planner)
    prepare: Callable[[CardsToEdit], None] = lambda cards: None
    more_edits: Callable[[], Iterable[tuple[str, MakeOperations]]] = tuple
    reason_for_more: str = "for the copies that they hold"
    fields: frozenset[str] = frozenset()
    selects: Callable[[Card], bool] = lambda card: True
    needs_selection: bool = True
    on_edit: Callable[[int], None] = lambda number: None


def run(request: Request, options: EditOptions) -> int:
    """Edit the cards that are named or that the options select; return the exit code.

    Raises ``CardNotFoundError``, with nothing written, if a name matches no card, or several.
    """
    return _EditRun(current(), request, options).run()


class _EditRun:
    """One run of an editing command: select, plan, ask, write, report."""

    def __init__(self, ui: Ui, request: Request, options: EditOptions) -> None:
        self._ui, self._request, self._options = ui, request, options
        self._selects = selects(options, options["names"], needs_selection=request.needs_selection)
        self._diffs = options["diff"]
        self._text = TextPrinter(ui, dry_run=options["dry_run"], brief=self._selects)
        is_json = options["output_format"] == "json"
        self._results = Results(JsonPrinter(ui, dry_run=options["dry_run"]) if is_json else self._text)
        self._number = 0
        """The number of the card that is being planned, in the order of the names."""
        self._warnings = CardMessages(lambda text, hint: ui.warn(text))
        self._is_undoable = False
        self._finished: set[int] = set()
        """The numbers of the cards that were written, or refused while writing."""

    def run(self) -> int:
        options = self._options
        if options["diff"] and options["output_format"] == "json":
            raise NewscardsError("--diff does not go with --format json", "leave out one of them")
        asks = self._selects and not options["yes"] and not options["dry_run"]
        if asks and not self._ui.can_ask:
            raise NewscardsError(
                "there is no terminal in which to ask before writing the selected cards",
                "--dry-run shows what would change, --yes writes without asking",
            )
        # Read names before taking the lock: in a pipe, the newscards that prints them may wait for it.
        names = None if self._selects else read_names(options["names"], nul=options["nul"])
        cards, shown = None, None
        if asks:
            cards = self._select(names)
            shown = self._preview(cards)
            if shown and not confirm(self._ui, len(shown)):
                self._results.end()
                return 1
            self._diffs = False  # the preview has printed them
        if options["dry_run"] or shown == {}:
            self._report_plans(cards or self._select(names))
        else:
            with editing(self._ui.notice, self._ui.warn) as journal:
                self._write(journal, cards or self._select(names), shown)
        return self._end()

    def _select(self, names: tuple[str, ...] | None) -> CardsToEdit:
        cards = cards_to_edit(self._options, names, self._request)
        self._request.planner.limits = cards.limits
        self._request.prepare(cards)
        warn_unreadable(self._ui, [record.message for record in cards.unreadable])
        self._results.failures = len(cards.unreadable)
        return cards

    def _plans(self, cards: CardsToEdit, results: Results) -> Iterator[Plan]:
        """Yield the plan of every card; then report refusals and warnings, before any card is written."""
        self._number, request = 0, self._request
        plans = request.planner.plan_all(cards.paths, request.make_operations)
        paths = self._ui.track(cards.paths, len(cards.paths), "Planning edits")
        for path, plan in zip(paths, plans, strict=True):
            yield from self._planned(path, plan, results)
        for path, make_operations in request.more_edits():
            (plan,) = request.planner.plan_all([path], make_operations)
            yield from self._planned(path, plan, results)
        self._warnings.show()
        results.show_refused()

    def _planned(
        self, path: str, plan: Plan | EditRefusedError | OSError, results: Results
    ) -> Iterator[Plan]:
        self._number += 1
        if not isinstance(plan, Plan):
            results.refused(self._number, path, plan)
            return
        for warning in map(CardWarning.of, plan.report["warnings"]):
            self._warnings.add(path, warning, warning.cause, detail=warning.detail)
        yield plan

    def _preview(self, cards: CardsToEdit) -> dict[str, str]:
        """Print a preview; return, by file, the SHA-256 of the bytes that each card would get."""
        preview, results = PlanPreview(self._ui, diffs=self._diffs), Results(self._text)
        numbers: list[int] = []
        for plan in self._plans(cards, results):
            if plan.card_edit:
                numbers.append(self._number)
                preview.add(plan.report, plan.card_edit, self._diff(plan.path, plan.card_edit))
            else:
                results.unchanged_count += 1
        also = sum(number > len(cards.paths) for number in numbers)
        others = f" ({also:,} of them {self._request.reason_for_more})" if also else ""
        preview.show(len(cards.paths), cards.total or 0, others, results)
        return preview.planned_hashes

    def _report_plans(self, cards: CardsToEdit) -> None:
        """Plan all cards, and report what would change."""
        for plan in self._plans(cards, self._results):
            if plan.card_edit:
                self._results.changed(self._number, plan.report, self._diff(plan.path, plan.card_edit))
            else:
                self._results.unchanged(self._number, plan.report)

    def _write(self, journal: Journal, cards: CardsToEdit, shown: Mapping[str, str] | None) -> None:
        """Plan all cards into the journal, then write them; report and count failures.

        ``shown`` has the hashes of a preview: a card whose plan is another by now is refused.
        """
        results, drafted = self._results, list[tuple[int, str]]()
        plans = self._plans(cards, results)
        try:
            with journal.draft(self._ui.command, in_place=self._options["in_place"]) as draft:
                for plan in plans:
                    number, record = self._number, plan.card_edit
                    if record is None:
                        results.unchanged(number, plan.report)
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
            for plan in plans:  # the other cards are reported, too
                if plan.card_edit:
                    results.refused(self._number, plan.path, error)
                else:
                    results.unchanged(self._number, plan.report)
            results.show_refused()
            return
        if entry:
            try:
                with self._ui.progress(entry.count, "Writing cards") as advance:

                    def written(record: CardEdit, error: Exception | None) -> None:
                        self._written(record, error)
                        advance()

                    write(entry, written, self._ui.notice)
                self._is_undoable = bool(entry.journal_folder and self._results.changes)
                if self._is_undoable:
                    self._request.on_edit(entry.number)
            except JournalError as error:
                for number, path in drafted:
                    if number not in self._finished:
                        results.refused(number, path, error)
                results.failures += 1
                self._ui.error(str(error), error.hint)

    def _written(self, record: CardEdit, error: Exception | None) -> None:
        """Report a card after its writing; ``error`` is why it was not written, if so."""
        number, path = record.report["number"], record.report["name"]
        self._finished.add(number)
        if error is None:
            self._results.changed(number, record.report, self._diff(path, record))
        else:
            self._results.refused(number, path, error)

    def _diff(self, path: str, record: CardEdit) -> Iterator[str]:
        """Yield the lines of a card's diff, with --diff; the card may be written already, or not yet."""
        if not self._diffs:
            return
        try:
            source = read_whole_file(record.path)
            old = source if sha256(source) == record.before else unpatched(source, record.patches)
            new = patched(old, record.patches)
        except (EditRefusedError, OSError):  # the file has changed since
            return
        yield from unified_diff(path, old, new)

    def _end(self) -> int:
        results = self._results
        results.end()
        if self._selects or results.cards > 1:
            verb = "would change" if self._options["dry_run"] else "changed"
            hint = "; `newscards undo` takes it back" if self._is_undoable and sys.stderr.isatty() else ""
            self._ui.notice(f"{results.changes:,} {verb}, {results.rest}{hint}")
        results.raise_output_error()
        return results.code
