"""Checksums of values, by which a finding is recognized after its line moved (``Finding.value``)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from zlib import crc32

from newscards.cards.card import Card, CardOrUnreadable
from newscards.frontmatter.nodes import Step
from newscards.frontmatter.positions import Span
from newscards.lint.facts import Row
from newscards.lint.rule import Problem


def checksum(text: str) -> int:
    """Return the checksum of a text, as ``Finding.value`` has it."""
    return crc32(text.encode(errors="surrogatepass"))


def value_checksum(record: CardOrUnreadable, steps: tuple[Step, ...], problem: Problem) -> int:
    """Return the checksum of the value at ``steps``; of the message, if the problem is of the whole card."""
    value: Any = record.fields if isinstance(record, Card) and steps else problem.message
    with suppress(LookupError, TypeError):
        for step in steps:
            value = value[step]
        return checksum(repr(value))
    return checksum(problem.message)


def compared_text(row: Row, problem: Problem, span: Span) -> str:
    """Return what ``Finding.value`` is the checksum of, if a rule that compares cards found the problem.

    It is the text of the value, without quotes, preceded by the identity of its entry of ``related``. Of the
    whole field ``related`` it is the identities of the cards that list this one, which stay the same if their
    files are renamed.
    """
    steps = problem.path
    text = span.source[span.column - 1 : span.end_column - 1 if span.end_line == span.line else None]
    text = text.strip(" \t\r\"'")
    if steps == ("related",) and problem.others:
        return repr(sorted(repr(spot.row.copy.identity) for spot in problem.others))
    if steps == ("related",) or not text:
        return problem.message
    index = steps[1] if len(steps) > 1 and steps[0] == "related" else None
    entry = row.related[index] if isinstance(index, int) and index < len(row.related) else None
    return f"{entry.identity!r} {text if len(steps) > 2 else ''}" if entry else text
