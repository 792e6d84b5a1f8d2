"""What ``validate --fix`` does: mend what can be mended, all of it before the first file is written."""

from __future__ import annotations

from collections.abc import Callable

from newscards.cards.reader import system_reason
from newscards.edits.journal import Journal, JournalError, Record
from newscards.edits.transaction import editing, write
from newscards.lint.findings import Report
from newscards.lint.fixer import Mender
from newscards.lint.linter import Linter
from newscards.output.ui import Ui, current
from newscards.text import counted, path_text


def mend(look: Callable[[], Linter], *, unsafe: bool) -> tuple[Linter, Report, int]:
    """Mend the cards that ``look`` looks at, alone with them: nobody else may edit them meanwhile.

    Return what has looked at them, what is left, and how many could not be written.
    """
    ui = current()
    with editing(ui.notice, ui.warn) as journal:
        linter = look()
        linter.neighbours = False  # only what was asked for is mended
        mender = Mender(linter, unsafe=unsafe)
        left = mender.mend()
        failed, is_lost = _write(mender, ui, journal) if mender.before else (set(), False)
    if mender.made:
        mended = f"mended {counted(mender.made, 'finding')} in {counted(len(mender.before), 'card')}"
        ui.notice(f"{mended}; `newscards undo` takes it back")
    return linter, (linter.report() if failed else left), len(failed) or int(is_lost)


def show(linter: Linter, *, unsafe: bool) -> int:
    """Show as diffs what ``mend`` would change; return the exit code, 1 where there is anything."""
    ui = current()
    linter.neighbours = False
    mender = Mender(linter, unsafe=unsafe)
    mender.mend()
    mender.diff(ui.write)
    found, cards = counted(mender.made, "finding"), counted(len(mender.before), "card")
    ui.notice(f"{found} in {cards} would be mended")
    return 1 if mender.before else 0


def _write(mender: Mender, ui: Ui, journal: Journal) -> tuple[set[str], bool]:
    """Write the cards that were mended, as one edit.

    Return those that could not be written, which are told, and whether the journal failed.
    """
    failed, told, is_lost = set[str](), set[str](), False

    def tell(record: Record, trouble: Exception | None) -> None:
        told.add(record.told["name"])
        if trouble:
            failed.add(record.told["name"])
            ui.error(f"{path_text(record.told['name'])}: not mended: {system_reason(trouble)}")

    try:
        with journal.draft(ui.command) as draft:
            for record in mender.records():
                draft.add(record)
            write(draft.seal(), tell, ui.notice)
    except JournalError as error:
        is_lost = True
        failed |= mender.before.keys() - told
        ui.error(str(error), error.hint)
    for path in failed:
        mender.take_back(path)
    return failed, is_lost
