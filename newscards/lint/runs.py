"""Stored runs of ``validate``: the cards, their findings, and which cards depend on which."""

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
from newscards.lint.conventions import Convention
from newscards.lint.findings import FindingFormat
from newscards.lint.stored_findings import CardText, StoredText, encode_text


class Run(NamedTuple):
    """A run: the ``key`` of all that its findings depend on besides the cards, and how long they hold.

    ``checksum`` is that of all findings, as ``findings_checksum`` below; ``labels`` are those of the cards'
    groups (``dependents``) by the cards' ids; ``without_id`` are the keys of files that have no id because
    they could not be read; ``dependents`` are all groups, encoded. ``exceptions`` are the ids of the cards
    that do not follow a convention, for each ``Convention`` in order, and ``conventions`` are those of the
    corpus. ``own`` has checksums of what the rules of the configuration found, by the cards' ids
    (``OwnProblems``), and ``own_validity`` is how long that holds.
    """

    key: bytes
    validity: Validity
    checksum: int
    labels: Mapping[int, int]
    without_id: frozenset[int]
    dependents: tuple[bytes, ...]
    exceptions: tuple[frozenset[int], ...]
    conventions: frozenset[Convention]
    own: Mapping[int, int]
    own_validity: Validity

    def encode(self) -> bytes:
        """Return the run as bytes."""
        arrays = array("q", self.labels), array("I", self.labels.values()), array("I", self.without_id)
        exceptions = [array("q", sorted(ids)).tobytes() for ids in self.exceptions]
        own = array("q", self.own).tobytes(), array("I", self.own.values()).tobytes()
        parts = [self.key, *(part.tobytes() for part in arrays), *own, *exceptions, *self.dependents]
        span, own_span = (
            [moment.isoformat() for moment in validity] for validity in (self.validity, self.own_validity)
        )
        conventions = [each.name for each in Convention if each in self.conventions]
        head = {
            "checksum": self.checksum,
            "span": span,
            "ownSpan": own_span,
            "parts": list(map(len, parts)),
            "conventions": conventions,
        }
        return b"\n".join((json.dumps(head).encode(), b"".join(parts)))

    @classmethod
    def decode(cls, data: bytes) -> Run:
        """Return a run that was encoded; raises ``ValueError`` or ``LookupError`` for other bytes."""
        line, _, rest = data.partition(b"\n")
        head = json.loads(line)
        ends = list(accumulate(head["parts"]))
        key, ids, labels, without_id, own_ids, own, *others = (
            rest[start:end] for start, end in zip([0, *ends], ends, strict=False)
        )
        exceptions, dependents = others[: len(Convention)], others[len(Convention) :]
        return cls(
            key,
            Validity(*map(datetime.fromisoformat, head["span"])),
            head["checksum"],
            dict(zip(array("q", ids), array("I", labels), strict=True)),
            frozenset(array("I", without_id)),
            tuple(dependents),
            tuple(frozenset(array("q", part)) for part in exceptions),
            frozenset(Convention[name] for name in head["conventions"]),
            dict(zip(array("q", own_ids), array("I", own), strict=True)),
            Validity(*map(datetime.fromisoformat, head["ownSpan"])),
        )


def findings_checksum(findings: Mapping[int, bytes]) -> int:
    """Return a checksum of encoded findings by the cards' ids, to notice missing and outdated ones.

    The checksum of two disjoint sets is ``findings_checksum(one) ^ findings_checksum(other)``. A linear
    one, such as CRC, would not do: where two findings change alike, the differences cancel out.
    """
    from hashlib import blake2b  # only here: a run without changes does not need it

    total = 0
    for each, text in findings.items():
        total ^= int.from_bytes(blake2b(b"%d\0%b" % (each, text), digest_size=7).digest())
    return total


_STORE_RUN = """INSERT OR REPLACE INTO runs
    VALUES (?, (SELECT coalesce(max(used), 0) + 1 FROM runs), ?, ?)"""
_DELETE_OLD_RUNS = (
    "DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY used DESC LIMIT ?)",
    "DELETE FROM findings WHERE run NOT IN (SELECT id FROM runs ORDER BY used DESC LIMIT ?)",
    "DELETE FROM texts WHERE run NOT IN (SELECT id FROM runs ORDER BY used DESC LIMIT ?)",
)
_DELETE_OLD_TEXTS = """DELETE FROM texts WHERE run = ? AND rowid NOT IN
    (SELECT rowid FROM texts WHERE run = ? ORDER BY rowid DESC LIMIT ?)"""
_MAX_RUNS = 4
"""The number of runs that are kept: one for each combination of options and configuration."""
_MAX_TEXTS = 2
"""The number of output formats kept for a run, such as text for one terminal width, and JSON."""


class RunTable:
    """The runs that are stored in an index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def get(self, key: bytes) -> Run | None:
        """Return the run with a key; ``None`` if there is none, or if it is damaged."""
        run_id = crc32(key)
        for encoded_run, stored_checksum in self._index.read(
            "SELECT text, sum FROM runs WHERE id = ?", run_id
        ):
            with contextlib.suppress(ValueError, LookupError, TypeError):
                if (
                    isinstance(encoded_run, bytes)
                    and self._index.checksum(run_id, encoded_run) == stored_checksum
                ):
                    run = Run.decode(encoded_run)
                    return run if run.key == key else None
        return None

    def findings(self, run: Run, ids: Collection[int] | None = None) -> dict[int, bytes] | None:
        """Return the findings of a run by the cards' ids: of all cards, or of those with the given ids.

        If they are damaged, or one is missing when all are requested, the index is deleted, and ``None`` is
        returned.
        """
        run_id, index = crc32(run.key), self._index
        query = "SELECT id, text, sum FROM findings WHERE run = ?"
        rows = [*index.read(query, run_id)] if ids is None else []
        for each in ids or ():
            rows += index.read(f"{query} AND id = ?", run_id, each)
        found = {
            each: findings
            for each, findings, stored_checksum in rows
            if isinstance(findings, bytes) and index.checksum(each ^ run_id, findings) == stored_checksum
        }
        if len(found) == len(rows) and (ids is not None or findings_checksum(found) == run.checksum):
            return found
        index.delete()
        return None

    def text(self, run: Run, output_format: FindingFormat) -> StoredText | None:
        """Return the findings of a run as printed in an output format; ``None`` if that is not stored."""
        run_id, key = crc32(run.key), crc32(output_format.key)
        for text, stored_checksum in self._index.read(
            "SELECT text, sum FROM texts WHERE run = ? AND form = ?", run_id, key
        ):
            with contextlib.suppress(ValueError, LookupError, TypeError):
                if isinstance(text, bytes) and self._index.checksum(run_id ^ key, text) == stored_checksum:
                    return StoredText(text, output_format, run.checksum)
        return None

    def store(self, run: Run, findings: Mapping[int, bytes], outdated: Iterable[int] | None) -> None:
        """Store a run and its new findings, which replace those of ``outdated`` cards (``None``: of all)."""
        index, run_id, encoded_run = self._index, crc32(run.key), run.encode()
        if outdated is None:
            index.write("DELETE FROM findings WHERE run = ?", [(run_id,)])
        else:
            index.write(
                "DELETE FROM findings WHERE run = ? AND id = ?", [(run_id, each) for each in outdated]
            )
        rows = (
            (run_id, each, found, index.checksum(each ^ run_id, found)) for each, found in findings.items()
        )
        index.write("INSERT INTO findings VALUES (?, ?, ?, ?)", rows)
        index.write(_STORE_RUN, [(run_id, encoded_run, index.checksum(run_id, encoded_run))])
        for statement in _DELETE_OLD_RUNS:
            index.write(statement, [(_MAX_RUNS,)])

    def store_text(self, run: Run, output_format: FindingFormat, card_texts: Mapping[int, CardText]) -> None:
        """Store the findings of a run as printed in an output format, by the cards' ids."""
        run_id, key = crc32(run.key), crc32(output_format.key)
        text = encode_text(output_format, run.checksum, card_texts)
        values = run_id, key, text, self._index.checksum(run_id ^ key, text)
        self._index.write("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)", [values])
        self._index.write(_DELETE_OLD_TEXTS, [(run_id, run_id, _MAX_TEXTS)])
