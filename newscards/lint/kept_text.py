"""Findings as they are printed, as the index keeps them: a run that finds what one before found copies it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from newscards.lint.findings import Finding, Form, Summary, counts_of

_NUMBERS = 5
"""How many numbers are kept of a card: its id, and those of its ``Piece``, of the text the length."""
_HEAD = 3
"""How many stand before these: the checksum of the findings, how long the key is, how many cards follow."""
_SIZE = 8
"""How many bytes a number takes."""


class Piece(NamedTuple):
    """What is told of one card: the text, and how many errors, warnings and fixable findings that are."""

    text: bytes
    errors: int
    warnings: int
    fixable: int


def piece_of(findings: Sequence[Finding], form: Form) -> Piece:
    """Return what is told of a card, each finding with the separator behind it."""
    text = "".join(form.finding(finding) + form.separator for finding in findings)
    return Piece(text.encode(errors="replace"), *counts_of(findings))


class Printed(NamedTuple):
    """What is told of a corpus in a form: the pieces of the cards that have findings, one after the other."""

    form: Form
    summary: Summary
    text: bytes

    def told(self) -> tuple[bytes, ...]:
        """Return the parts of the text, what is around the findings among them."""
        head, tail = (make(self.summary).encode() for make in (self.form.head, self.form.tail))
        return head, self.text.removesuffix(self.form.separator.encode()), tail


def printed(form: Form, cards: int, pieces: Iterable[Piece]) -> Printed:
    """Return what is told of so many cards, of which some have pieces, in their order."""
    parts = list(pieces)
    errors = sum(part.errors for part in parts)
    warnings = sum(part.warnings for part in parts)
    fixable = sum(part.fixable for part in parts)
    summary = Summary(cards, errors, warnings, fixable, len(parts))
    return Printed(form, summary, b"".join(part.text for part in parts))


def encode(form: Form, told: int, pieces: Mapping[int, Piece]) -> bytes:
    """Return pieces by the cards' ids as bytes.

    ``told`` is the checksum of the findings (``runs.Run``) that they are the text of.
    """
    numbers = array("q", (told, len(form.key), len(pieces)))
    for each, piece in pieces.items():
        numbers.extend((each, len(piece.text), *piece[1:]))
    return b"".join((numbers.tobytes(), form.key, *(piece.text for piece in pieces.values())))


class KeptText:
    """What ``encode`` made bytes of. Raises ``ValueError`` for others, and for another form or checksum."""

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

    def pieces(self) -> dict[int, Piece]:
        """Return what is told of each card, by its id."""
        ends = list(accumulate(self._lengths))
        texts = (bytes(self._text[end - size : end]) for end, size in zip(ends, self._lengths, strict=True))
        pieces = map(Piece, texts, *self._counts)
        return dict(zip(self._ids, pieces, strict=True))
