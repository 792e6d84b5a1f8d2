"""What an editing command does: find all cards, plan all edits, then write one by one, and tell."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from newscards.commands.options import open_corpus, resolve_cards
from newscards.corpus import Corpus, system_reason
from newscards.edit import Edit, plan_published
from newscards.errors import EditRefusedError
from newscards.harmless import harmless, one_line, path_text, shorten
from newscards.lock import edit_lock
from newscards.ui import OutputError, Ui, current


def run(value: bool, names: Sequence[str], *, dry_run: bool, diff: bool) -> int:
    """Set ``published`` of the cards that ``names`` mean; return the exit code.

    Raises ``CardNotFoundError``, with nothing written, where a name means no card, or several.
    """
    ui = current()
    corpus = open_corpus(())
    paths = resolve_cards(corpus, names, part=False)
    unheard: OutputError | None = None
    with edit_lock(ui.notice):
        edits, refused = _plan(ui, corpus, paths, value)
        changed = 0
        for edit in ui.track(edits, "Writing cards"):
            try:
                if not dry_run:
                    edit.write()
            except (EditRefusedError, OSError) as error:
                refused += 1
                _refuse(ui, edit.path, error)
                continue
            changed += edit.changes
            try:
                _tell(ui, edit, dry_run=dry_run, diff=diff)
            except OutputError as error:  # nobody listens any more; what was asked for is done all the same
                unheard = unheard or error
    if len(paths) > 1:
        verb = "would change" if dry_run else "changed"
        same = len(paths) - changed - refused
        ui.notice(f"{changed:,} {verb}, {same:,} already so, {refused:,} refused")
    if unheard:
        raise unheard
    return 1 if refused else 0


def _plan(ui: Ui, corpus: Corpus, paths: Sequence[str], value: bool) -> tuple[list[Edit], int]:
    """Plan the edit of every card; return the edits, and how many were refused."""
    edits: list[Edit] = []
    for path in ui.track(paths, "Reading cards"):
        try:
            edits.append(plan_published(path, value, corpus.limits))
        except (EditRefusedError, OSError) as error:
            _refuse(ui, path, error)
    return edits, len(paths) - len(edits)


def _refuse(ui: Ui, path: str, error: EditRefusedError | OSError) -> None:
    hint = error.hint if isinstance(error, EditRefusedError) else ""
    ui.error(f"{path_text(path)}: refused, nothing written: {system_reason(error)}", hint)


def _tell(ui: Ui, edit: Edit, *, dry_run: bool, diff: bool) -> None:
    path = path_text(edit.path)
    if edit.changes:
        was = (
            f"{shorten(one_line(edit.was))} -> {edit.value}" if edit.was else f"{edit.value} (there was none)"
        )
        ui.write(f"{path}: {edit.field}: {was}{' (dry run)' * dry_run}\n")
        if diff:
            for line in unified_diff(edit):
                ui.write_colored(line, {"+": "green", "-": "red", "@": "cyan"}.get(line[:1]))
    else:
        ui.write(f"{path}: {edit.field}: {edit.value} already\n")
    if edit.verbatim:
        ui.warn(
            f"{path}: something stands before the opening `---`: the site copies the file as it is, and does"
            " not read its flag; `newscards validate` tells more"
        )


def unified_diff(edit: Edit) -> Iterator[str]:
    """Yield an edit as the lines of a unified diff, as ``git diff`` has it."""
    old, new = (data.decode(errors="replace").split("\n") for data in (edit.old, edit.new))
    # `split` leaves an empty last line where the file ends with a line end, as it should.
    unended = [lines.pop() or None for lines in (old, new)]
    for lines, last in zip((old, new), unended, strict=True):
        if last is not None:
            lines.append(last + "\n\\ No newline at end of file")
    name = path_text(edit.path).removeprefix("/")
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm=""):
        # A CR at the end of a line stays, so that the diff can be applied.
        end = "\r\n" if line.endswith("\r") else "\n"
        yield harmless(line.removesuffix("\r")) + end
