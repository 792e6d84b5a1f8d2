"""Findings as the index keeps them: as data, enough for every format, and as the text they were printed as.

A run that finds what one before found copies that text.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from newscards.lint.findings import Finding, Fix, Form, RuleName, Severity, Summary, counts_of

_NUMBERS = 5
"""How many numbers are kept of a card: its id, and those of its ``CardText``, of the text the length."""
_HEAD = 3
"""How many stand before these: the checksum of the findings, how long the key is, how many cards follow."""
_SIZE = 8
"""How many bytes a number takes."""


class CardText(NamedTuple):
    """What is told of one card: the text, and how many errors, warnings and fixable findings that are."""

    text: bytes
    errors: int
    warnings: int
    fixable: int


def piece_of(findings: Sequence[Finding], form: Form) -> CardText:
    """Return what is told of a card, each finding with the separator behind it."""
    text = "".join(form.finding(finding) + form.separator for finding in findings)
    return CardText(text.encode(errors="replace"), *counts_of(findings))


class Printed(NamedTuple):
    """What is told of a corpus in a form: the pieces of the cards that have findings, one after the other."""

    form: Form
    summary: Summary
    text: bytes

    def told(self) -> tuple[bytes, ...]:
        """Return the parts of the text, what is around the findings among them."""
        head, tail = (make(self.summary).encode() for make in (self.form.head, self.form.tail))
        return head, self.text.removesuffix(self.form.separator.encode()), tail


def printed(form: Form, cards: int, pieces: Iterable[CardText]) -> Printed:
    """Return what is told of so many cards, of which some have pieces, in their order."""
    parts = list(pieces)
    errors = sum(part.errors for part in parts)
    warnings = sum(part.warnings for part in parts)
    fixable = sum(part.fixable for part in parts)
    summary = Summary(cards, errors, warnings, fixable, len(parts))
    return Printed(form, summary, b"".join(part.text for part in parts))


def encode_text(form: Form, told: int, pieces: Mapping[int, CardText]) -> bytes:
    """Return pieces by the cards' ids as bytes.

    ``told`` is the checksum of the findings (``runs.Run``) that they are the text of.
    """
    numbers = array("q", (told, len(form.key), len(pieces)))
    for each, piece in pieces.items():
        numbers.extend((each, len(piece.text), *piece[1:]))
    return b"".join((numbers.tobytes(), form.key, *(piece.text for piece in pieces.values())))


class KeptText:
    """What ``encode_text`` made bytes of.

    Raises ``ValueError`` for other bytes, and for another form or checksum.
    """

    def __init__(self, data: bytes, form: Form, told: int) -> None:
        self._form = form
        head = array("q", data[: _HEAD * _SIZE])
        start = _SIZE * (_HEAD + _NUMBERS * head[2]) if len(head) == _HEAD else 0
        if not start or (head[0], data[start:][: head[1]]) != (told, form.key):
            raise ValueError("the text of something else")
        numbers = array("q", data[_HEAD * _SIZE : start])
        self._ids, self._lengths, *self._counts = (numbers[at::_NUMBERS] for at in range(_NUMBERS))
        self._text = memoryview(data)[start + head[1] :]
        if len(self._text) != sum(self._lengths):
            raise ValueError("a part is missing")

    def printed(self, ids: Sequence[int]) -> Printed | None:
        """Return what is told of the cards with these ids; ``None`` where they stand in another order."""
        own = set(self._ids)
        if array("q", filter(own.__contains__, ids)) != self._ids:
            return None
        errors, warnings, fixable = map(sum, self._counts)
        summary = Summary(len(ids), errors, warnings, fixable, len(own))
        return Printed(self._form, summary, bytes(self._text))

    def pieces(self) -> dict[int, CardText]:
        """Return what is told of each card, by its id."""
        ends = list(accumulate(self._lengths))
        texts = (bytes(self._text[end - size : end]) for end, size in zip(ends, self._lengths, strict=True))
        pieces = map(CardText, texts, *self._counts)
        return dict(zip(self._ids, pieces, strict=True))


def encode(findings: Iterable[Finding], names: Mapping[str, str]) -> bytes:
    """Return the findings of a card as text, without its path; ``names`` are by path, as in the index."""
    return json.dumps(
        [
            [
                *finding.rule,
                finding.severity.value,
                (finding.line, finding.column, finding.end_line, finding.end_column),
                (finding.source, finding.field, finding.message, finding.help),
                [(names[path], line) for path, line in finding.others],
                finding.fix and (finding.fix.title, finding.fix.safe),
            ]
            for finding in findings
        ],
        separators=(",", ":"),
    ).encode()


def decode(
    kept: Iterable[tuple[str, bytes]], paths: Mapping[str, str]
) -> Iterator[tuple[str, Sequence[Finding]]]:
    """Yield the paths of cards with their findings, of which ``kept`` has the text; ``paths`` are by name.

    Of a fix its name alone is known.
    """
    kept = list(kept)
    texts = json.loads(b"[%b]" % b",".join(text for _, text in kept))  # at once: each call takes its time
    for (path, _), findings in zip(kept, texts, strict=True):
        yield path, [_finding(path, paths, *finding) for finding in findings]


def _finding(
    path: str,
    paths: Mapping[str, str],
    code: str,
    rule: str,
    severity: str,
    place: list[int],
    texts: list[str],
    others: list[tuple[str, int]],
    fix: tuple[str, bool] | None,
) -> Finding:
    parts: list[Any] = [RuleName(code, rule), Severity(severity), path, *place, *texts]
    parts.append(tuple([(paths[name], line) for name, line in others]) if others else ())
    parts.append(Fix(fix[0], None, fix[1]) if fix else None)
    return Finding(*parts)
