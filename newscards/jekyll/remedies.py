"""What would change a verdict."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from newscards.cards.card import Card, Unreadable
from newscards.cards.reader import parse
from newscards.edits.apply import edit_source, read_whole_file
from newscards.edits.operations import Operation, SetValue
from newscards.errors import EditRefusedError
from newscards.jekyll.explain import Case
from newscards.jekyll.site import Cause, Fate, View, view
from newscards.text import path_text


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would change the verdict: in words, or as a value for ``set-published``."""

    text: str
    set_published: bool | None = None


def remedies(case: Case) -> Iterator[Remedy]:
    """Yield what would change the verdict, or settle it."""
    seen = case.seen
    if case.site.problem:
        yield Remedy("mend `_config.yml`")
        return
    if seen is None or seen.fate in (Fate.BARE, Fate.VERBATIM, Fate.FAILS):
        yield Remedy(_mend(case))
        return
    wanted = not seen.is_shown
    after = _after(case, wanted)
    if wanted and case.story and case.story.shown:
        yield Remedy("the story shows another card: hide that one too")
    if wanted and case.fields.get("removed") is True:
        yield Remedy("delete `removed`: the card was taken down")
    if after is not None and after.is_shown is wanted:
        yield Remedy("", wanted)
        return
    if seen.cause is Cause.DATE:
        yield Remedy(_correct_date(case))
    elif seen.cause is Cause.FILE_DATE:
        yield Remedy("rename the file: its date is when it will be shown")
    elif seen.cause is Cause.NAME:
        yield Remedy("rename the file, or its folder: no `_`, `.`, `#` or `~` at either end")
    elif seen.cause is Cause.SETTING or case.site.unpublished:
        yield Remedy(f"edit {path_text(os.path.basename(case.site.file))}")
    else:
        yield Remedy(f"edit the line `published:` to say `{str(wanted).lower()}`")
    if wanted and seen.cause is not Cause.FLAG and case.fields.get("published", True) in (False, None):
        yield Remedy("", True)


def _mend(case: Case) -> str:
    if isinstance(case.record, Unreadable) and case.record.kind == "io":
        return "see to it that the file can be read"
    if case.decided_by(Cause.DATE):
        return _correct_date(case)
    if case.decided_by(Cause.FILE_DATE, Cause.NAME):
        return "rename the file"
    if isinstance(case.record, Card) and case.record.before_fence:
        return "delete what stands before the first `---`"
    line = case.record.line if isinstance(case.record, Unreadable) else 1
    return f"mend {f'line {line}' if line > 1 else 'the front matter'}, as the findings say"


def _correct_date(case: Case) -> str:
    if "date" in case.fields:
        return "delete `date`, or correct it"
    return f"edit `date` below `defaults` in {path_text(os.path.basename(case.site.file))}"


def _after(case: Case, flag: bool) -> View | None:
    """Return what the site would do with the card after ``set-published``; nothing is written."""
    try:
        source = read_whole_file(case.record.path)
        new = edit_source(source, [Operation(("published",), SetValue(flag))], case.limits).new
    except (EditRefusedError, OSError):
        return None
    return view(parse(case.record.path, new, case.limits), new, case.site)
