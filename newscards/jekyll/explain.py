"""Explain whether the site shows a card: the verdict, what it rests on, and what would change it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import yaml

from newscards import clock
from newscards.cards.card import Card, CardOrUnreadable, Identity, Unreadable
from newscards.cards.reader import is_whole, parse, read_bytes
from newscards.cards.stories import StoryOfCard
from newscards.cards.values import type_name
from newscards.edits.apply import edit_source, read_whole_file
from newscards.edits.operations import Operation, SetValue
from newscards.errors import EditRefusedError, system_reason
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.locations import Locator
from newscards.jekyll.config import SiteConfig, site_of
from newscards.jekyll.dates import moment
from newscards.jekyll.site import FILE_DATE, Cause, Fate, View, view
from newscards.text import one_line, path_text, shorten


@dataclass(frozen=True, slots=True)
class Subject:
    """A card as it was read from ``source``, its site, how the site sees it, and its story."""

    record: CardOrUnreadable
    source: bytes
    site: SiteConfig
    seen: View | None
    story: StoryOfCard | None
    limits: Limits = LIMITS

    @property
    def fields(self) -> Mapping[Any, Any]:
        """The card's fields; none where it cannot be read."""
        return self.record.fields if isinstance(self.record, Card) else {}

    def decided_by(self, *causes: Cause) -> bool:
        """Tell whether it is one of these that decides."""
        return self.seen is not None and self.seen.cause in causes


class Mark(Enum):
    """What a point is to the verdict."""

    FINE = "fine"
    DECIDES = "decides"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the things that the site looks at, and what is so about it."""

    name: str
    mark: Mark
    text: str


def points(case: Subject) -> tuple[Reason, ...]:
    """Return the points of a card, one of which decides."""
    return tuple(each(case) for each in (_flag, _date, _name, _front_matter, _configuration, _story))


def _flag(case: Subject) -> Reason:
    mark = Mark.DECIDES if case.decided_by(Cause.FLAG) else Mark.FINE
    if not isinstance(case.record, Card) or (case.seen and case.seen.fate in (Fate.BARE, Fate.VERBATIM)):
        return Reason("Flag", Mark.DECIDES if mark is Mark.DECIDES else Mark.LOOK, "the site reads no flag")
    if "published" not in case.fields:
        mark = Mark.LOOK if mark is Mark.FINE and not case.site.defaults else mark
        return Reason("Flag", mark, "`published` is missing, and what says nothing is shown")
    flag, where = case.fields["published"], _where(case, "published")
    if isinstance(flag, bool):
        text = f"`published` is {str(flag).lower()}{where}"
        if case.fields.get("removed") is True:
            text += f", {'though' if flag else 'and'} `removed` is true: it was taken down"
        return Reason("Flag", mark, text)
    mark = Mark.LOOK if mark is Mark.FINE else mark
    if flag is None:
        return Reason("Flag", mark, f"`published` has no value{where}: that hides, where no default decides")
    text = f"`published` is {type_name(flag)}{where}, not true or false"
    if mark is Mark.DECIDES and case.seen:
        text += ", and so shows the card" if case.seen.is_shown else ", and is still taken for false"
    return Reason("Flag", mark, text)


def _where(case: Subject, name: str) -> str:
    """Return where a field stands, to be told behind it."""
    try:
        placing = Locator(case.source, find_fences(case.source, case.limits))
        return f" (line {placing.span((name,)).line})"
    except (UnreadableError, yaml.YAMLError):
        return ""


def _date(case: Subject) -> Reason:
    if "date" not in case.fields:
        if case.decided_by(Cause.DATE):
            return Reason("Date", Mark.DECIDES, "`defaults` in the configuration has `date`")
        said = moment(case.fields.get("publishedDateTime"), case.site.zone)
        if said and said > clock.now():
            text = "`publishedDateTime` is in the future, which schedules nothing: only `date` does"
            return Reason("Date", Mark.LOOK, text)
        return Reason("Date", Mark.FINE, "no `date` that would schedule it")
    when, where = moment(case.fields["date"], case.site.zone), _where(case, "date")
    if when is None:
        text = f"`date` is none that Jekyll can read{where}: the whole build fails"
        return Reason("Date", _mark(case, Cause.DATE, otherwise=Mark.LOOK), text)
    if when > clock.now():
        text = f"`date` is in the future{where}: {when.date()}"
        return Reason("Date", _mark(case, Cause.DATE, otherwise=Mark.LOOK), text)
    return Reason("Date", _mark(case, Cause.DATE), f"`date` has passed{where}: {when.date()}")


def _mark(case: Subject, *causes: Cause, otherwise: Mark = Mark.FINE) -> Mark:
    return Mark.DECIDES if case.decided_by(*causes) else otherwise


def _name(case: Subject) -> Reason:
    base = path_text(os.path.basename(case.record.path))
    mark = _mark(case, Cause.NAME, Cause.FILE_DATE)
    if case.decided_by(Cause.NAME):
        if case.seen and case.seen.fate is Fate.FAILS:
            return Reason("File name", mark, f"{base} is not UTF-8: the whole build fails")
        inner = path_text(case.site.inner_path(case.record.path))
        return Reason("File name", mark, f"{inner}: a `_`, `.`, `#` or `~` where none may stand")
    found = FILE_DATE.fullmatch(os.path.basename(case.record.path))
    if found is None:
        return Reason("File name", mark, f"{base}: no date in it")
    if "date" in case.fields:
        return Reason("File name", mark, f"its date, {found[1]}, does not count beside `date`")
    when = moment(found[1], case.site.zone)
    if when is None:
        return Reason("File name", mark, f"{found[1]} is an impossible date: the whole build fails")
    if when <= clock.now():
        return Reason("File name", mark, f"its date, {found[1]}, has passed")
    mark = Mark.LOOK if mark is Mark.FINE else mark
    return Reason("File name", mark, f"its date, {found[1]}, is in the future")


def _front_matter(case: Subject) -> Reason:
    mark = _mark(case, Cause.UNREADABLE, Cause.BYTES)
    unknown = case.seen is None and not case.site.problem
    if isinstance(case.record, Unreadable):
        place = f" (line {case.record.line})" if case.record.line > 1 else ""
        mark = Mark.DECIDES if mark is Mark.DECIDES or unknown else Mark.LOOK
        return Reason("Front matter", mark, shorten(one_line(case.record.reason)) + place)
    if case.record.before_fence:
        text = "something stands before the first `---`: the file is copied as it is"
        return Reason("Front matter", Mark.DECIDES if mark is Mark.DECIDES else Mark.LOOK, text)
    if mark is Mark.DECIDES:
        return Reason("Front matter", mark, f"Jekyll cannot read it{case.seen.why if case.seen else ''}")
    if unknown:
        return Reason("Front matter", Mark.DECIDES, "tags or merge keys, which Jekyll reads in its own way")
    return Reason("Front matter", mark, "`---` above and below, and YAML between them")


def _configuration(case: Subject) -> Reason:
    file = path_text(os.path.relpath(case.site.file)) if case.site.file else ""
    if case.site.problem:
        return Reason("_config.yml", Mark.DECIDES, f"{file}: {shorten(one_line(case.site.problem))}")
    if case.seen is not None and case.decided_by(Cause.SETTING):
        return Reason("_config.yml", Mark.DECIDES, f"{file}: {case.seen.why.removeprefix(', for ')}")
    if not file:
        where = "none beside `_news`" if case.site.folder else "none: the card is in no `_news` folder"
        return Reason("_config.yml", Mark.FINE, where)
    settings = {"unpublished": case.site.unpublished, "future": case.site.future}
    if odd := [f"`{name}`" for name, is_set in settings.items() if is_set]:
        text = f"{file}: {' and '.join(odd)} set, which shows what else is hidden"
        return Reason("_config.yml", Mark.LOOK, text)
    return Reason("_config.yml", Mark.FINE, f"{file}: nothing that decides")


def _story(case: Subject) -> Reason:
    if case.story is None:
        return Reason("Story", Mark.LOOK, "not known: the card cannot be read")
    return Reason("Story", Mark.FINE if case.story.is_fine else Mark.LOOK, case.story.sentence)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What would change the verdict: in words, or as a value for ``set-published``."""

    text: str
    set_published: bool | None = None


def remedies(case: Subject) -> Iterator[Suggestion]:
    """Yield what would change the verdict, or settle it."""
    seen = case.seen
    if case.site.problem:
        yield Suggestion("mend `_config.yml`")
        return
    if seen is None or seen.fate in (Fate.BARE, Fate.VERBATIM, Fate.FAILS):
        yield Suggestion(_mend(case))
        return
    wanted = not seen.is_shown
    after = _after(case, wanted)
    if wanted and case.story and case.story.shown:
        yield Suggestion("the story shows another card: hide that one too")
    if wanted and case.fields.get("removed") is True:
        yield Suggestion("delete `removed`: the card was taken down")
    if after is not None and after.is_shown is wanted:
        yield Suggestion("", wanted)
        return
    if seen.cause is Cause.DATE:
        yield Suggestion(_correct_date(case))
    elif seen.cause is Cause.FILE_DATE:
        yield Suggestion("rename the file: its date is when it will be shown")
    elif seen.cause is Cause.NAME:
        yield Suggestion("rename the file, or its folder: no `_`, `.`, `#` or `~` at either end")
    elif seen.cause is Cause.SETTING or case.site.unpublished:
        yield Suggestion(f"edit {path_text(os.path.basename(case.site.file))}")
    else:
        yield Suggestion(f"edit the line `published:` to say `{str(wanted).lower()}`")
    if wanted and seen.cause is not Cause.FLAG and case.fields.get("published", True) in (False, None):
        yield Suggestion("", True)


def _mend(case: Subject) -> str:
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


def _correct_date(case: Subject) -> str:
    if "date" in case.fields:
        return "delete `date`, or correct it"
    return f"edit `date` below `defaults` in {path_text(os.path.basename(case.site.file))}"


def _after(case: Subject, flag: bool) -> View | None:
    """Return what the site would do with the card after ``set-published``; nothing is written."""
    try:
        source = read_whole_file(case.record.path)
        new = edit_source(source, [Operation(("published",), SetValue(flag))], case.limits).new
    except (EditRefusedError, OSError):
        return None
    return view(parse(case.record.path, new, case.limits), new, case.site)


_WHY = {
    (Fate.HIDDEN, Cause.NAME): ", for Jekyll leaves out what is named so",
    (Fate.FAILS, Cause.NAME): ", for the file's name is not UTF-8",
    (Fate.FAILS, Cause.BYTES): ", for the file holds bytes that are not UTF-8",
    (Fate.FAILS, Cause.DATE): ", for Jekyll cannot read `date`",
    (Fate.FAILS, Cause.FILE_DATE): ", for its name begins with an impossible date",
    (Fate.BARE, Cause.UNREADABLE): ", for its front matter cannot be read",
    (Fate.VERBATIM, Cause.UNREADABLE): ", for it does not begin with a line `---`",
}
"""How the sentence of a view goes on that says no more than what becomes of the card."""

_BY_DATE = {Cause.DATE: ", by its `date`", Cause.FILE_DATE: ", by the date in its name"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What becomes of a card and why. ``seen`` is ``None`` where that is not known."""

    record: CardOrUnreadable
    seen: View | None
    sentence: str
    points: tuple[Reason, ...]
    remedies: tuple[Suggestion, ...]
    story: StoryOfCard | None


def explain(path: str, others: Mapping[Identity, Card], limits: Limits = LIMITS) -> Explanation:
    """Return why the site shows the card at ``path``, or does not.

    ``others`` has the cards that its ``related`` names, by ``card.identity``, as far as there are any.
    """
    site = site_of(path)
    try:
        source = read_bytes(path, limits)
        record: CardOrUnreadable = parse(path, source, limits)
    except (OSError, ValueError) as error:
        source, record = b"", Unreadable(path, "io", system_reason(error))
    seen = view(record, source, site, whole=is_whole(source, limits))
    story = StoryOfCard.of(record, others) if isinstance(record, Card) else None
    case = Subject(record, source, site, seen, story, limits)
    return Explanation(record, seen, _sentence(case), points(case), tuple(remedies(case)), story)


def _sentence(case: Subject) -> str:
    """Return the verdict as one sentence that says why."""
    if case.seen is None:
        if case.site.problem:
            why = f"{os.path.basename(case.site.file)} cannot be read"
        elif isinstance(case.record, Unreadable):
            why = case.record.reason
        else:
            why = "it has tags or merge keys, which Jekyll reads in its own way"
        return f"What the site does with this card is not known: {shorten(one_line(why))}."
    sentence = case.seen.sentence
    if case.seen.fate is Fate.HIDDEN:
        sentence += _BY_DATE.get(case.seen.cause, "")
    if case.decided_by(Cause.FLAG):
        sentence += _flag_why(case)
    elif not case.seen.why:
        sentence += _WHY.get((case.seen.fate, case.seen.cause), "")
    return f"{sentence[0].upper()}{shorten(one_line(sentence[1:]))}."


def _flag_why(case: Subject) -> str:
    if "published" not in case.fields:
        return ", for it has no flag"
    flag = case.fields["published"]
    if isinstance(flag, bool):
        return f", for its flag is {str(flag).lower()}"
    if flag is None:
        return ", for its flag has no value"
    shown = case.seen is not None and case.seen.is_shown
    return ", for its flag is not false" if shown else ", for Jekyll takes its flag for false"
