"""Runs of ``validate`` as the index keeps them: the cards, what was found, and which depend on which."""

from __future__ import annotations

import contextlib
import json
from array import array
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

from newscards.clock import Validity
from newscards.corpus.index.database import Index
from newscards.lint.findings import Form
from newscards.lint.stored_findings import CardText, KeptText
from newscards.lint.stored_findings import encode_text as encode


class Run(NamedTuple):
    """A run: the ``key`` of all that its findings depend on besides the cards, and how long they hold.

    ``told`` is a checksum of all that was found (``sum_of``); ``labels`` are those of the cards' kin
    (``dependents``) by the cards' ids; ``nameless`` the keys of files that have no id, for they could not be
    read; ``kin`` is all of it, encoded.
    """

    key: bytes
    span: Validity
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
            Validity(*map(datetime.fromisoformat, head["span"])),
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


_KEEP_RUN = """INSERT OR REPLACE INTO runs
    VALUES (?, (SELECT coalesce(max(used), 0) + 1 FROM runs), ?, ?)"""
_FORGET_RUNS = (
    "DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY used DESC LIMIT ?)",
    "DELETE FROM findings WHERE run NOT IN (SELECT id FROM runs ORDER BY used DESC LIMIT ?)",
    "DELETE FROM texts WHERE run NOT IN (SELECT id FROM runs ORDER BY used DESC LIMIT ?)",
)
_FORGET_TEXTS = """DELETE FROM texts WHERE run = ? AND rowid NOT IN
    (SELECT rowid FROM texts WHERE run = ? ORDER BY rowid DESC LIMIT ?)"""
_MOST_RUNS = 4
"""Of how many different ways to run ``validate`` the findings are kept."""
_MOST_TEXTS = 2
"""In how many forms the findings of a run are kept: a terminal is made wider, a script asks for JSON."""


class RunTable:
    """The runs that an index keeps."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def get(self, key: bytes) -> Run | None:
        """Return the run with a key; ``None`` without."""
        number = crc32(key)
        for text, total in self._index.read("SELECT text, sum FROM runs WHERE id = ?", number):
            with contextlib.suppress(ValueError, LookupError, TypeError):
                if isinstance(text, bytes) and self._index.checksum(number, text) == total:
                    run = Run.decode(text)
                    return run if run.key == key else None
        return None

    def findings(self, run: Run, ids: Collection[int] | None = None) -> dict[int, bytes] | None:
        """Return the findings of a run by the cards' ids; of all, or of those with some ids.

        ``None`` where they are damaged, and of all also where one is missing; then the index is set aside.
        """
        number, index = crc32(run.key), self._index
        query, some = "SELECT id, text, sum FROM findings WHERE run = ?", ids or ()
        rows = [*index.read(query, number)] if ids is None else []
        for each in some:
            rows += index.read(f"{query} AND id = ?", number, each)
        found = {
            each: findings
            for each, findings, total in rows
            if isinstance(findings, bytes) and index.checksum(each ^ number, findings) == total
        }
        if len(found) == len(rows) and (ids is not None or sum_of(found) == run.told):
            return found
        index.delete()
        return None

    def text(self, run: Run, form: Form) -> KeptText | None:
        """Return how the findings of a run are printed in a form; ``None`` where that is not kept."""
        number, key = crc32(run.key), crc32(form.key)
        for text, total in self._index.read(
            "SELECT text, sum FROM texts WHERE run = ? AND form = ?", number, key
        ):
            with contextlib.suppress(ValueError, LookupError, TypeError):
                if isinstance(text, bytes) and self._index.checksum(number ^ key, text) == total:
                    return KeptText(text, form, run.told)
        return None

    def keep(self, run: Run, findings: Mapping[int, bytes], checked: Iterable[int] | None) -> None:
        """Keep a run, with the findings in the cards that were checked for it; ``None``: in all."""
        index, number, text = self._index, crc32(run.key), run.encode()
        if checked is None:
            index.write("DELETE FROM findings WHERE run = ?", [(number,)])
        else:
            index.write("DELETE FROM findings WHERE run = ? AND id = ?", [(number, each) for each in checked])
        rows = (
            (number, each, found, index.checksum(each ^ number, found)) for each, found in findings.items()
        )
        index.write("INSERT INTO findings VALUES (?, ?, ?, ?)", rows)
        index.write(_KEEP_RUN, [(number, text, index.checksum(number, text))])
        for statement in _FORGET_RUNS:
            index.write(statement, [(_MOST_RUNS,)])

    def keep_text(self, run: Run, form: Form, pieces: Mapping[int, CardText]) -> None:
        """Keep how the findings of a run are printed in a form, by the cards' ids."""
        number, key, text = crc32(run.key), crc32(form.key), encode(form, run.told, pieces)
        values = number, key, text, self._index.checksum(number ^ key, text)
        self._index.write("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)", [values])
        self._index.write(_FORGET_TEXTS, [(number, number, _MOST_TEXTS)])
