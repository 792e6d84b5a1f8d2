"""Explanations of whether the site shows a card: a sentence, its reasons, and suggestions to change it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import yaml

from newscards import clock
from newscards.cards.card import Card, CardOrUnreadable, Identity, Unreadable, is_hiding
from newscards.cards.reader import parse
from newscards.cards.stories import StoryOfCard
from newscards.cards.values import type_name
from newscards.edits.apply import edit_source, read_whole_file
from newscards.edits.operations import Operation, SetValue
from newscards.errors import EditRefusedError
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.locations import Locator
from newscards.jekyll.config import AS_NEWS, NEWS, Collection, SiteConfig, site_of
from newscards.jekyll.dates import moment
from newscards.jekyll.site import FILE_DATE, Cause, Fate, View, day_text, view_file, view_of
from newscards.text import one_line, path_text, shorten


@dataclass(frozen=True, slots=True)
class Subject:
    """A card to explain, as it was read from ``source``, with its site's view of it and its story.

    ``view`` is ``None`` if the site's decision is not known; ``story`` if the card cannot be read.
    """

    record: CardOrUnreadable
    source: bytes
    site: SiteConfig
    view: View | None
    story: StoryOfCard | None
    limits: Limits = LIMITS
    leftovers: tuple[str, ...] = ()
    """The names of files beside a hidden card that show it all the same, such as ``x.md.orig``."""

    @property
    def fields(self) -> Mapping[Any, Any]:
        """The card's fields; none if it cannot be read."""
        return self.record.fields if isinstance(self.record, Card) else {}

    def decided_by(self, *causes: Cause) -> bool:
        """Return whether one of these causes decides."""
        return self.view is not None and self.view.cause in causes


class Mark(Enum):
    """The weight of a reason: it decides, deserves a look, or is fine."""

    FINE = "fine"
    DECIDES = "decides"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the facts that the site's decision may depend on, and its state in words."""

    name: str
    mark: Mark
    text: str


def reasons_of(subject: Subject) -> tuple[Reason, ...]:
    """Return the reasons for the site's decision about a card; exactly one of them decides.

    Of a card in no collection, they are those that do not depend on one.
    """
    in_collection = (_flag, _date, _name, _front_matter, _configuration, _story, _result)
    alone = (_flag, _front_matter, _configuration, _story)
    return tuple(each(subject) for each in (in_collection if subject.site.label else alone))


_WITHOUT_DATA = (Fate.BARE, Fate.LISTED_BARE, Fate.VERBATIM)


def _flag(subject: Subject) -> Reason:
    decides = subject.decided_by(Cause.FLAG) or not subject.site.label
    mark = Mark.DECIDES if decides else Mark.FINE
    is_unread = subject.view is not None and subject.view.fate in _WITHOUT_DATA
    if subject.view is None and not isinstance(subject.record, Card):
        return Reason("Flag", Mark.LOOK, "not known: the card cannot be read")
    if mark is Mark.DECIDES and not isinstance(subject.record, Card):
        return Reason("Flag", mark, f"Jekyll reads one that {_effect(subject)}")
    if is_unread or not isinstance(subject.record, Card):
        return Reason("Flag", Mark.DECIDES if mark is Mark.DECIDES else Mark.LOOK, "the site reads no flag")
    if _is_read_as_another(subject):
        return Reason("Flag", mark, f"Jekyll reads one that {_effect(subject)}, and newscards another")
    if "published" not in subject.fields:
        mark = Mark.LOOK if mark is Mark.FINE and not subject.site.defaults else mark
        return Reason("Flag", mark, "`published` is missing, and a card without it is shown")
    flag, where = subject.fields["published"], _where(subject, "published")
    if isinstance(flag, bool):
        text = f"`published` is {str(flag).lower()}{where}"
        if subject.fields.get("removed") is True:
            text += f", {'though' if flag else 'and'} `removed` is true: it was taken down"
        if subject.decided_by(Cause.COLLECTION) and not subject.site.collection.is_read:
            text += "; it counts where another program makes the pages"
        return Reason("Flag", mark, text)
    mark = Mark.LOOK if mark is Mark.FINE else mark
    if flag is None:
        return Reason("Flag", mark, f"`published` has no value{where}: without a default, no page is written")
    text = f"`published` is {type_name(flag)}{where}, not true or false"
    if mark is Mark.DECIDES and subject.view:
        text += ", and so shows the card" if subject.view.is_shown else ", and is still taken for false"
    return Reason("Flag", mark, text)


def _is_read_as_another(subject: Subject) -> bool:
    """Return whether the flag that decides is another one than newscards reads."""
    if not subject.decided_by(Cause.FLAG) or subject.view is None:
        return False
    flag = subject.fields.get("published", True)
    return isinstance(flag, bool) and flag is not subject.view.is_shown


def _effect(subject: Subject) -> str:
    return "shows the card" if subject.view and subject.view.is_shown else "hides the card"


def _where(subject: Subject, name: str) -> str:
    """Return the line of a field as text in parentheses; an empty text if the card cannot be read."""
    try:
        locator = Locator(subject.source, find_fences(subject.source, subject.limits))
        return f" (line {locator.span((name,)).line})"
    except (UnreadableError, yaml.YAMLError):
        return ""


def _date(subject: Subject) -> Reason:
    if "date" not in subject.fields:
        if subject.decided_by(Cause.DATE):
            return Reason("Date", Mark.DECIDES, "`defaults` in the configuration has `date`")
        published = moment(subject.fields.get("publishedDateTime"), subject.site.zone)
        if published and published > clock.now():
            text = "`publishedDateTime` is in the future, which schedules nothing: only `date` does"
            return Reason("Date", Mark.LOOK, text)
        return Reason("Date", Mark.FINE, "no `date` that would schedule it")
    when, where = moment(subject.fields["date"], subject.site.zone), _where(subject, "date")
    if subject.decided_by(Cause.DATE) and subject.view:  # Jekyll may read another date than PyYAML
        fails, why = subject.view.fate is Fate.FAILS, subject.view.why.removeprefix(" before ")
        text = f"Jekyll cannot read `date`{where}: the whole build fails"
        return Reason("Date", Mark.DECIDES, text if fails else f"`date` is in the future{where}: {why}")
    if when is None:
        return Reason("Date", Mark.LOOK, f"Jekyll cannot read `date`{where}: the whole build fails")
    if when > clock.now():
        return Reason("Date", Mark.LOOK, f"`date` is in the future{where}: {day_text(when)}")
    return Reason("Date", Mark.FINE, f"`date` has passed{where}: {day_text(when)}")


def _mark(subject: Subject, *causes: Cause, otherwise: Mark = Mark.FINE) -> Mark:
    return Mark.DECIDES if subject.decided_by(*causes) else otherwise


def _name(subject: Subject) -> Reason:
    file_name = path_text(os.path.basename(subject.record.path))
    mark = _mark(subject, Cause.NAME, Cause.UNDATED, Cause.FILE_DATE)
    if subject.decided_by(Cause.NAME):
        if subject.view and subject.view.fate is Fate.FAILS:
            return Reason("File name", mark, f"{file_name} is not UTF-8: the whole build fails")
        inner = path_text(subject.site.inner_path(subject.record.path))
        return Reason("File name", mark, f"{inner}: a `_`, `.`, `#` or `~` where none may stand")
    match = FILE_DATE.fullmatch(os.path.basename(subject.record.path))
    if subject.decided_by(Cause.UNDATED):
        return Reason("File name", mark, f"{file_name}: no date before the title, which each post has")
    if match is None:
        return Reason("File name", mark, f"{file_name}: no date in it")
    if "date" in subject.fields:
        return Reason("File name", mark, f"its date, {match[1]}, does not count beside `date`")
    when = moment(match[1], subject.site.zone)
    if when is None:
        return Reason("File name", mark, f"{match[1]} is an impossible date: the whole build fails")
    if when <= clock.now():
        return Reason("File name", mark, f"its date, {match[1]}, has passed")
    mark = Mark.LOOK if mark is Mark.FINE else mark
    return Reason("File name", mark, f"its date, {match[1]}, is in the future")


def _front_matter(subject: Subject) -> Reason:
    mark = _mark(subject, Cause.UNREADABLE, Cause.BYTES, Cause.LINK)
    unknown = subject.view is None and not subject.site.problem
    if isinstance(subject.record, Unreadable):
        place = f" (line {subject.record.line})" if subject.record.line > 1 else ""
        mark = Mark.DECIDES if mark is Mark.DECIDES or unknown else Mark.LOOK
        return Reason("Front matter", mark, shorten(one_line(subject.record.reason)) + place)
    if subject.record.before_fence:
        text = "something stands before the first `---`"
        if subject.site.label and not subject.site.is_posts:
            text += ": Jekyll copies such a file as it is"
        return Reason("Front matter", Mark.DECIDES if mark is Mark.DECIDES else Mark.LOOK, text)
    if mark is Mark.DECIDES:
        why = subject.view.why if subject.view else ""
        which = subject.view.jekyll if subject.view else None
        return Reason("Front matter", mark, f"{which.value if which else 'Jekyll'} cannot read it{why}")
    return Reason("Front matter", mark, "`---` above and below, and YAML between them")


def _configuration(subject: Subject) -> Reason:
    file = path_text(os.path.relpath(subject.site.file)) if subject.site.file else ""
    prefix = "" if file == "_config.yml" else f"{file}: "  # the label names that one
    if subject.site.problem:
        return Reason("_config.yml", Mark.DECIDES, f"{prefix}{shorten(one_line(subject.site.problem))}")
    if subject.view is not None and subject.decided_by(Cause.SETTING, Cause.COLLECTION):
        return Reason("_config.yml", Mark.DECIDES, f"{prefix}{subject.view.why.removeprefix(', because ')}")
    if not file:
        where = "none: the card is in no collection, such as `_news` or `_posts`"
        if subject.site.folder:
            where = f"none beside `_{subject.site.label}`: one that publishes the cards is assumed"
        return Reason("_config.yml", Mark.FINE, where)
    if subject.site.collection is Collection.LISTED:
        return Reason("_config.yml", Mark.LOOK, f"{prefix}{subject.site.why_no_pages}")
    settings = {"unpublished": subject.site.unpublished, "future": subject.site.future}
    if odd := [f"`{name}`" for name, is_set in settings.items() if is_set]:
        text = f"{prefix}{' and '.join(odd)} set, which shows what else is hidden"
        return Reason("_config.yml", Mark.LOOK, text)
    return Reason("_config.yml", Mark.FINE, f"{prefix}nothing that decides")


def _story(subject: Subject) -> Reason:
    if subject.story is None:
        return Reason("Story", Mark.LOOK, "not known: the card cannot be read")
    return Reason("Story", Mark.FINE if subject.story.is_fine else Mark.LOOK, subject.story.sentence)


def _result(subject: Subject) -> Reason:
    """Return what comes of it: the card's page, and whether the lists of the site have the card."""
    view, of_site = subject.view, f"`site.{subject.site.label}`"
    if view is None:
        return Reason("Site", Mark.LOOK, "not known")
    if view.fate is Fate.FAILS:
        return Reason("Site", Mark.LOOK, "nothing is written")
    if view.fate is Fate.VERBATIM:
        return Reason("Site", Mark.LOOK, f"a copy of the file, not in {of_site}")
    if view.has_page:
        address = page_address(subject)
        is_usual = address == f"/{NEWS}/{path_text(subject.record.id)}.html"
        page = f"the page {address}" if address and not is_usual else "a page of its own"
        return Reason("Site", Mark.FINE, f"{page}, and in {of_site}")
    if view.is_listed:
        return Reason("Site", Mark.LOOK, f"no page, but in {of_site}: lists and feeds show it")
    if subject.leftovers:
        return Reason("Site", Mark.LOOK, f"nothing of this file, but {_names(subject.leftovers)} is shown")
    return Reason("Site", Mark.FINE, f"no page, not in {of_site}")


def _names(leftovers: Sequence[str]) -> str:
    names = [f"`{path_text(name)}`" for name in leftovers[:_MAX_NAMED]]
    more = f" and {len(leftovers) - _MAX_NAMED} more" if len(leftovers) > _MAX_NAMED else ""
    return ", ".join(names) + more


_MAX_NAMED = 3


_MARKDOWN = (".markdown", ".mkdown", ".mkdn", ".mkd", ".md")


def page_address(subject: Subject) -> str:
    """Return the path at which the site has a card's page; empty if it depends on more than the names.

    The card's own ``permalink`` counts before that of ``defaults`` and of the collection (Jekyll:
    document.rb, ``url`` and ``destination``).
    """
    site, inner = subject.site, subject.site.inner_path(subject.record.path)
    if site.is_posts:
        return ""
    is_read = subject.view is not None and subject.view.fate is Fate.PUBLISHED
    template = subject.fields.get("permalink") if is_read else None
    if template is None:
        template = site.default(inner, "permalink")
    template = template if isinstance(template, str) else site.permalink
    stem, ending = os.path.splitext(inner.removeprefix(f"_{site.label}"))
    ending = ".html" if ending.lower() in _MARKDOWN else ending
    parts = {"collection": site.label, "path": stem.rstrip("."), "output_ext": ending}
    address = re.sub(r":([a-z_]+)", lambda match: parts.get(match[1], match[0]), template)
    if re.search(r":[a-z_]", address) and ":" in template:
        return ""  # of its date, its categories, or its title, which Jekyll spells in its own way
    address = re.sub("/+", "/", f"/{address}".replace("..", "/").replace("./", ""))
    if address.endswith("/"):
        address += "index.html"
    elif not address.endswith(ending):
        address += ending
    return path_text(address)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to change the site's decision: in words, or as a value for ``set-published``."""

    text: str
    set_published: bool | None = None


def suggestions_for(subject: Subject) -> Iterator[Suggestion]:
    """Yield the ways to change the site's decision, or to make it known."""
    view = subject.view
    if subject.site.problem:
        yield Suggestion("fix `_config.yml`")
        return
    if not subject.site.label:
        yield Suggestion("`newscards why --as-news` takes it for a card of a `_news`")
        return
    if subject.leftovers:
        yield Suggestion(f"to hide it, delete {_names(subject.leftovers)}, or move it out of `_news`")
    if view is not None and view.fate is Fate.UNREAD:
        yield Suggestion(_way_into_the_site(subject.site))
        return
    if view is None or view.fate in (*_WITHOUT_DATA, Fate.FAILS) or view.cause in (Cause.BYTES, Cause.LINK):
        yield Suggestion(_fix_for(subject))
        return
    if not view.has_page:
        yield from _ways_to_a_page(subject, view)
    if view.is_shown:
        hidden = _after(subject, False)
        if hidden is not None and not hidden.is_shown:
            yield Suggestion("", False)
        elif subject.site.unpublished or view.cause is Cause.SETTING:
            yield Suggestion(_edit_config(subject))
        else:
            yield Suggestion("edit the line `published:` to say `false`")


def _way_into_the_site(site: SiteConfig) -> str:
    """Return what has to be done so that Jekyll reads a card."""
    if site.collection is Collection.DRAFTS:
        return "move it into `_posts`, with its day before its name"
    if site.is_posts:
        return "move it below `collections_dir`"
    what = f"`collections: {site.label}` with `output: true`"
    return f"declare {what} in _config.yml, if Jekyll is to make its page"


def _ways_to_a_page(subject: Subject, view: View) -> Iterator[Suggestion]:
    """Yield the ways to have a page written of a card that has none."""
    if subject.story and subject.story.shown:
        yield Suggestion("the story shows another card: hide that one as well")
    if subject.fields.get("removed") is True:
        yield Suggestion("the card was taken down: `newscards restore` takes that back")
    flagged = _after(subject, True)
    if flagged is not None and flagged.has_page:
        yield Suggestion("", True)
        return
    # What is left in the way if the flag shows the card; by its name it is hidden whatever the flag says.
    yield Suggestion(_obstacle(flagged or view, subject))
    hides = is_hiding(subject.fields.get("published", True))
    if hides and (flagged is not None or view.cause is not Cause.FLAG):
        yield Suggestion("", True)


def _obstacle(view: View, subject: Subject) -> str:
    """Return what must be done about the cause of a view, so that a page is written."""
    if view.cause is Cause.DATE:
        return _correct_date(subject)
    if view.cause is Cause.FILE_DATE:
        return "rename the file: its date is when it will be shown"
    if view.cause is Cause.UNDATED:
        return "rename the file: `2023-06-20-title.md`"
    if view.cause is Cause.NAME:
        return "rename the file, or its folder: no `_`, `.`, `#` or `~` at either end"
    if view.cause in (Cause.SETTING, Cause.COLLECTION):
        return _edit_config(subject)
    return "edit the line `published:` to say `true`"


def _edit_config(subject: Subject) -> str:
    return f"edit {path_text(os.path.basename(subject.site.file))}"


def _fix_for(subject: Subject) -> str:
    if subject.decided_by(Cause.LINK):
        return "delete the link, or correct it"
    if isinstance(subject.record, Unreadable) and subject.record.kind == "io":
        return "make the file readable"
    if subject.decided_by(Cause.DATE):
        return _correct_date(subject)
    if subject.decided_by(Cause.FILE_DATE, Cause.NAME):
        return "rename the file"
    if isinstance(subject.record, Card) and subject.record.before_fence:
        return "delete what stands before the first `---`"
    line = subject.record.line if isinstance(subject.record, Unreadable) else 1
    return f"fix {f'line {line}' if line > 1 else 'the front matter'}, as the findings say"


def _correct_date(subject: Subject) -> str:
    if "date" in subject.fields:
        return "delete `date`, or correct it"
    return f"edit `date` below `defaults` in {path_text(os.path.basename(subject.site.file))}"


def _after(subject: Subject, flag: bool) -> View | None:
    """Return the site's view of the card after ``set-published``; ``None`` if unknown. Nothing is written."""
    try:
        source = read_whole_file(subject.record.path)
        new = edit_source(source, [Operation(("published",), SetValue(flag))], subject.limits).new
    except (EditRefusedError, OSError):
        return None
    return view_of(parse(subject.record.path, new, subject.limits), new, subject.site)


_REASONS_BY_FATE = {
    (Fate.HIDDEN, Cause.NAME): ", because Jekyll ignores such a name",
    (Fate.FAILS, Cause.NAME): ", because the file's name is not UTF-8",
    (Fate.FAILS, Cause.BYTES): ", because the file holds bytes that are not UTF-8",
    (Fate.FAILS, Cause.DATE): ", because Jekyll cannot read `date`",
    (Fate.FAILS, Cause.FILE_DATE): ", because its name begins with an impossible date",
    (Fate.FAILS, Cause.LINK): ", because it is a link that leads to nothing",
    (Fate.BARE, Cause.UNREADABLE): ", because its front matter cannot be read",
    (Fate.LISTED_BARE, Cause.UNREADABLE): ", because its front matter cannot be read",
    (Fate.VERBATIM, Cause.UNREADABLE): ", because it does not begin with a line `---`",
}
"""Endings for the sentence of a view that has no reason of its own (``View.why``)."""

_BY_FLAG = {True: "By its flag alone this card is shown", False: "By its flag alone this card is hidden"}

_BY_DATE = {Cause.DATE: ", by its `date`", Cause.FILE_DATE: ", by the date in its name"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The site's decision about a card, with reasons. ``view`` is ``None`` if the decision is not known."""

    record: CardOrUnreadable
    view: View | None
    sentence: str
    reasons: tuple[Reason, ...]
    suggestions: tuple[Suggestion, ...]
    story: StoryOfCard | None


def explain(
    path: str,
    others: Mapping[Identity, Card],
    limits: Limits = LIMITS,
    leftovers: Sequence[str] = (),
    *,
    as_news: bool = False,
) -> Explanation:
    """Return an explanation of why the site shows the card at ``path``, or why not.

    ``others`` are the cards that its ``related`` names, as far as they were found, by ``card.identity``;
    ``leftovers`` are the names of files that Jekyll shows, and that have its id. With ``as_news``, a card in
    no collection is explained as if it were in a ``_news``.
    """
    site = site_of(path)
    site = AS_NEWS if as_news and not site.label else site
    record, source, view = view_file(path, site, limits)
    story = StoryOfCard.of(record, others) if isinstance(record, Card) else None
    is_hidden = view is not None and view.fate is Fate.HIDDEN
    subject = Subject(record, source, site, view, story, limits, (*leftovers,) if is_hidden else ())
    suggestions = tuple(suggestions_for(subject))
    return Explanation(record, view, _sentence(subject), reasons_of(subject), suggestions, story)


def _sentence(subject: Subject) -> str:
    """Return the site's decision and why, as one sentence."""
    if subject.view is None:
        if not subject.site.label and isinstance(subject.record, Card):
            return f"{_BY_FLAG[subject.record.published]}{_flag_reason(subject)}; it is in no collection."
        if subject.site.problem:
            why = f"{os.path.basename(subject.site.file)} cannot be read"
        else:
            why = subject.record.reason if isinstance(subject.record, Unreadable) else ""
        return f"What the site does with this card is not known: {shorten(one_line(why))}."
    sentence = subject.view.sentence
    if subject.view.fate in (Fate.LISTED, Fate.HIDDEN):
        sentence += _BY_DATE.get(subject.view.cause, "")
    if subject.decided_by(Cause.FLAG):
        sentence += _flag_reason(subject)
    elif not subject.view.why:
        sentence += _REASONS_BY_FATE.get((subject.view.fate, subject.view.cause), "")
    if subject.leftovers:
        sentence += f"; but it will show {_names(subject.leftovers)}, which Jekyll takes for a card"
    return f"{sentence[0].upper()}{shorten(one_line(sentence[1:]))}."


def _flag_reason(subject: Subject) -> str:
    if not isinstance(subject.record, Card) or _is_read_as_another(subject):
        return f", because Jekyll reads a flag that {_effect(subject)}"
    if "published" not in subject.fields:
        return ", because it has no flag"
    flag = subject.fields["published"]
    if isinstance(flag, bool):
        return f", because its flag is {str(flag).lower()}"
    if flag is None:
        return ", because its flag has no value"
    shown = subject.view.is_shown if subject.view else subject.record.published
    return ", because its flag is not false" if shown else ", because Jekyll takes its flag for false"
