"""What the tables of the rules' tests are made of: cards and the findings that they expect."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from newscards.lint.findings import Finding
from tests.support import CARD, card

ENTRY = """\
  - title: "Gauges of the north"
    excerpt: "A second look."
    publishedDateTime: 2023-06-21T08:00:00Z
    webUrl: "https://www.tide.example/north"
    type: article
    provider:
      name: Tide
      domain: tide.example
    quality: 60
    images:
      - url: "https://www.tide.example/north.jpg"
        width: 600
        height: 400
"""
"""A sound entry of ``related``. In ``with_entry()`` its first line is line 13 of the file."""

ODD = "\U0001f600\x85\u2028\u2029\r\ufeff漢"
"""Seven code points that are columns like any other: an emoji, what libyaml (and some editors) takes
for line ends, a byte order mark that begins nothing, a wide character. In double quotes all are YAML."""


class Found(NamedTuple):
    """A finding, as far as the tables look at it; ``end_line`` is 0 where it ends on its line.

    ``others`` are the file and line of each of the other cards that it concerns.
    """

    code: str
    line: int
    column: int
    end_column: int
    field: str = ""
    severity: str = "error"
    end_line: int = 0
    others: tuple[tuple[str, int], ...] = ()

    @staticmethod
    def of(finding: Finding) -> Found:
        """Return a finding as the tables have it."""
        further = 0 if finding.end_line == finding.line else finding.end_line
        return Found(
            finding.rule.code, finding.line, finding.column, finding.end_column, finding.field,
            finding.severity.value, further, finding.others,
        )  # fmt: skip


def with_lines(lines: str) -> str:
    """Return CARD with these lines from its line 12 on."""
    return CARD.replace("published: true\n", f"published: true\n{lines}", 1)


def with_entry(old: str = "", new: str = "", before: int = 0) -> str:
    """Return CARD with an entry below ``related``, in which ``old`` is replaced by ``new``.

    ``before`` sound entries stand before it.
    """
    assert old in ENTRY
    return card(related="\n" + ENTRY * before + ENTRY.replace(old, new, 1).removesuffix("\n"))


BACK = """\
  - title: "Tide gauges get a second life"
    excerpt: "Old wells, new sensors."
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: "https://www.tide.example/gauges"
    type: article
    provider: {name: Tide, domain: tide.example}
    quality: 67
"""
"""An entry of ``related`` that is a copy of CARD."""


def listing(*entries: str) -> str:
    """Return the value of ``related`` with these entries, for ``support.card``."""
    return "\n" + "".join(entries).removesuffix("\n")


def north(**fields: str | None) -> str:
    """Return the card that ENTRY is a copy of, with top-level lines replaced as in ``support.card``."""
    url = '"https://www.tide.example/north"'
    own: dict[str, str | None] = {
        "title": '"Gauges of the north"', "excerpt": '"A second look."', "originalUrl": url, "webUrl": url,
        "publishedDateTime": "2023-06-21T08:00:00Z", "quality": "60", "heat": "-1", "published": "false",
        "related": listing(BACK),
    }  # fmt: skip
    fields = own | fields
    return card(**(fields | {"published": fields.pop("published")}))  # last: new ones go below it


def story(entry: str = ENTRY, **fields: str | None) -> dict[str, str]:
    """Return two cards that list each other: what the first says of the second, and this one's fields."""
    return {"gauges.md": card(related=listing(entry)), "north.md": north(**fields)}


def replaced(old: str, new: str) -> str:
    """Return CARD with ``old``, which stands there, replaced by ``new``."""
    assert old in CARD
    return CARD.replace(old, new, 1)


def block(text: str) -> str:
    """Return a card of which ``text`` is the front matter."""
    return f"---\n{text}---\n"


SAME_TEXTS = [
    pytest.param("Gauges &amp; wells", "Gauges & wells", id="an-entity"),
    pytest.param("It&#8217;s a gauge", "It’s a gauge", id="a-numeric-entity"),
    pytest.param("Gauges &amp;amp; wells", "Gauges & wells", id="an-entity-in-an-entity"),
    pytest.param("  Gauges", "Gauges ", id="stray-blanks"),
    pytest.param("Gauges\\u00a0", "Gauges", id="a-no-break-space-at-the-end"),
    pytest.param("Gau\\u200bges", "Gauges", id="a-zero-width-space"),
    pytest.param("Gauges\\r", "Gauges", id="a-carriage-return"),
    pytest.param("\\ufeffGauges", "Gauges", id="a-byte-order-mark"),
    pytest.param("It\\xe2\\u20ac\\u2122s a gauge", "It’s a gauge", id="mojibake"),
]
"""Two texts in double quotes that say the same, as far as copies are compared."""


def site(text: str | bytes, config: str = "", name: str = "x.md") -> dict[str, str | bytes]:
    """Return the files of a site: its configuration, and one card below ``_news``."""
    return {"_config.yml": f"collections: {{news: {{output: true}}}}\n{config}", f"_news/{name}": text}
