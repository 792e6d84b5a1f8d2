"""``newscards diff``: what changed between two git revisions, card by card."""

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
    from newscards.corpus.settings import Settings
    from newscards.diff.card_diff import ChangeKind, Difference
    from newscards.diff.compare import Compared, ComparedFile
    from newscards.diff.git import Repository
    from newscards.diff.revisions import States


@click.command("diff", context_settings=CONTEXT)
@click.argument("revs", metavar="[REV] [REV]", nargs=-1)
@click.option("--merge-base", is_flag=True,
              help="Compare from where REV parted from the other, as a pull request does.")  # fmt: skip
@click.option("--only", metavar="KIND,...", default="", shell_complete=completed_by("kinds"),
              help="Only changes of these kinds: published, hidden, taken-down, restored, added, gone,"
              " renamed, quality, heat, topics, other, unreadable, readable.")  # fmt: skip
@click.option("--format", "form",
              type=click.Choice(["table", "json", "jsonl", "csv", "tsv", "paths", "ids", "markdown"]),
              help="How to tell.  [default: table in a terminal, else tsv]")  # fmt: skip
@click.option("--count", is_flag=True, help="Print only how many cards changed.")
@click.option("--exit-code", is_flag=True, help="Exit 1 where a card changed.")
@click.option("-0", "--null", "nul", is_flag=True, help="Lines of output end with NUL.")
@common_options
def command(**options: Any) -> int:
    """Tell what changed between two git revisions, card by card.

    With one REV, or with none, which is HEAD, it is compared with the working tree, untracked cards that are
    not ignored included. `A..B` is `A B`; `A...B` compares B with where the two parted, and so does
    --merge-base. The cards are those of the corpus (see --corpus), by the names that they have in each.

    A card that changed in several ways is told under each of them. `tsv` and `csv` have a row for each
    change: id, change, field, was, now. Cards in which all values are the same, as after a change of quotes,
    are only counted.

    \b
    Examples:
      newscards diff                              what is not committed
      newscards diff HEAD~7 --only published,hidden
      newscards diff main... --format markdown    what a pull request changes
      newscards diff v1 v2 --only gone --format ids
    """

    return run(**options)


class DiffOptions(TypedDict):
    """The values of the command's arguments and options."""

    revs: tuple[str, ...]
    merge_base: bool
    only: str
    form: str | None
    count: bool
    exit_code: bool
    nul: bool


def run(**options: Unpack[DiffOptions]) -> int:
    """Compare the cards of two revisions; return the exit code."""
    from newscards.commands.shared.corpora import current_workspace, warn_unreadable

    ui = current()
    asked = _asked(options["revs"], merge_base=options["merge_base"])
    kinds = _kinds(options["only"])
    settings = current_workspace().settings_for(())
    corpora = current_workspace().folders(settings) or [os.curdir]
    compared = [*_compared(corpora, asked, settings, ui)]
    differences = [each for one in compared for each in one.differences]
    unchanged = sum(one.unchanged for one in compared)
    unreadable = [each for each in differences if each.unreadable]
    if kinds:
        narrowed = (each.narrowed(kinds) for each in differences)
        differences, unchanged = [each for each in narrowed if each.changes], 0
    form = "count" if options["count"] else options["form"]
    form = ui.row_format(form)
    if form == "table" and kinds and not differences:
        ui.notice("no card changed that way")
    else:
        _write(ui, form, differences, unchanged, line_end(options["nul"]))
    told = differences if form not in ("count", "paths", "ids") else []
    heard = {each.unreadable for each in told}
    warn_unreadable(ui, [each.unreadable for each in unreadable if each.unreadable not in heard])
    return 1 if unreadable or (options["exit_code"] and differences) else 0


class _Revisions(NamedTuple):
    """Two revisions as the user named them, the second one empty for the working tree.

    ``parted``: whether the first stands for where it parted from the second, or else from HEAD.
    """

    before: str
    after: str
    parted: bool

    def states(self, repository: Repository) -> States:
        """Return what they are in a repository; raises ``NewscardsError``."""
        from newscards.diff.revisions import States

        try:
            after = repository.commit(self.after) if self.after else ""
            if self.parted:
                return States(repository, repository.merge_base(self.before, self.after or "HEAD"), after)
            return States(repository, repository.commit(self.before), after)
        except NewscardsError as error:
            for word in (self.before, self.after):
                if word in str(error) and os.path.exists(word):
                    hint = f"it is a path: is `--corpus {path_text(word)}` meant?"
                    raise NewscardsError(str(error), hint) from None
            raise


def _asked(words: Sequence[str], *, merge_base: bool) -> _Revisions:
    """Return the revisions that words mean; raises ``NewscardsError``."""
    if "" in words:  # an unset variable, perhaps
        raise NewscardsError("an empty text names no revision", "leave it out, or name one: HEAD~1, main")
    is_range = any(".." in word for word in words)
    if len(words) > 2 or (is_range and len(words) > 1):
        raise NewscardsError(
            "too many revisions", "two can be compared, `A B` or `A..B`; --corpus names the cards"
        )
    if not is_range:
        before, after = [*words, *("HEAD", "")[len(words) :]]
        return _Revisions(before, after, merge_base)
    dots = "..." if "..." in words[0] else ".."
    before, _, after = words[0].partition(dots)
    return _Revisions(before or "HEAD", after or "HEAD", merge_base or dots == "...")


def _kinds(text: str) -> set[ChangeKind]:
    """Return the kinds of changes that words, separated by commas, name; raises ``NewscardsError``."""
    from newscards.commands.shared.sorting import by_commas
    from newscards.diff.card_diff import ChangeKind

    known = {kind.value: kind for kind in ChangeKind}
    words = by_commas(text.casefold())
    for word in words:
        if word not in known:
            hint = nearest_or_all(word, known)
            raise NewscardsError(f"there is no kind of change `{one_line(word)}`", hint)
    return {known[word] for word in words}


def _compared(corpora: Iterable[str], asked: _Revisions, settings: Settings, ui: Ui) -> Iterator[Compared]:
    """Compare the cards of corpora, each file once."""
    from newscards.diff.compare import Comparison, Tracked

    seen: set[tuple[str, str]] = set()

    def track(looks: Iterable[ComparedFile], total: int) -> Iterable[ComparedFile]:
        return ui.track(looks, total, "Comparing cards")

    for folder in corpora:
        tracked = Tracked.of(folder, settings.endings, "`newscards diff`")
        states = asked.states(tracked.repository)
        changed = tracked.changed(states)
        top = tracked.repository.top
        files = [change for change in changed.files if (top, change.name) not in seen]
        seen |= {(top, change.name) for change in files}
        for name in changed.submodules:
            ui.notice(f"{path_text(tracked.path_of(name))} is a submodule: its cards are not compared")
        yield Comparison(states, tracked.path_of, settings.limits, track).of(files)


def _write(ui: Ui, form: str, differences: Sequence[Difference], unchanged: int, end: str) -> None:
    from newscards.diff.card_diff import summary
    from newscards.output.diff_rows import differences_as
    from newscards.output.rows import names_of

    if form == "count":
        ui.write(f"{len(differences)}\n")
    elif form == "table":
        if differences:
            from newscards.output.terminal.diff import print_differences

            print_differences(ui.console(), differences, unchanged)
        else:
            ui.notice(summary(differences, unchanged))
    elif form == "markdown":
        from newscards.output.diff_markdown import markdown

        ui.write(markdown(differences, unchanged))
    elif form in ("paths", "ids"):
        for name in names_of(form, (each.record.path for each in differences), end):
            ui.write(name)
    else:
        for text in differences_as(form, differences, end):
            ui.write(text)
