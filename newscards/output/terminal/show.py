"""``newscards show``: one card as a curator reads it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style
from rich.text import Text

from newscards import clock
from newscards.cards.card import Card, Identity, identity, moment, text, whole_number
from newscards.cards.fields import FIELDS
from newscards.cards.values import MISSING, cell, fields_json, lookup, type_name
from newscards.output.terminal.console import has_links, linked
from newscards.output.terminal.list import HIDDEN, flag, flag_style
from newscards.output.terminal.table import TableColumn, fixed, print_rows
from newscards.text import one_line, path_text

_LABEL, _WRONG = Style.parse("dim"), Style.parse("red")
_URL = "URL"
_SHOWN = {field.name for field in FIELDS}
"""The fields that have a place of their own."""
_INVISIBLE = re.compile("[\u200b\ufeff]")

LABEL_WIDTH = 10
"""The width in columns of the label of a value, with the blank behind it."""
MAX_PROSE_WIDTH = 92
"""The width in columns of running text; a wider one is hard to read."""


def print_card(console: Console, card: Card, corpus: Mapping[Identity, Card]) -> None:
    """Print a card; ``corpus`` maps identities to those of its related cards that were found."""
    console.print(Text(clean(card.title) or path_text(card.id), "bold"))
    for label, value in facts_of(card):
        if value.text:
            url = card.url if label == _URL else ""
            _print_line(console, Segment(f"{label:<{LABEL_WIDTH - 1}} ", _LABEL), value, url)
    if excerpt := clean(card.excerpt):
        console.print()
        for line in Text(excerpt).wrap(console, min(console.width - 4, MAX_PROSE_WIDTH)):
            line.rstrip()
            console.print(Text("  ").append_text(line), soft_wrap=True)
    if images := _maps(card.fields.get("images")):
        _heading(console, "Images", len(images))
        for image in images:
            url = text(image.get("url"))
            _print_line(console, Segment(f"  {_size(image):>12}  "), Segment(one_line(url)), url)
    if card.related:
        _heading(console, "Related", len(card.related))
        print_rows(console, _related_columns(corpus), card.related, indent="  ")


def clean(value: str) -> str:
    """Return a text as a reader sees it: entities decoded, runs of blanks and line ends as one blank."""
    visible = _INVISIBLE.sub("", html.unescape(value))
    return " ".join(one_line(visible).split())


def age(when: datetime, now: datetime) -> str:
    """Return the time since ``when`` in its largest unit: ``3 years ago``, ``today``, ``in 2 days``."""
    future = when > now
    passed = relativedelta(*((when, now) if future else (now, when)))
    for unit in ("years", "months", "days"):
        if count := getattr(passed, unit):
            words = f"{count} {unit if count > 1 else unit[:-1]}"
            return f"in {words}" if future else f"{words} ago"
    return "today" if when.date() == now.date() else "tomorrow" if future else "yesterday"


def facts_of(card: Card) -> Iterator[tuple[str, Segment]]:
    """Yield the lines below the headline, each a label and a value."""
    yield "Flag", Segment(f"{flag(card)} {_state(card)}", flag_style(card))
    if card.date:
        yield "Date", Segment(f"{card.date.isoformat(' ')[:16]} UTC, {age(card.date, clock.now())}")
    elif "publishedDateTime" in card.fields:
        yield "Date", Segment(f"{one_line(str(card.fields['publishedDateTime']))} is not a date", _WRONG)
    yield "Provider", Segment(_provider(card.provider))
    yield "Topics", Segment(one_line(", ".join(card.topics)))
    fields = fields_json(card)
    quality, heat = (one_line(cell(fields.get(name))) or "none" for name in ("quality", "heat"))
    yield "Quality", Segment(f"{quality}, heat {heat}")
    yield "Type", Segment(one_line(card.type))
    yield _URL, Segment(one_line(card.url))
    if isinstance(secured := card.fields.get("secured"), str):
        yield "Secured", Segment(f"{len(secured):,} characters, encrypted")
    for key, value in fields.items():
        if key not in _SHOWN:
            yield one_line(key), Segment(one_line(cell(value)))
    yield "File", Segment(path_text(card.path))


def _state(card: Card) -> str:
    words = "published" if card.published else "hidden"
    value = card.fields.get("published", MISSING)
    if value is MISSING:
        words += " (the flag is missing)"
    elif not isinstance(value, bool):
        words += f" (the flag is {type_name(value)})"
    if card.fields.get("removed") is True:
        words += ", removed"
    if card.before_fence:
        words += "; the site copies the file as it is: something stands before its `---`"
    return words


def _provider(provider: Mapping[Any, Any]) -> str:
    name, domain = (one_line(text(provider.get(key))) for key in ("name", "domain"))
    return f"{name} ({domain})" if name and domain else name or domain


def _maps(value: object) -> list[Mapping[Any, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _heading(console: Console, words: str, count: int) -> None:
    console.print()
    console.print(Text.assemble((words, "bold"), (f" {count}", _LABEL)))


def _size(image: Mapping[Any, Any]) -> str:
    sizes = [whole_number(image.get(key)) for key in ("width", "height")]
    return " × ".join(str(number) for number in sizes) if None not in sizes else "size unknown"


def _print_line(console: Console, before: Segment, value: Segment, url: str) -> None:
    """Print a value after its label (``before``), as a link if it has a URL.

    The terminal wraps the line, so that a URL or a path can be copied.
    """
    shown = linked([value], url) if has_links(console) else [value]
    console.print(Segments([before, *shown, Segment.line()]), end="", soft_wrap=True)


def _number(value: object) -> str:
    number = whole_number(value)
    return "" if number is None else str(number)


def _related_columns(corpus: Mapping[Identity, Card]) -> list[TableColumn[Mapping[Any, Any]]]:
    """Return the columns of the related cards; the flag is that of the card in the corpus, ? if not found."""

    def known(entry: Mapping[Any, Any]) -> Card | None:
        return corpus.get(identity(entry))

    def sign(entry: Mapping[Any, Any]) -> str:
        card = known(entry)
        return flag(card) if card else "?"

    def sign_style(entry: Mapping[Any, Any]) -> Style:
        card = known(entry)
        return flag_style(card) if card else HIDDEN

    def day(entry: Mapping[Any, Any]) -> str:
        when = moment(entry.get("publishedDateTime"))
        return when.date().isoformat() if when else ""

    return [
        TableColumn("", sign, sign_style),
        TableColumn("Date", day, fixed("cyan"), drop_order=1),
        TableColumn("Qual", lambda entry: _number(entry.get("quality")), right=True, drop_order=3),
        TableColumn(
            "Provider", lambda entry: text(lookup(entry, "provider.name")), max_width=18, drop_order=2
        ),
        TableColumn(
            "Title",
            lambda entry: clean(text(entry.get("title"))),
            elastic=32,
            link=lambda entry: Card("", entry).url,
        ),
    ]
