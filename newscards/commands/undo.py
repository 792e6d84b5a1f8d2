"""``newscards undo``: the last edit taken back, or the edits in the journal listed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import click

from newscards.commands.shared.options import CONTEXT, common_options, in_place_option
from newscards.errors import EditRefusedError, NewscardsError, system_reason
from newscards.layout import current_folder
from newscards.output.ui import Ui, current
from newscards.text import counted, cut, json_text, one_line, path_json, path_text, shorten

if TYPE_CHECKING:
    from newscards.commands.shared.edit_output import Results
    from newscards.edits.journal import CardEdit, Edit, Journal, JournalError
    from newscards.edits.transaction import CardError


@click.command("undo", context_settings=CONTEXT)
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option("--list", "listing", is_flag=True, help="List the edits in the journal, the last one first.")
@click.option("--dry-run", is_flag=True, help="Report what would be taken back; write nothing.")
@in_place_option
@click.option("--format", "output_format", type=click.Choice(["text", "tsv", "json"]),
              help="The output format; tsv only with --list.")  # fmt: skip
@common_options
def command(
    number: int | None, listing: bool, dry_run: bool, in_place: bool, output_format: str | None
) -> int:
    """Take back the last edit: restore the bytes of all cards that it wrote.

    An edit is everything that one run of `set-published`, `set`, `replace`, `topic`, `remove`, `restore` or
    `validate --fix` wrote; with `edit`, each card is one, and with `review`, each decision. A card that `new`
    created is deleted. `undo --list` shows the edits, and `undo NUMBER` takes back an earlier one; a second
    `undo` takes back the edit before the last. A card that has changed since is reported and left as it is,
    and the exit code is then 1; the edit is then partly taken back, and `undo NUMBER` tries the rest again.

    \b
    Examples:
      newscards undo
      newscards undo --dry-run
      newscards undo --list
      newscards undo 12
    """

    if listing:
        if number or dry_run or in_place:
            raise click.UsageError("--list does not go with NUMBER, --dry-run or --in-place")
        return show(output_format)
    if output_format == "tsv":
        raise click.UsageError("--format tsv goes only with --list")
    return run(number, dry_run=dry_run, in_place=in_place, output_format=output_format or "text")


_ALREADY_UNDONE = EditRefusedError("it is as it was")
"""The reason why a card needs no undoing: it has its old bytes."""

_MAX_LISTED = 25
"""The number of edits that are listed in a terminal."""

_MIN_COMMAND_WIDTH = 20
"""The width, in characters, that a command line keeps on a narrow terminal."""


def run(number: int | None, *, dry_run: bool, in_place: bool, output_format: str) -> int:
    """Take back the last edit, or the one with ``number``; return the exit code."""
    from newscards.commands.shared.edit_output import JsonPrinter, Results, TextPrinter
    from newscards.edits.journal import JournalError
    from newscards.edits.transaction import stored_journal, undo_edit, undoing

    ui = current()
    is_json = output_format == "json"
    printer = JsonPrinter(ui, dry_run=dry_run) if is_json else TextPrinter(ui, dry_run=dry_run)
    results, failed, already = Results(printer), 0, 0
    if dry_run:
        journal = stored_journal(ui.warn)
        entry = _entry(journal, number)
        report_card = _card_reporter(results, journal, entry)
        for record in entry.card_edits() if entry else ():
            if (trouble := _find_obstacle(record)) is _ALREADY_UNDONE:
                already += 1
            else:
                report_card(record, trouble)
    else:
        with undoing(ui.notice, ui.warn) as journal:
            if entry := _entry(journal, number):
                report_card = _card_reporter(results, journal, entry)
                try:
                    outcome = undo_edit(entry, report_card, ui.notice, in_place=in_place)
                    failed, already = outcome.failed, outcome.already
                except JournalError as error:
                    results.failures += 1
                    ui.error(str(error), error.hint)
    results.end()
    if entry:
        _report_end(ui, entry, results, already, "would be " if dry_run else "")
        if results.refusals and not results.changes:
            ui.notice("`newscards undo --list` shows earlier edits; `newscards undo NUMBER` takes one back")
        elif results.refusals and not dry_run:
            ui.notice(
                f"edit {entry.number} is partly taken back; once the refused cards are as it left them, "
                f"`newscards undo {entry.number}` takes back the rest"
            )
        if failed:
            cards = counted(failed, "card")
            ui.warn(f"{cards} could not be written: the next edit, or another `newscards undo`, tries again")
    else:
        ui.notice("no edit to take back")
    results.raise_output_error()
    return results.code


def _entry(journal: Journal, number: int | None) -> Edit | None:
    """Return the edit with ``number``, or without one the last edit, ``None`` if there is none.

    Raises ``NewscardsError`` for an unknown number, for an edit that cannot be read, and if the last edit was
    made elsewhere (``_is_here``).
    """
    passed: list[Edit] = []

    def can_finish(edit: Edit) -> bool:
        """Return whether a card of an edit that is partly taken back can be taken back now."""
        if any(_find_obstacle(record) is None for record in edit.card_edits()):
            return True
        passed.append(edit)
        return False

    entry = journal.last(can_finish) if number is None else journal.find(number)
    for edit in passed[:1]:
        others = f" (and {len(passed) - 1:,} before it)" if len(passed) > 1 else ""
        current().notice(
            f"edit {edit.number}{others} is passed over: it is partly taken back, and the rest has changed "
            f"since; `newscards undo {edit.number}` tries it again"
        )
    if number is None:
        if entry and not _is_here(entry):
            message = (
                f"the last edit was made elsewhere, in {path_text(entry.folder)}: {one_line(entry.command)}"
            )
            hint = f"`newscards undo {entry.number}` takes it back; `newscards undo --list` shows the others"
            raise NewscardsError(shorten(message), hint)
        return entry
    if entry:
        return entry
    raise NewscardsError(f"no edit has the number {number}", "`newscards undo --list` shows the edits")


def _is_here(entry: Edit) -> bool:
    """Return whether an edit was made in the current folder, or changed cards below it or in the corpus."""
    from newscards.commands.shared.corpora import current_workspace

    ui, workspace = current(), current_workspace()
    roots = ui.corpora or [os.path.abspath(os.curdir), *workspace.corpus_folders(workspace.settings_for(()))]
    roots = [*map(os.path.realpath, roots)]
    if not ui.corpora and _was_made_in(entry, current_folder()):
        return True
    return any(
        record.path.startswith(os.path.join(root, "")) for record in entry.card_edits() for root in roots
    )


def _find_obstacle(record: CardEdit) -> CardError | None:
    """Return why the edit of a card could not be taken back, or ``None``."""
    from newscards.edits.transaction import hash_now

    try:
        current_hash = hash_now(record)
    except (EditRefusedError, OSError) as error:
        return error
    if current_hash == record.before:
        return _ALREADY_UNDONE
    return None if current_hash == record.after else EditRefusedError("it has changed since")


def _card_reporter(
    results: Results, journal: Journal, entry: Edit | None
) -> Callable[[CardEdit, CardError | None], None]:
    """Return a callback that reports each card: taken back, or why not, with the edit that is in the way."""
    from newscards.edits.transaction import is_gone

    numbers = count(1)
    later: dict[tuple[str, str], int] = {}

    def blocking_edit(record: CardEdit) -> int | None:
        """Return the number of the later edit that left a card as it is now, if there is one."""
        from newscards.edits.atomic import read_file
        from newscards.edits.patches import sha256

        if not later and entry:
            later.update(_later_changes(journal, entry))
        try:
            return later.get((record.path, sha256(read_file(record.path)))) if later else None
        except (EditRefusedError, OSError):
            return None

    def report_card(record: CardEdit, trouble: CardError | None) -> None:
        number, path = next(numbers), _path_from_here(entry, record)
        if trouble is None:
            results.changed(number, turned({**record.report, "path": path_json(path)}))
        else:
            if entry and is_gone(trouble):
                hint = f"restore the file, as with `git restore`; then `newscards undo {entry.number}`"
                trouble = EditRefusedError(system_reason(trouble), hint)
            elif entry and isinstance(trouble, EditRefusedError) and (blocking := blocking_edit(record)):
                hint = f"`newscards undo {blocking}` takes that back; then `newscards undo {entry.number}`"
                trouble = EditRefusedError(f"edit {blocking} changed it later", hint)
            results.refused(number, path, trouble)

    return report_card


def _later_changes(journal: Journal, entry: Edit) -> dict[tuple[str, str], int]:
    """Return the numbers of later edits by what they wrote: a card's path and the SHA-256 of its bytes.

    Edits that were taken back, or cannot be read, do not count.
    """
    from newscards.edits.journal import DONE, PARTLY_UNDONE, JournalError

    found: dict[tuple[str, str], int] = {}
    for edit in journal.edits(lambda error: None):  # the newest first
        if edit.number <= entry.number:
            break
        if edit.state in (DONE, PARTLY_UNDONE):
            with suppress(JournalError):
                for record in edit.card_edits():
                    found.setdefault((record.path, record.after), edit.number)
    return found


def _was_made_in(entry: Edit, folder: str) -> bool:
    """Return whether an edit was made in a folder; false if either folder was deleted at the time."""
    return bool(entry.folder and folder) and os.path.realpath(entry.folder) == os.path.realpath(folder)


def _path_from_here(entry: Edit | None, record: CardEdit) -> str:
    """Return a card's path as the edit named it, if that was in the current folder; else its real path."""
    here = entry is not None and _was_made_in(entry, current_folder())
    return str(record.report.get("name", record.path)) if here else record.path


def turned(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a card with ``was`` and ``now`` exchanged."""
    swap = {"was": "now", "now": "was"}
    changes = [
        {swap.get(key, key): value for key, value in change.items()} for change in report.get("changes", ())
    ]
    summary = f"{report['summary']}; taken back" if "summary" in report else "taken back"
    return {"id": "", **report, "changes": changes, "warnings": [], "summary": summary}


def _report_end(ui: Ui, entry: Edit, results: Results, already: int, would_be: str) -> None:
    import shutil

    refused = f", {results.refusals:,} refused" if results.refusals else ""
    start = f"edit {entry.number} of {entry.when:%Y-%m-%d %H:%M} UTC ("
    before = f", {already:,} back already" if already else ""
    end = f"): {counted(results.changes, 'card')} {would_be}taken back{before}{refused}"
    room = shutil.get_terminal_size().columns - len("note: ") - len(start) - len(end)
    ui.notice(start + cut(one_line(entry.command), max(room, _MIN_COMMAND_WIDTH)) + end)


def show(output_format: str | None) -> int:
    """List the edits in the journal, the newest first; return the exit code.

    It is 1 if some edits cannot be read, and 2 if none can.
    """
    from newscards.cards.values import iso
    from newscards.edits.journal import STATE_NAMES, UNDOING, WRITING, JournalError
    from newscards.edits.lock import lock_if_free
    from newscards.edits.transaction import stored_journal

    ui, unreadable = current(), list[JournalError]()
    output_format = output_format or ("text" if sys.stdout.isatty() else "tsv")
    entries = list(stored_journal(ui.warn).edits(unreadable.append))
    older = len(entries[_MAX_LISTED:]) if output_format == "text" else 0
    entries = [entry for entry in entries[: len(entries) - older] if _is_readable(entry, unreadable)]
    with lock_if_free() as free:
        states = STATE_NAMES if free else {**STATE_NAMES, WRITING: "under way", UNDOING: "under way"}
    if output_format == "json":
        ui.write(json_text([_json(entry) for entry in entries], indent=2) + "\n")
    elif output_format == "tsv":
        from newscards.output.rows import tsv_lines

        rows = (
            [
                str(entry.number),
                iso(entry.when),
                states[entry.state],
                str(entry.count),
                path_json(entry.command),
            ]
            for entry in entries
        )
        ui.write_data(tsv_lines(rows))
    elif entries:
        from newscards.output.terminal.undo import print_edits

        print_edits(ui.console(), [(entry, states[entry.state]) for entry in entries])
        if older:
            ui.notice(f"{older:,} older edits are not shown; --format tsv lists all")
    elif not unreadable:
        ui.notice("the journal has no edits")
    report = ui.warn if entries else ui.error
    for error in unreadable[:_MAX_LISTED]:
        report(str(error))
    if len(unreadable) > _MAX_LISTED:
        report(f"and {len(unreadable) - _MAX_LISTED:,} more edits cannot be read")
    return 0 if not unreadable else 1 if entries else 2


def _is_readable(entry: Edit, unreadable: list[JournalError]) -> bool:
    """Return whether all of an edit can be read; if not, add the error to ``unreadable``."""
    from newscards.edits.journal import JournalError

    try:
        entry.verify()
    except JournalError as error:
        unreadable.append(error)
        return False
    return True


def _json(entry: Edit) -> dict[str, Any]:
    from newscards.cards.values import iso
    from newscards.edits.journal import STATE_NAMES

    return {
        "number": entry.number,
        "when": iso(entry.when),
        "command": path_json(entry.command),
        "folder": path_json(entry.folder),
        "state": STATE_NAMES[entry.state],
        "cards": [record.report.get("path", path_json(record.path)) for record in entry.card_edits()],
    }
