"""``newscards diff``: the changes between two git revisions, card by card."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

import click

from newscards.commands.shared.options import CONTEXT, common_options, completed_by, line_end
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import nearest_or_all, one_line, path_text

if TYPE_CHECKING:
    from datetime import datetime

    from newscards.corpus.settings import Settings
    from newscards.diff.card_diff import ChangeKind, Difference
    from newscards.diff.compare import Compared, ComparedFile
    from newscards.diff.git import Repository
    from newscards.diff.revisions import States


@click.command("diff", context_settings=CONTEXT)
@click.argument("revs", metavar="[REV] [REV]", nargs=-1)
@click.option("--merge-base", is_flag=True,
              help="Compare with the merge base of the two revisions, as a pull request does.")  # fmt: skip
@click.option("--since", metavar="D", default="",
              help="Compare the working tree with the current branch as it was before D, in UTC; D is a day"
              " or an age, as in `list`.")  # fmt: skip
@click.option("--only", metavar="KIND,...", default="", shell_complete=completed_by("kinds"),
              help="Only changes of these kinds: published, hidden, taken-down, restored, added, gone,"
              " renamed, quality, heat, topics, other, secured, unreadable, readable.")  # fmt: skip
@click.option("--format", "output_format",
              type=click.Choice(["table", "json", "jsonl", "csv", "tsv", "paths", "ids", "markdown"]),
              help="The output format.  [default: table in a terminal, else tsv]")  # fmt: skip
@click.option("--count", is_flag=True, help="Print only the number of changed cards.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if a card changed.")
@click.option("-0", "--null", "nul", is_flag=True, help="End lines of output with NUL.")
@common_options
def command(**options: Any) -> int:
    """Show what changed between two git revisions, card by card.

    One REV is compared with the working tree, including untracked cards that git does not ignore; without a
    REV, that is HEAD. `A..B` is the same as `A B`. `A...B`, like --merge-base, compares B with the merge
    base of A and B. The cards are those of the corpus; see --corpus.

    --since compares with the last commit of the current branch before that day began, by the time at which
    it was committed or merged; if there is none, every card is new.

    A card with several kinds of change is listed under each of them. `tsv` and `csv` have a row for each
    change: id, change, field, was, now. A card whose values are all the same, as after a change of quotes, is
    only counted.

    \b
    Examples:
      newscards diff                              what is not committed
      newscards diff HEAD~7 --only published,hidden
      newscards diff --since 7d                   what changed in a week
      newscards diff main... --format markdown    what a pull request changes
      newscards diff v1 v2 --only gone --format ids
    """

    return run(**options)


class DiffOptions(TypedDict):
    """Values of the command's arguments and options."""

    revs: tuple[str, ...]
    merge_base: bool
    since: str
    only: str
    output_format: str | None
    count: bool
    exit_code: bool
    nul: bool


def run(**options: Unpack[DiffOptions]) -> int:
    """Compare the cards of two revisions; return the exit code."""
    from newscards.commands.shared.corpora import current_workspace, warn_unreadable
    from newscards.output.pager import paged

    ui = current()
    if options["since"]:
        if options["revs"] or options["merge_base"]:
            raise click.UsageError("--since does not go with REV or --merge-base")
        revisions: _Revisions | _Since = _Since(options["since"], _start_of(options["since"]))
    else:
        revisions = _revisions(options["revs"], merge_base=options["merge_base"])
    kinds = _kinds(options["only"])
    settings = current_workspace().settings_for(())
    corpora = current_workspace().corpus_folders(settings)
    compared = [*_compared(corpora, revisions, settings, ui)]
    differences = [each for one in compared for each in one.differences]
    unchanged = sum(one.unchanged for one in compared)
    unreadable = [each for each in differences if each.unreadable]
    if kinds:
        narrowed = (each.narrowed(kinds) for each in differences)
        differences, unchanged = [each for each in narrowed if each.changes], 0
    output_format = ui.row_format("count" if options["count"] else options["output_format"])
    if output_format == "table" and kinds and not differences:
        ui.notice("no card has changes of these kinds")
    else:
        with paged(ui):
            _write(ui, output_format, differences, unchanged, line_end(options["nul"]))
    printed = differences if output_format not in ("count", "paths", "ids") else []
    reported = {each.unreadable for each in printed}
    warn_unreadable(ui, [each.unreadable for each in unreadable if each.unreadable not in reported])
    return 1 if unreadable or (options["exit_code"] and differences) else 0


class _Revisions(NamedTuple):
    """Two revisions as the user named them.

    ``after`` is empty for the working tree. With ``uses_merge_base``, the first one stands for its merge base
    with the second, or with HEAD if that is the working tree.
    """

    before: str
    after: str
    uses_merge_base: bool

    def states(self, repository: Repository) -> States:
        """Return the commits that they name in a repository; raises ``NewscardsError``."""
        from newscards.diff.revisions import States

        try:
            after = repository.commit(self.after) if self.after else ""
            if self.uses_merge_base:
                return States(repository, repository.merge_base(self.before, self.after or "HEAD"), after)
            return States(repository, repository.commit(self.before), after)
        except NewscardsError as error:
            for word in (self.before, self.after):
                if word in str(error) and _is_day(word):
                    hint = f"a revision is expected; did you mean `--since {word}`?"
                    raise NewscardsError(str(error), hint) from None
                if word in str(error) and os.path.exists(word):
                    import shlex  # imported here because few commands need it

                    path = path_text(word)
                    hint = f"`{path}` is a path: did you mean `--corpus {shlex.quote(path)}`?"
                    raise NewscardsError(str(error), hint) from None
            raise


class _Since(NamedTuple):
    """The current branch as it was before a moment, and the working tree; ``text`` is what the user typed."""

    text: str
    moment: datetime

    def states(self, repository: Repository) -> States:
        """Return both states; the former has no files if no commit is that old. Raises ``NewscardsError``."""
        from newscards.diff.revisions import States

        former = repository.commit_before(self.moment)
        if not former:
            current().notice(
                f"no commit of the current branch is from before {self.moment:%Y-%m-%d}: every card is new"
            )
        return States(repository, former or repository.empty_tree(), "")


def _start_of(text: str) -> datetime:
    """Return the moment at which a day or an age begins; raises ``NewscardsError``."""
    from newscards import clock
    from newscards.query.filters import parse_days

    return parse_days(text, clock.now())[0]


def _is_day(text: str) -> bool:
    """Return whether a text is a day or an age, which `--since` takes."""
    try:
        return bool(text and _start_of(text))
    except NewscardsError:
        return False


def _revisions(words: Sequence[str], *, merge_base: bool) -> _Revisions:
    """Return the revisions that words name; raises ``NewscardsError``."""
    if "" in words:  # an unset variable, perhaps
        raise NewscardsError("a revision is empty", "leave it out, or name one: HEAD~1, main")
    is_range = any(".." in word for word in words)
    if len(words) > 2 or (is_range and len(words) > 1):
        raise NewscardsError(
            "too many revisions", "name at most two, as `A B` or `A..B`; --corpus names the cards"
        )
    if not is_range:
        before, after = [*words, *("HEAD", "")[len(words) :]]
        return _Revisions(before, after, merge_base)
    dots = "..." if "..." in words[0] else ".."
    before, _, after = words[0].partition(dots)
    return _Revisions(before or "HEAD", after or "HEAD", merge_base or dots == "...")


def _kinds(text: str) -> set[ChangeKind]:
    """Return the kinds of change in a comma-separated list; raises ``NewscardsError``."""
    from newscards.commands.shared.sorting import by_commas
    from newscards.diff.card_diff import ChangeKind

    known = {kind.value: kind for kind in ChangeKind}
    words = by_commas(text.casefold())
    for word in words:
        if word not in known:
            hint = nearest_or_all(word, known)
            raise NewscardsError(f"unknown kind of change `{one_line(word)}`", hint)
    return {known[word] for word in words}


def _compared(
    corpora: Iterable[str], revisions: _Revisions | _Since, settings: Settings, ui: Ui
) -> Iterator[Compared]:
    """Yield the comparison of each corpus; a file in several corpora is compared once."""
    from newscards.diff.compare import Comparison, TrackedFolder
    from newscards.diff.working_tree import as_stored

    compared: set[tuple[str, str]] = set()

    def track(files: Iterable[ComparedFile], total: int) -> Iterable[ComparedFile]:
        return ui.track(files, total, "Comparing cards")

    for folder in corpora:
        tracked = TrackedFolder.of(folder, settings.endings, "`newscards diff`")
        states = revisions.states(tracked.repository)
        changed = tracked.changed(states)
        top = tracked.repository.top
        files = [change for change in changed.files if (top, change.name) not in compared]
        compared |= {(top, change.name) for change in files}
        for name in changed.submodules:
            ui.notice(f"{path_text(tracked.path_of(name))} is a submodule: its cards are not compared")
        with as_stored(states, files) as (states, files):
            result = Comparison(states, tracked.path_of, settings.limits, track).of(files)
        yield result


def _write(ui: Ui, output_format: str, differences: Sequence[Difference], unchanged: int, end: str) -> None:
    from newscards.diff.card_diff import summary
    from newscards.output.diff_rows import differences_as
    from newscards.output.rows import names_as

    if output_format == "count":
        ui.write(f"{len(differences)}\n")
    elif output_format == "table":
        if differences:
            from newscards.output.terminal.diff import print_differences

            print_differences(ui.console(), differences, unchanged)
        else:
            ui.notice(summary(differences, unchanged))
    elif output_format == "markdown":
        from newscards.output.diff_markdown import markdown

        ui.write(markdown(differences, unchanged))
    elif output_format in ("paths", "ids"):
        ui.write_data(names_as(output_format, (each.record.path for each in differences), end))
    else:
        ui.write_data(differences_as(output_format, differences, end))
