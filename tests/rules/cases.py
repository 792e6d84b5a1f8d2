"""What the tables of the rules' tests are made of: cards and the findings that they expect."""

from __future__ import annotations

from typing import NamedTuple

from newscards.lint import Finding
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
    """A finding, as far as the tables look at it; ``end_line`` is 0 where it ends on its line."""

    code: str
    line: int
    column: int
    end_column: int
    field: str = ""
    severity: str = "error"
    end_line: int = 0

    @staticmethod
    def of(finding: Finding) -> Found:
        """Return a finding as the tables have it."""
        further = 0 if finding.end_line == finding.line else finding.end_line
        return Found(
            finding.rule.code, finding.line, finding.column, finding.end_column, finding.field,
            finding.rule.severity.value, further,
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


def replaced(old: str, new: str) -> str:
    """Return CARD with ``old``, which stands there, replaced by ``new``."""
    assert old in CARD
    return CARD.replace(old, new, 1)


def block(text: str) -> str:
    """Return a card of which ``text`` is the front matter."""
    return f"---\n{text}---\n"
