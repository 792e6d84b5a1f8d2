"""The report of a whole corpus, by way of its index: what changed is checked, and its kin, and no more."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from newscards.cards.card import Unreadable
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.database import Index
from newscards.corpus.index.snapshot import Snapshot, content_hash
from newscards.frontmatter.limits import Limits
from newscards.lint import stored_findings
from newscards.lint.findings import Finding, Form, Report
from newscards.lint.runs import Run, RunTable, sum_of
from newscards.lint.stored_findings import CardText, Printed, piece_of, printed
from newscards.parallel import parallel

if TYPE_CHECKING:
    from newscards.corpus.index.encoding import Encoded
    from newscards.lint.linter import CheckedCard, Linter

_PART = 4
"""Where more than this part of the cards is to be checked, all are: that is as fast, and in processes."""


class Checked(NamedTuple):
    """What was found of a card: the hash of its file and its text, where it has no id yet, and the rest."""

    hash: bytes
    text: Encoded | None
    examined: CheckedCard | None


ShowProgress = Callable[[Iterable[Checked], int], Iterable[Checked]]
"""What shows how far the work on so many cards is."""


class IncrementalLint:
    """Checks the cards of a folder, which are all of their corpus, and keeps what is found in its index.

    ``key`` stands for the rules, and for all else that findings depend on besides the cards and the time of
    day; ``make`` makes the linter, where one is needed at all. With a ``form`` the findings are told in it,
    and their text is kept, too.
    """

    def __init__(
        self,
        found: FoundCards,
        limits: Limits,
        index: Index,
        key: bytes,
        form: Form | None,
        make: Callable[[], Linter],
        track: ShowProgress,
    ) -> None:
        self._paths, self._limits, self._index = found.paths, limits, index
        self._key, self._form, self._make, self._track = key, form, make, track
        self._runs = RunTable(index)
        self._names = found.names()
        self._begun = time.time_ns()
        self._files = Snapshot.of(self._names, found.paths)

    def report(self) -> Report | Printed:
        """Return what the rules find in all cards: printed, where there is a form."""
        try:
            changed = self._take_over()
            run = self._runs.get(self._key)
            if run is None or not run.span.holds():
                return self._whole()
            fresh = [at for at, identifier in enumerate(self._files.ids) if identifier not in run.labels]
            gone = run.labels.keys() - set(self._files.ids)
            if not fresh and not gone and not run.nameless:
                return self._unchanged(run, changed) or self._whole()
            return self._partly(run, fresh, gone) or self._whole()
        except KeyboardInterrupt:  # what the cards say is known as far as they were read
            for at, identifier in enumerate(self._files.ids):
                if not identifier:
                    self._files.forget(at)
            self._close()
            raise
        finally:
            self._index.close()

    def _take_over(self) -> bool:
        """Take the ids of cards that are as they were; those of others are 0. Tell whether files changed."""
        files, index = self._files, self._index
        changed = files.reuse_ids(index.snapshot)
        known = index.hashes([files.ids[at] for at in changed])
        doubtful = [at for at in changed if files.ids[at] in known]
        checks = parallel(lambda some: (self._is_same(at, known) for at in some), doubtful)
        for at, same in zip(doubtful, checks, strict=True):
            if not same:
                files.ids[at] = 0
        for at in set(changed).difference(doubtful):
            files.ids[at] = 0
        return bool(changed)

    def _is_same(self, at: int, known: Mapping[int, bytes]) -> bool:
        from newscards.cards.reader import read_bytes

        try:
            return content_hash(read_bytes(self._paths[at], self._limits)) == known[self._files.ids[at]]
        except (OSError, ValueError):
            return False

    def _unchanged(self, run: Run, changed: bool) -> Report | Printed | None:
        """Return what a run found, all of which holds; ``None`` where it is damaged.

        ``changed`` tells whether there are files that have other times.
        """
        text = self._runs.text(run, self._form) if self._form else None
        told: Report | Printed | None = text.printed(self._files.ids) if text else None
        if told is None:
            texts = self._runs.findings(run)
            if texts is None:
                return None
            told = self._told(run, texts, {}, {})
            changed = changed or self._form is not None  # its text is to be kept
        if changed:
            self._close()
        return told

    def _whole(self) -> Report | Printed:
        """Check all cards."""
        from newscards.lint.dependents import Kinship, cards_of

        linter, count = self._make(), len(self._paths)
        checked = parallel(lambda some: self._check(linter, some), range(count))
        for at, each in enumerate(self._track(checked, count)):
            self._keep(linter, at, each)
        report = linter.report()
        found = dict(enumerate(map(_by_path(report.findings).get, self._paths)))
        if self._index.has_file:
            cards = list(cards_of(self._paths, linter.rows, linter.lost, linter.topics).values())
            span = linter.span
            del linter  # its rows are most of what is in the memory
            kinship, ids = Kinship.of(cards), self._files.ids
            labels = {ids[at]: kinship.labels[keys[0]] for at, (keys, _) in enumerate(cards) if ids[at]}
            nameless = frozenset(keys[0] for at, (keys, _) in enumerate(cards) if not ids[at])
            run = Run(self._key, span, 0, labels, nameless, kinship.encode())
            return self._finish(run, {}, {}, found, None)
        return report

    def _partly(self, run: Run, fresh: Sequence[int], gone: Collection[int]) -> Report | Printed | None:
        """Check the cards that are not in a run, and their kin; ``None`` where all are to be checked."""
        if len(fresh) * _PART > len(self._paths):
            return None
        from newscards.lint.dependents import Kinship, cards_of

        linter, files = self._make(), self._files
        for at, each in zip(fresh, self._check(linter, fresh), strict=True):
            self._keep(linter, at, each)
        kinship = Kinship.decode(*run.kin)
        before = {run.labels[each] for each in gone} | {kinship.labels[key] for key in run.nameless}
        cards = cards_of([self._paths[at] for at in fresh], linter.rows, linter.lost, linter.topics)
        kin = kinship.add(cards.values(), before)
        others = [at for at, each in enumerate(files.ids) if kin and run.labels.get(each) in kin]
        if kin is None or (len(fresh) + len(others)) * _PART > len(self._paths):
            return None
        for at in others:
            linter.check(self._paths[at])
        report = linter.report()
        by_path = _by_path(report.findings)
        found = {at: by_path.get(self._paths[at]) for at in (*fresh, *others)}
        labels = {at: run.labels[each] for at, each in enumerate(files.ids) if each in run.labels}
        labels |= dict.fromkeys(found, min(kin))
        nameless = {cards[self._paths[at]][0][0] for at in fresh if not files.ids[at]}
        again = {files.ids[at] for at in others} | {*gone}
        text = self._runs.text(run, self._form) if self._form else None
        known = self._runs.findings(run, again if text else None)
        if known is None:
            return None
        forgotten = sum_of({each: known.pop(each) for each in again & known.keys()})
        pieces = {each: piece for each, piece in (text.pieces() if text else {}).items() if each not in again}
        by_id = {files.ids[at]: label for at, label in labels.items() if files.ids[at]}
        span, told = run.span.intersection(linter.span), run.told ^ forgotten
        now = Run(self._key, span, told, by_id, frozenset(nameless), kinship.encode())
        return self._finish(now, known, pieces, found, again)

    def _check(self, linter: Linter, some: Sequence[int]) -> Iterator[Checked]:
        """Check cards; what the index is to know of those that have no id is found in the same reading."""
        from newscards.corpus.index.encoding import encode

        looks = linter.examine_all((self._paths[at], True) for at in some)
        for at, (examined, record, source) in zip(some, looks, strict=True):
            is_there = not (isinstance(record, Unreadable) and record.kind == "io")
            is_new = self._index.has_file and not self._files.ids[at]
            text = encode(record) if is_new and is_there else None
            yield Checked(content_hash(source) if text else b"", text, examined)

    def _keep(self, linter: Linter, at: int, checked: Checked) -> None:
        linter.keep(checked.examined)
        if checked.text:
            self._files.ids[at] = self._index.add(checked.hash, checked.text)
        if not self._files.ids[at]:
            self._files.forget(at)

    def _finish(
        self,
        run: Run,
        texts: Mapping[int, bytes],
        pieces: dict[int, CardText],
        found: Mapping[int, Sequence[Finding] | None],
        again: Iterable[int] | None,
    ) -> Report | Printed:
        """Keep a run, and return what is told of it; ``run`` is of the findings that are not ``found``.

        ``again`` are the ids of cards whose findings are to be forgotten; ``None``: of all. The others are as
        in ``_told``.
        """
        names = dict(zip(self._paths, self._names, strict=True))
        by_id = ((self._files.ids[at], each) for at, each in found.items() if each)
        new = {each: stored_findings.encode(findings, names) for each, findings in by_id if each}
        run = run._replace(told=run.told ^ sum_of(new))
        self._runs.keep(run, new, again)
        told = self._told(run, texts, pieces, found)
        self._close()
        return told

    def _close(self) -> None:
        """Keep how the files are, with all else that is to be kept."""
        self._files.forget_racy(self._begun)
        self._index.finish(self._files)

    def _told(
        self,
        run: Run,
        texts: Mapping[int, bytes],
        pieces: dict[int, CardText],
        found: Mapping[int, Sequence[Finding] | None],
    ) -> Report | Printed:
        """Return what is told of findings.

        That are ``texts`` and ``pieces`` that are kept, by the cards' ids, and those just ``found``.
        """
        paths, ids = dict(zip(self._names, self._paths, strict=True)), self._files.ids
        kept = (
            (path, text) for path, each in zip(self._paths, ids, strict=True) if (text := texts.get(each))
        )
        by_path: dict[str, Sequence[Finding] | None] = dict(stored_findings.decode(kept, paths))
        by_path |= {self._paths[at]: findings for at, findings in found.items()}
        if self._form is None:
            findings = [finding for path in self._paths for finding in by_path.get(path) or ()]
            return Report(len(self._paths), findings, frozenset(self._paths))
        told: list[CardText] = []
        lasting: dict[int, CardText] = {}
        for path, each in zip(self._paths, ids, strict=True):
            piece = pieces.get(each)
            if own := by_path.get(path):
                piece = piece_of(own, self._form)
            if piece:
                told.append(piece)
                if each:
                    lasting[each] = piece
        self._runs.keep_text(run, self._form, lasting)
        return printed(self._form, len(self._paths), told)


def _by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.path, []).append(finding)
    return found
