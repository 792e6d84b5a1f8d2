"""Why the site shows a card, or does not: the verdict, what it rests on, and what would change it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from newscards.cards.card import Card, Identity, Record, Unreadable
from newscards.cards.reader import is_whole, parse, read_bytes, system_reason
from newscards.cards.stories import Story
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.jekyll.config import site_of
from newscards.jekyll.explain import Case
from newscards.jekyll.points import Mark, Point, points
from newscards.jekyll.remedies import Remedy, remedies
from newscards.jekyll.site import Cause, Fate, View, view
from newscards.text import one_line, shorten

__all__ = ["Mark", "Point", "Remedy", "Verdict", "explain"]

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
class Verdict:
    """What becomes of a card and why. ``seen`` is ``None`` where that is not known."""

    record: Record
    seen: View | None
    sentence: str
    points: tuple[Point, ...]
    remedies: tuple[Remedy, ...]
    story: Story | None


def explain(path: str, others: Mapping[Identity, Card], limits: Limits = LIMITS) -> Verdict:
    """Return why the site shows the card at ``path``, or does not.

    ``others`` has the cards that its ``related`` names, by ``card.identity``, as far as there are any.
    """
    site = site_of(path)
    try:
        source = read_bytes(path, limits)
        record: Record = parse(path, source, limits)
    except (OSError, ValueError) as error:
        source, record = b"", Unreadable(path, "io", system_reason(error))
    seen = view(record, source, site, whole=is_whole(source, limits))
    story = Story.of(record, others) if isinstance(record, Card) else None
    case = Case(record, source, site, seen, story, limits)
    return Verdict(record, seen, _sentence(case), points(case), tuple(remedies(case)), story)


def _sentence(case: Case) -> str:
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


def _flag_why(case: Case) -> str:
    if "published" not in case.fields:
        return ", for it has no flag"
    flag = case.fields["published"]
    if isinstance(flag, bool):
        return f", for its flag is {str(flag).lower()}"
    if flag is None:
        return ", for its flag has no value"
    shown = case.seen is not None and case.seen.is_shown
    return ", for its flag is not false" if shown else ", for Jekyll takes its flag for false"
