"""What the index keeps of a run of ``validate``, besides the findings: of which cards, and who is kin."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from newscards.clock import Span


class Run(NamedTuple):
    """A run: the ``key`` of all that its findings depend on besides the cards, and how long they hold.

    ``told`` is a checksum of all that was found (``sum_of``); ``labels`` are those of the cards' kin
    (``kinship``) by the cards' ids; ``nameless`` the keys of files that have no id, for they could not be
    read; ``kin`` is all of it, encoded.
    """

    key: bytes
    span: Span
    told: int
    labels: Mapping[int, int]
    nameless: frozenset[int]
    kin: tuple[bytes, ...]

    def encode(self) -> bytes:
        """Return the run as bytes."""
        arrays = array("q", self.labels), array("I", self.labels.values()), array("I", self.nameless)
        parts = [self.key, *(part.tobytes() for part in arrays), *self.kin]
        span = [moment.isoformat() for moment in self.span]
        head = {"told": self.told, "span": span, "parts": list(map(len, parts))}
        return b"\n".join((json.dumps(head).encode(), b"".join(parts)))

    @classmethod
    def decode(cls, data: bytes) -> Run:
        """Return what ``encode`` made bytes of; raises ``ValueError`` or ``LookupError`` for others."""
        line, _, rest = data.partition(b"\n")
        head = json.loads(line)
        ends = list(accumulate(head["parts"]))
        key, ids, labels, nameless, *kin = (
            rest[start:end] for start, end in zip([0, *ends], ends, strict=False)
        )
        return cls(
            key,
            Span(*map(datetime.fromisoformat, head["span"])),
            head["told"],
            dict(zip(array("q", ids), array("I", labels), strict=True)),
            frozenset(array("I", nameless)),
            tuple(kin),
        )


def sum_of(findings: Mapping[int, bytes]) -> int:
    """Return a checksum of the findings of cards by their ids: that none is missing, none of before.

    That of two sets of cards is the one of the first ``^`` the one of the second. Checksums like CRC, which
    are linear, would cancel each other out where two findings change alike.
    """
    from hashlib import blake2b  # only here: what is unchanged is told without it

    total = 0
    for each, text in findings.items():
        total ^= int.from_bytes(blake2b(b"%d\0%b" % (each, text), digest_size=7).digest())
    return total
