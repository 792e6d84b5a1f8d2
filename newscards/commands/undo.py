"""``newscards undo``: take the last edit back."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

import click

from newscards.commands.shared.options import CONTEXT, common_options
from newscards.errors import EditRefusedError, NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import counted, cut, json_text, one_line, path_json, path_text, shorten

if TYPE_CHECKING:
    from newscards.commands.shared.edit_output import Results
    from newscards.edits.journal import CardEdit, Edit, Journal
    from newscards.edits.transaction import CardError


@click.command("undo", context_settings=CONTEXT)
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option(
    "--list", "listing", is_flag=True, help="Show the edits that can be taken back, the last one first."
)
@click.option("--dry-run", is_flag=True, help="Tell what would be taken back; write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]),
              help="For people, tab-separated (--list alone), or as JSON.")  # fmt: skip
@common_options
def command(number: int | None, listing: bool, dry_run: bool, form: str | None) -> int:
    """Take the last edit back, as a whole: each of its cards gets the bytes that it had.

    An edit is what one run of `set-published`, `set`, `topic`, `remove`, `restore` or `validate --fix` wrote,
    wherever its cards are; `undo --list` shows them, and NUMBER takes back an earlier one. A card that has
    changed since is left alone and named, and the exit code is then 1. Again, it takes back the one before.

    \b
    Examples:
      newscards undo
      newscards undo --dry-run
      newscards undo --list
      newscards undo 12
    """

    if listing:
        if number or dry_run:
            raise click.UsageError("--list shows all edits, and takes nothing back")
        return show(form)
    if form == "tsv":
        raise click.UsageError("--format tsv is for --list")
    return run(number, dry_run=dry_run, form=form or "text")


_NOTHING = EditRefusedError("it is as it was")
"""What keeps a record from being taken back that was not made."""

_LISTED = 25
"""How many edits a terminal is shown."""

_LEAST = 20
"""How much of a command line is shown at least."""


def run(number: int | None, *, dry_run: bool, form: str) -> int:
    """Take the last edit back, or the one with a number; return the exit code."""
    from newscards.commands.shared.edit_output import JsonTeller, Results, TextTeller
    from newscards.edits.journal import Journal, JournalError
    from newscards.edits.transaction import editing, journal_folder, undo_edit

    ui = current()
    teller = JsonTeller(ui, dry_run=dry_run) if form == "json" else TextTeller(ui, dry_run=dry_run)
    results, failed = Results(teller), 0
    if dry_run:
        entry = _entry(Journal(journal_folder(), ui.warn), number)
        tell = _tell(results, entry)
        for record in entry.card_edits() if entry else ():
            if (trouble := _would(record)) is not _NOTHING:
                tell(record, trouble)
    else:
        with editing(ui.notice, ui.warn, recovering=False) as journal:
            if not journal.folder:  # why is told already
                raise NewscardsError("nothing was taken back: there is no journal that could be used")
            if entry := _entry(journal, number):
                try:
                    failed = undo_edit(entry, _tell(results, entry)).failed
                except JournalError as error:
                    results.lost += 1
                    ui.error(str(error), error.hint)
    results.end()
    if entry:
        _tell_end(ui, entry, results, "would be " if dry_run else "")
        if results.refusals and not results.changes:
            ui.notice(
                "`newscards undo --list` shows the edits before it, which may be taken back by their numbers"
            )
        if failed:
            what = f"{counted(failed, 'card')} could not be written"
            ui.warn(f"{what}: the next edit, or another `newscards undo`, tries again")
    else:
        ui.notice("there is no edit to take back")
    results.raise_unheard()
    return results.code


def _entry(journal: Journal, number: int | None) -> Edit | None:
    """Return the edit with a number, or the last one; raises ``NewscardsError`` where that is not of here."""
    if number is None:
        entry = journal.last()
        if entry and not _is_here(entry):
            made = (
                f"the last edit was made elsewhere, in {path_text(entry.folder)}: {one_line(entry.command)}"
            )
            hint = f"`newscards undo {entry.number}` takes it back; `newscards undo --list` shows the others"
            raise NewscardsError(shorten(made), hint)
        return entry
    for entry in journal.edits():
        if entry.number == number:
            return entry
    raise NewscardsError(f"there is no edit {number}", "`newscards undo --list` shows those that there are")


def _is_here(entry: Edit) -> bool:
    """Tell whether an edit was made in this folder, or of cards below it or in the corpus that is set."""
    from newscards.commands.shared.corpora import current_workspace

    ui, here = current(), os.path.realpath(os.curdir)
    workspace = current_workspace()
    roots = list(map(os.path.realpath, ui.corpora or [here, *workspace.folders(workspace.settings_for(()))]))
    if not ui.corpora and os.path.realpath(entry.folder) == here:
        return True
    return any(
        record.path.startswith(os.path.join(root, "")) for record in entry.card_edits() for root in roots
    )


def _would(record: CardEdit) -> CardError | None:
    """Return what would keep a record from being taken back."""
    from newscards.edits.atomic import read_file
    from newscards.edits.patches import sha256

    try:
        found = sha256(read_file(record.path))
    except (EditRefusedError, OSError) as error:
        return error
    if found == record.before:
        return _NOTHING
    return None if found == record.after else EditRefusedError("it has changed since")


def _tell(results: Results, entry: Edit | None) -> Callable[[CardEdit, CardError | None], None]:
    """Return what tells of each card that was taken back, or was left alone."""
    numbers = count(1)

    def tell(record: CardEdit, trouble: CardError | None) -> None:
        number, path = next(numbers), _path_from_here(entry, record)
        if trouble is None:
            results.changed(number, turned({**record.report, "path": path_json(path)}))
        else:
            results.refused(number, path, trouble)

    return tell


def _path_from_here(entry: Edit | None, record: CardEdit) -> str:
    """Return a card's path as it was named, where that was in this folder; else its real one."""
    here = entry is not None and os.path.realpath(entry.folder) == os.path.realpath(os.curdir)
    return str(record.report.get("name", record.path)) if here else record.path


def turned(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was told of a card, with before and after turned round."""
    turn = {"was": "now", "now": "was"}
    changes = [{turn.get(key, key): value for key, value in each.items()} for each in told.get("changes", ())]
    summary = f"{told['summary']}; taken back" if "summary" in told else "taken back"
    return {"id": "", **told, "changes": changes, "warnings": [], "summary": summary}


def _tell_end(ui: Ui, entry: Edit, results: Results, would_be: str) -> None:
    import shutil

    left = f", {results.refusals:,} left alone" if results.refusals else ""
    begins = f"edit {entry.number} of {entry.when:%Y-%m-%d %H:%M} UTC ("
    ends = f"): {counted(results.changes, 'card')} {would_be}taken back{left}"
    room = shutil.get_terminal_size().columns - len("note: ") - len(begins) - len(ends)
    ui.notice(begins + cut(one_line(entry.command), max(room, _LEAST)) + ends)


def show(form: str | None) -> int:
    """List the edits in the journal, the newest first; return the exit code."""
    from newscards.cards.values import iso
    from newscards.edits.journal import STATE_NAMES, UNDOING, WRITING, Journal
    from newscards.edits.lock import lock_if_free
    from newscards.edits.transaction import journal_folder

    ui = current()
    entries = list(Journal(journal_folder(), ui.warn).edits())
    with lock_if_free() as free:
        states = STATE_NAMES if free else {**STATE_NAMES, WRITING: "under way", UNDOING: "under way"}
    form = form or ("text" if sys.stdout.isatty() else "tsv")
    if form == "json":
        ui.write(json_text([_json(entry) for entry in entries], indent=2) + "\n")
    elif form == "tsv":
        for entry in entries:
            row = [entry.number, iso(entry.when), states[entry.state], entry.count, one_line(entry.command)]
            ui.write("\t".join(map(str, row)) + "\n")
    elif entries:
        from newscards.output.terminal.undo import print_edits

        print_edits(ui.console(), [(entry, states[entry.state]) for entry in entries[:_LISTED]])
        if len(entries) > _LISTED:
            ui.notice(f"{len(entries) - _LISTED:,} older ones: --format tsv shows all")
    else:
        ui.notice("there is no edit in the journal")
    return 0


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
