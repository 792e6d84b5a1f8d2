"""Findings as they are stored in the index: as data for every format, and as the text that was printed.

A run with the same findings as the one before copies that text, which is therefore stored by rank: first
what all cards have of the first rank, then what they have of the second, then of the third.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from newscards.lint.findings import (
    RANKS,
    Counts,
    Finding,
    FindingFormat,
    Fix,
    RuleName,
    Severity,
    Summary,
    counts_of,
)

_NUMBERS_PER_CARD = 1 + RANKS + len(Counts._fields)
"""The numbers stored for a card: its id, the length of its text of each rank, and its counts."""
_NUMBERS_IN_HEAD = 3
"""The numbers before those: the checksum of the findings, the length of the key, the number of cards."""
_BYTES_PER_NUMBER = 8
"""The size of a number: ``array("q")`` holds 64-bit integers."""


class CardText(NamedTuple):
    """The findings of one card as printed, a text for each rank, and their counts."""

    texts: tuple[bytes, ...]
    counts: Counts


def card_text(findings: Sequence[Finding], output_format: FindingFormat) -> CardText:
    """Return the findings of a card as printed, with a separator after each."""
    texts = [""] * RANKS
    for finding in findings:
        texts[finding.rank] += output_format.finding(finding) + output_format.separator
    return CardText(tuple(text.encode(errors="replace") for text in texts), counts_of(findings))


class Printed(NamedTuple):
    """A printed report: the texts of the cards that have findings, one after another, rank by rank."""

    output_format: FindingFormat
    summary: Summary
    text: bytes

    def parts(self) -> tuple[bytes, ...]:
        """Return the parts of the whole text: head, findings, tail."""
        output_format = self.output_format
        head, tail = (make(self.summary).encode() for make in (output_format.head, output_format.tail))
        return head, self.text.removesuffix(output_format.separator.encode()), tail


def join_texts(output_format: FindingFormat, cards: int, card_texts: Iterable[CardText]) -> Printed:
    """Return the printed report of ``cards`` cards, from the texts of those that have findings, in order."""
    parts = list(card_texts)
    counts = map(sum, zip(*(part.counts for part in parts), strict=True))
    return Printed(output_format, Summary(cards, len(parts), *counts), _by_rank(parts))


def _by_rank(card_texts: Collection[CardText]) -> bytes:
    return b"".join(each.texts[rank] for rank in range(RANKS) for each in card_texts)


def encode_text(output_format: FindingFormat, checksum: int, card_texts: Mapping[int, CardText]) -> bytes:
    """Return texts by the cards' ids as bytes: the numbers, the format's key, the texts.

    ``checksum`` is that of the run (``runs.Run``) whose findings the texts show.
    """
    numbers = array("q", (checksum, len(output_format.key), len(card_texts)))
    for each, text in card_texts.items():
        numbers.extend((each, *map(len, text.texts), *text.counts))
    return b"".join((numbers.tobytes(), output_format.key, _by_rank(card_texts.values())))


class StoredText:
    """The texts that ``encode_text`` encoded, read only as far as needed.

    Raises ``ValueError`` for other bytes, and for another output format or checksum.
    """

    def __init__(self, data: bytes, output_format: FindingFormat, checksum: int) -> None:
        self._output_format = output_format
        head_size = _BYTES_PER_NUMBER * _NUMBERS_IN_HEAD
        head = array("q", data[:head_size])
        is_whole = len(head) == _NUMBERS_IN_HEAD
        start = head_size + _BYTES_PER_NUMBER * _NUMBERS_PER_CARD * head[2] if is_whole else 0
        if not start or (head[0], data[start:][: head[1]]) != (checksum, output_format.key):
            raise ValueError("the text of something else")
        numbers = array("q", data[head_size:start])
        self._ids, *columns = (numbers[at::_NUMBERS_PER_CARD] for at in range(_NUMBERS_PER_CARD))
        self._lengths, self._counts = columns[:RANKS], columns[RANKS:]
        self._text = memoryview(data)[start + head[1] :]
        if len(self._text) != sum(map(sum, self._lengths)):
            raise ValueError("a part is missing")

    def report_of(self, ids: Sequence[int]) -> Printed | None:
        """Return the printed report of the cards with these ids.

        ``None`` unless all stored ids are among them, in the stored order.
        """
        own = set(self._ids)
        if array("q", filter(own.__contains__, ids)) != self._ids:
            return None
        summary = Summary(len(ids), len(own), *map(sum, self._counts))
        return Printed(self._output_format, summary, bytes(self._text))

    def card_texts(self) -> dict[int, CardText]:
        """Return the text of each card, by its id."""
        start, by_rank = 0, []
        for lengths in self._lengths:
            ends = list(accumulate(lengths, initial=start))
            by_rank.append([bytes(self._text[begin:end]) for begin, end in pairwise(ends)])
            start = ends[-1]
        texts, counts = zip(*by_rank, strict=True), map(Counts, *self._counts)
        return dict(zip(self._ids, map(CardText, texts, counts), strict=True))


def encode_findings(findings: Iterable[Finding], names: Mapping[str, str]) -> bytes:
    """Return the findings of a card as JSON, without its path; ``names`` has the index's name of a path."""
    return json.dumps(
        [
            [
                *finding.rule,
                finding.severity.value,
                *(finding.line, finding.column, finding.end_line, finding.end_column),
                *(finding.source, finding.field, finding.message, finding.help),
                [(names[path], line) for path, line in finding.others],
                finding.fix and (finding.fix.title, finding.fix.safe),
                finding.more,
                finding.is_published,
                finding.value,
                finding.has_copies,
            ]
            for finding in findings
        ],
        separators=(",", ":"),
    ).encode()


def decode_findings(
    stored: Iterable[tuple[str, bytes]], paths: Mapping[str, str]
) -> Iterator[tuple[str, Sequence[Finding]]]:
    """Yield the paths of cards with their findings.

    ``stored`` has what ``encode_findings`` returned for each; ``paths`` has the path of a name in the index.
    A fix has its title, but no change.
    """
    stored = list(stored)
    # All texts are decoded in one call: a call for each would take longer.
    texts = json.loads(b"[%b]" % b",".join(text for _, text in stored))
    for (path, _), findings in zip(stored, texts, strict=True):
        yield path, [_finding(path, paths, finding) for finding in findings]


_rule_named = cache(RuleName)  # few rules find all
_SEVERITIES = {each.value: each for each in Severity}
"""The severities by value: to look one up is faster than to call ``Severity``."""


def _finding(path: str, paths: Mapping[str, str], values: Sequence[Any]) -> Finding:
    code, name, severity, *place_and_texts, others, fix, more, is_published, value, has_copies = values
    places = tuple([(paths[name], line) for name, line in others]) if others else ()
    known_fix = Fix(fix[0], None, fix[1]) if fix else None
    rest = places, known_fix, (), more, is_published, value, has_copies, 0  # in the order of the fields
    return Finding._make((_rule_named(code, name), _SEVERITIES[severity], path, *place_and_texts, *rest))
