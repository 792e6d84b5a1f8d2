"""Selection options -> a selection, with what is unknown told and its neighbours named."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import TypedDict

from newscards import clock
from newscards.errors import NewscardsError
from newscards.query.filters import (
    EVERYTHING,
    NOTHING,
    Selection,
    before,
    card_type,
    number,
    parse_days,
    provider,
    published,
    since,
    topic,
)


class SelectionOptions(TypedDict):
    """The values of ``options.selection_options``."""

    topics: tuple[str, ...]
    all_topics: bool
    min_quality: int | None
    max_quality: int | None
    min_heat: int | None
    published: bool | None
    types: tuple[str, ...]
    providers: tuple[str, ...]
    since: str | None
    until: str | None
    where: tuple[str, ...]
    search: str | None


def is_choosing(options: SelectionOptions) -> bool:
    """Tell whether one of the options says which cards are chosen."""
    given = {key: value for key, value in options.items() if key in SelectionOptions.__annotations__}
    return bool(given.pop("all_topics")) or any(value not in (None, ()) for value in given.values())


def selection(options: SelectionOptions, *, narrowed: bool = False) -> Selection:
    """Return what the options choose; raises ``NewscardsError`` for a date that is none.

    ``narrowed``: a topic is given elsewhere, so that ``--all-topics`` without any is no slip.
    """
    parts = [EVERYTHING]
    if options["topics"]:
        combine = and_ if options["all_topics"] else or_
        parts.append(reduce(combine, map(topic, options["topics"])))
    elif options["all_topics"] and not narrowed:
        raise NewscardsError("--all-topics says how several --topic are taken; there is none")
    if options["providers"]:
        parts.append(reduce(or_, map(provider, options["providers"]), NOTHING))
    if options["types"]:
        parts.append(reduce(or_, map(card_type, options["types"]), NOTHING))
    if options["published"] is not None:
        parts.append(published(options["published"]))
    if options["min_quality"] is not None or options["max_quality"] is not None:
        parts.append(number("quality", least=options["min_quality"], most=options["max_quality"]))
    if options["min_heat"] is not None:
        parts.append(number("heat", least=options["min_heat"]))
    now = clock.now()
    if options["since"] is not None:
        parts.append(since(_days("--since", options["since"], now)[0]))
    if options["until"] is not None:
        parts.append(before(_days("--until", options["until"], now)[1]))
    return reduce(and_, parts)


def _days(option: str, text: str, now: datetime) -> tuple[datetime, datetime]:
    try:
        return parse_days(text, now)
    except NewscardsError as error:
        raise NewscardsError(f"{option}: {error}", error.hint) from None
