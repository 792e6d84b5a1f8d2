"""``newscards log``: the history of a card, from git."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    limit_option,
    rows_format_option,
)
from newscards.errors import NewscardsError
from newscards.output.ui import current
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from newscards.diff.compare import ComparedFile


@click.command("log", context_settings=CONTEXT)
@click.argument("name", metavar="CARD", shell_complete=completed_by("card"))
@rows_format_option
@limit_option("commits")
@common_options
def command(name: str, output_format: str | None, limit: int | None) -> int:
    """Show the history of a card from git: what each commit changed in it, newest first.

    The changes are those that `diff` reports: when the card came, was published or hidden, moved in quality
    or heat, got other topics or another title, and by which commit and author. What is not committed comes
    first. A renamed card is followed if it kept its bytes, or its URL, title and date. A merge is listed only
    if it changed the card itself. CARD may be deleted: then it is a path, or an id. `-` reads the CARD from
    standard input.

    `tsv` and `csv` have a row for each change: date, commit, author, change, field, was, now. JSON has an
    object for each commit.

    \b
    Examples:
      newscards log 2023-06-20-some-card
      newscards log some-card --limit 5
      newscards log _news/2023-06-20-deleted.md --format json
    """
    return run(name, output_format=output_format, limit=limit)


_CALLER = "`newscards log`"


def run(name: str, *, output_format: str | None, limit: int | None) -> int:
    """Show the history of a card; return the exit code."""
    import shlex  # imported here because few commands need it

    from newscards.commands.shared.corpora import current_workspace
    from newscards.diff.history import CardHistory
    from newscards.output.pager import paged

    ui, workspace = current(), current_workspace()
    settings = workspace.settings_for(())
    name = _named_once(name)
    path = _path_of(name)

    def track(files: Iterable[ComparedFile], total: int) -> Iterable[ComparedFile]:
        return ui.track(files, total, "Reading commits")

    history = CardHistory.of(path, settings.limits, settings.endings, _CALLER, track)
    wanted = None if limit is None else min(limit + 1, sys.maxsize)
    events = list(islice(history.events(), wanted))
    if not events and not history.cut_at:
        if not os.path.lexists(path):
            raise NewscardsError(f"no card `{path_text(name)}`, and git knows of none that was")
        raise NewscardsError(
            f"git knows nothing of {path_text(path)}",
            "it is ignored, or in another repository: `git add -f` adds it",
        )
    shown, is_cut = events[:limit], limit is not None and len(events) > limit
    output_format = ui.row_format(output_format)
    if output_format == "table":
        from newscards.output.terminal.log import print_history

        if shown:
            with paged(ui):
                print_history(ui.console(), shown)
    else:
        from newscards.output.log_rows import events_as

        ui.write_data(events_as(output_format, shown))
    if shown and shown[0].commit and shown[0].path != path:
        new = path_text(shown[0].path)
        ui.notice(f"it was renamed to {new}; `newscards log {shlex.quote(new)}` shows what came after")
    if is_cut:
        ui.notice("there are earlier commits; --limit shows more")
    elif history.cut_at:
        day = f" ({history.cut_at.when:%Y-%m-%d})" if history.cut_at.when else ""
        ui.warn(
            f"the clone is shallow: what was before {history.cut_at.hash[:9]}{day} is unknown;"
            " `git fetch --unshallow` brings it"
        )
    return 0


def _named_once(name: str) -> str:
    """Return a CARD; for ``-``, the one that standard input names. Raises ``NewscardsError`` for several."""
    from newscards.commands.shared.corpora import read_names

    names = read_names((name,), nul=False)
    if len(names) != 1:
        count = counted(len(names), "name")
        raise NewscardsError(f"`log` shows one card, and standard input has {count}", "name one card")
    return names[0]


def _path_of(name: str) -> str:
    """Return the path of a card, which may be deleted: then ``name`` is its path, or its id in the corpus."""
    from newscards.commands.shared.corpora import current_workspace

    workspace = current_workspace()
    try:
        return workspace.open_for_cards().resolve(name, part=True)
    except NewscardsError as error:
        if os.path.isdir(name) or not name:
            raise
        found = _deleted(name)
        if len(found) == 1:
            return found[0]
        if found:
            listed = "\n".join(f"  {path_text(path)}" for path in found[:10])
            raise NewscardsError(
                f"`{path_text(name)}` is ambiguous: {len(found)} deleted cards match",
                f"name one of them in full:\n{listed}",
            ) from None
        if os.path.dirname(name) and not name.endswith(os.sep):
            return name
        raise error


def _deleted(name: str) -> list[str]:
    """Return the paths of deleted cards with an id; nothing where there is no repository."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.diff.compare import TrackedFolder
    from newscards.diff.history import deleted_names

    workspace = current_workspace()
    settings = workspace.settings_for(())
    found: list[str] = []
    for folder in workspace.corpus_folders(settings, for_cards=True):
        try:
            tracked = TrackedFolder.of(folder, settings.endings, _CALLER)
            names = deleted_names(tracked.repository, tracked.inner, name, settings.endings)
        except NewscardsError:
            continue
        found += [path for each in names if not os.path.lexists(path := tracked.path_of(each))]
    return found
