"""What ``diff`` does: find the corpora in their repositories, compare their cards, and tell."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict, Unpack

from newscards.commands.shared.corpora import set_corpora, settings_for, tell_unreadable
from newscards.commands.shared.sorting import by_commas
from newscards.corpus.settings import Settings
from newscards.diff.card_diff import Difference, Kind, summary
from newscards.diff.compare import Compared, Comparison, Looked, Tracked
from newscards.diff.git import Repository
from newscards.diff.revisions import States
from newscards.errors import NewscardsError
from newscards.output import diff_rows
from newscards.output.rows import names_of
from newscards.output.ui import Ui, current
from newscards.text import nearest_or_all, one_line, path_text


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
    ui = current()
    asked = _asked(options["revs"], merge_base=options["merge_base"])
    kinds = _kinds(options["only"])
    settings = settings_for((), ui)
    corpora = set_corpora(settings, ui) or [os.curdir]
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
        _write(ui, form, differences, unchanged, "\0" if options["nul"] else "\n")
    told = differences if form not in ("count", "paths", "ids") else []
    heard = {each.unreadable for each in told}
    tell_unreadable(ui, [each.unreadable for each in unreadable if each.unreadable not in heard])
    return 1 if unreadable or (options["exit_code"] and differences) else 0


class _Asked(NamedTuple):
    """Two revisions as the user named them, the second one empty for the working tree.

    ``parted``: whether the first stands for where it parted from the second, or else from HEAD.
    """

    before: str
    after: str
    parted: bool

    def states(self, repository: Repository) -> States:
        """Return what they are in a repository; raises ``NewscardsError``."""
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


def _asked(words: Sequence[str], *, merge_base: bool) -> _Asked:
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
        return _Asked(before, after, merge_base)
    dots = "..." if "..." in words[0] else ".."
    before, _, after = words[0].partition(dots)
    return _Asked(before or "HEAD", after or "HEAD", merge_base or dots == "...")


def _kinds(text: str) -> set[Kind]:
    """Return the kinds of changes that words, separated by commas, name; raises ``NewscardsError``."""
    known = {kind.value: kind for kind in Kind}
    words = by_commas(text.casefold())
    for word in words:
        if word not in known:
            hint = nearest_or_all(word, known)
            raise NewscardsError(f"there is no kind of change `{one_line(word)}`", hint)
    return {known[word] for word in words}


def _compared(corpora: Iterable[str], asked: _Asked, settings: Settings, ui: Ui) -> Iterator[Compared]:
    """Compare the cards of corpora, each file once."""
    seen: set[tuple[str, str]] = set()

    def track(looks: Iterable[Looked], total: int) -> Iterable[Looked]:
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
        writers = {
            "json": diff_rows.as_json(differences),
            "csv": diff_rows.as_csv(differences),
            "jsonl": diff_rows.as_jsonl(differences, end),
            "tsv": diff_rows.as_tsv(differences, end),
        }
        for text in writers[form]:
            ui.write(text)
