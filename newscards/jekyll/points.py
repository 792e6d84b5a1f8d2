"""What the site looks at, one after the other, and what is so about it in one card."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from enum import Enum

import yaml

from newscards import clock
from newscards.cards.card import Card, Unreadable
from newscards.cards.values import type_name
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.locations import Placing
from newscards.jekyll.dates import moment
from newscards.jekyll.explain import Case
from newscards.jekyll.site import Cause, Fate
from newscards.text import one_line, path_text, shorten

_FILE_DATE = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-[^/]*\.[^.]+", re.ASCII)


class Mark(Enum):
    """What a point is to the verdict."""

    FINE = "fine"
    DECIDES = "decides"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Point:
    """One of the things that the site looks at, and what is so about it."""

    name: str
    mark: Mark
    text: str


def points(case: Case) -> tuple[Point, ...]:
    """Return the points of a card, one of which decides."""
    return tuple(each(case) for each in (_flag, _date, _name, _front_matter, _configuration, _story))


def _flag(case: Case) -> Point:
    mark = Mark.DECIDES if case.decided_by(Cause.FLAG) else Mark.FINE
    if not isinstance(case.record, Card) or (case.seen and case.seen.fate in (Fate.BARE, Fate.VERBATIM)):
        return Point("Flag", Mark.DECIDES if mark is Mark.DECIDES else Mark.LOOK, "the site reads no flag")
    if "published" not in case.fields:
        mark = Mark.LOOK if mark is Mark.FINE and not case.site.defaults else mark
        return Point("Flag", mark, "`published` is missing, and what says nothing is shown")
    flag, where = case.fields["published"], _where(case, "published")
    if isinstance(flag, bool):
        text = f"`published` is {str(flag).lower()}{where}"
        if case.fields.get("removed") is True:
            text += f", {'though' if flag else 'and'} `removed` is true: it was taken down"
        return Point("Flag", mark, text)
    mark = Mark.LOOK if mark is Mark.FINE else mark
    if flag is None:
        return Point("Flag", mark, f"`published` has no value{where}: that hides, where no default decides")
    text = f"`published` is {type_name(flag)}{where}, not true or false"
    if mark is Mark.DECIDES and case.seen:
        text += ", and so shows the card" if case.seen.is_shown else ", and is still taken for false"
    return Point("Flag", mark, text)


def _where(case: Case, name: str) -> str:
    """Return where a field stands, to be told behind it."""
    try:
        placing = Placing(case.source, find_fences(case.source, case.limits))
        return f" (line {placing.span((name,)).line})"
    except (UnreadableError, yaml.YAMLError):
        return ""


def _date(case: Case) -> Point:
    if "date" not in case.fields:
        if case.decided_by(Cause.DATE):
            return Point("Date", Mark.DECIDES, "`defaults` in the configuration has `date`")
        said = moment(case.fields.get("publishedDateTime"), case.site.zone)
        if said and said > clock.now():
            text = "`publishedDateTime` is in the future, which schedules nothing: only `date` does"
            return Point("Date", Mark.LOOK, text)
        return Point("Date", Mark.FINE, "no `date` that would schedule it")
    when, where = moment(case.fields["date"], case.site.zone), _where(case, "date")
    if when is None:
        text = f"`date` is none that Jekyll can read{where}: the whole build fails"
        return Point("Date", _mark(case, Cause.DATE, otherwise=Mark.LOOK), text)
    if when > clock.now():
        text = f"`date` is in the future{where}: {when.date()}"
        return Point("Date", _mark(case, Cause.DATE, otherwise=Mark.LOOK), text)
    return Point("Date", _mark(case, Cause.DATE), f"`date` has passed{where}: {when.date()}")


def _mark(case: Case, *causes: Cause, otherwise: Mark = Mark.FINE) -> Mark:
    return Mark.DECIDES if case.decided_by(*causes) else otherwise


def _name(case: Case) -> Point:
    base = path_text(os.path.basename(case.record.path))
    mark = _mark(case, Cause.NAME, Cause.FILE_DATE)
    if case.decided_by(Cause.NAME):
        if case.seen and case.seen.fate is Fate.FAILS:
            return Point("File name", mark, f"{base} is not UTF-8: the whole build fails")
        inner = path_text(case.site.inner_path(case.record.path))
        return Point("File name", mark, f"{inner}: a `_`, `.`, `#` or `~` where none may stand")
    found = _FILE_DATE.fullmatch(os.path.basename(case.record.path))
    if found is None:
        return Point("File name", mark, f"{base}: no date in it")
    if "date" in case.fields:
        return Point("File name", mark, f"its date, {found[1]}, does not count beside `date`")
    when = moment(found[1], case.site.zone)
    if when is None:
        return Point("File name", mark, f"{found[1]} is an impossible date: the whole build fails")
    if when <= clock.now():
        return Point("File name", mark, f"its date, {found[1]}, has passed")
    mark = Mark.LOOK if mark is Mark.FINE else mark
    return Point("File name", mark, f"its date, {found[1]}, is in the future")


def _front_matter(case: Case) -> Point:
    mark = _mark(case, Cause.UNREADABLE, Cause.BYTES)
    unknown = case.seen is None and not case.site.problem
    if isinstance(case.record, Unreadable):
        place = f" (line {case.record.line})" if case.record.line > 1 else ""
        mark = Mark.DECIDES if mark is Mark.DECIDES or unknown else Mark.LOOK
        return Point("Front matter", mark, shorten(one_line(case.record.reason)) + place)
    if case.record.before_fence:
        text = "something stands before the first `---`: the file is copied as it is"
        return Point("Front matter", Mark.DECIDES if mark is Mark.DECIDES else Mark.LOOK, text)
    if mark is Mark.DECIDES:
        return Point("Front matter", mark, f"Jekyll cannot read it{case.seen.why if case.seen else ''}")
    if unknown:
        return Point("Front matter", Mark.DECIDES, "tags or merge keys, which Jekyll reads in its own way")
    return Point("Front matter", mark, "`---` above and below, and YAML between them")


def _configuration(case: Case) -> Point:
    file = path_text(os.path.relpath(case.site.file)) if case.site.file else ""
    if case.site.problem:
        return Point("_config.yml", Mark.DECIDES, f"{file}: {shorten(one_line(case.site.problem))}")
    if case.seen is not None and case.decided_by(Cause.SETTING):
        return Point("_config.yml", Mark.DECIDES, f"{file}: {case.seen.why.removeprefix(', for ')}")
    if not file:
        where = "none beside `_news`" if case.site.folder else "none: the card is in no `_news` folder"
        return Point("_config.yml", Mark.FINE, where)
    settings = {"unpublished": case.site.unpublished, "future": case.site.future}
    if odd := [f"`{name}`" for name, is_set in settings.items() if is_set]:
        text = f"{file}: {' and '.join(odd)} set, which shows what else is hidden"
        return Point("_config.yml", Mark.LOOK, text)
    return Point("_config.yml", Mark.FINE, f"{file}: nothing that decides")


def _story(case: Case) -> Point:
    if case.story is None:
        return Point("Story", Mark.LOOK, "not known: the card cannot be read")
    return Point("Story", Mark.FINE if case.story.is_fine else Mark.LOOK, case.story.sentence)
