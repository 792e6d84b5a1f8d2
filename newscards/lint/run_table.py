"""The runs of ``validate`` in an index: for each what it found in each card, and how that was printed."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping
from zlib import crc32

from newscards.corpus.index.database import Index
from newscards.lint.findings import Form
from newscards.lint.kept_text import KeptText, Piece, encode
from newscards.lint.runs import Run, sum_of

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
                if isinstance(text, bytes) and self._index.sum(number, text) == total:
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
            if isinstance(findings, bytes) and index.sum(each ^ number, findings) == total
        }
        if len(found) == len(rows) and (ids is not None or sum_of(found) == run.told):
            return found
        index.set_aside()
        return None

    def text(self, run: Run, form: Form) -> KeptText | None:
        """Return how the findings of a run are printed in a form; ``None`` where that is not kept."""
        number, key = crc32(run.key), crc32(form.key)
        for text, total in self._index.read(
            "SELECT text, sum FROM texts WHERE run = ? AND form = ?", number, key
        ):
            with contextlib.suppress(ValueError, LookupError, TypeError):
                if isinstance(text, bytes) and self._index.sum(number ^ key, text) == total:
                    return KeptText(text, form, run.told)
        return None

    def keep(self, run: Run, findings: Mapping[int, bytes], checked: Iterable[int] | None) -> None:
        """Keep a run, with the findings in the cards that were checked for it; ``None``: in all."""
        index, number, text = self._index, crc32(run.key), run.encode()
        if checked is None:
            index.write("DELETE FROM findings WHERE run = ?", [(number,)])
        else:
            index.write("DELETE FROM findings WHERE run = ? AND id = ?", [(number, each) for each in checked])
        rows = ((number, each, found, index.sum(each ^ number, found)) for each, found in findings.items())
        index.write("INSERT INTO findings VALUES (?, ?, ?, ?)", rows)
        index.write(_KEEP_RUN, [(number, text, index.sum(number, text))])
        for statement in _FORGET_RUNS:
            index.write(statement, [(_MOST_RUNS,)])

    def keep_text(self, run: Run, form: Form, pieces: Mapping[int, Piece]) -> None:
        """Keep how the findings of a run are printed in a form, by the cards' ids."""
        number, key, text = crc32(run.key), crc32(form.key), encode(form, run.told, pieces)
        values = number, key, text, self._index.sum(number ^ key, text)
        self._index.write("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)", [values])
        self._index.write(_FORGET_TEXTS, [(number, number, _MOST_TEXTS)])
