"""The report of a whole corpus from its index: only changed cards and their dependents are checked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import BULKY
from newscards.cards.values import own_name
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.database import Index
from newscards.corpus.index.snapshot import Snapshot, content_hash
from newscards.frontmatter.limits import Limits
from newscards.lint import stored_findings
from newscards.lint.findings import Finding, FindingFormat, Report, by_path
from newscards.lint.runs import Run, RunTable, findings_checksum
from newscards.lint.stored_findings import CardText, Printed, card_text, join_texts
from newscards.parallel import parallel

if TYPE_CHECKING:
    from newscards.corpus.index.encoding import Encoded
    from newscards.lint.conventions import Convention
    from newscards.lint.linter import CheckedCard, Linter
    from newscards.lint.own_rules import OwnProblems, OwnRules

_MIN_CARDS_PER_CHANGED = 4
"""If more than one card in four must be checked, all are: that is as fast, and runs in several processes."""


class IndexableCard(NamedTuple):
    """A checked card, with what the index needs to add it: the hash of its file, and its encoded text.

    A card that has an id in the index already has an empty hash and no text.
    """

    hash: bytes
    text: Encoded | None
    checked: CheckedCard | None


ShowProgress = Callable[[Iterable[IndexableCard], int], Iterable[IndexableCard]]
"""A function that passes so many cards through and shows the progress."""


class IncrementalLint:
    """The check of a folder that is a whole corpus; it stores the findings in the folder's index.

    ``report`` takes the cheapest way that gives the same result as checking every card:

    - ``_unchanged``: no card differs from the stored run; its findings are returned.
    - ``_check_changed``: only changed cards and their dependents are checked, and cards in which a rule of
      the configuration finds something else than before.
    - ``_check_all``: every card is checked.

    ``key`` identifies the rules, and all else that findings depend on besides the cards and the time.
    ``make`` makes the linter, if one is needed. With an ``output_format`` the findings are returned printed
    in it, and their text is stored too. Here ``at`` is always the position of a card in ``found.paths``.
    """

    def __init__(
        self,
        found: FoundCards,
        limits: Limits,
        index: Index,
        key: bytes,
        output_format: FindingFormat | None,
        make: Callable[[], Linter],
        track: ShowProgress,
    ) -> None:
        self._paths, self._limits, self._index = found.paths, limits, index
        self._key, self._output_format, self._make, self._track = key, output_format, make, track
        self._runs = RunTable(index)
        self._names = found.names()
        self._begun = time.time_ns()
        self._run: Run | None = None
        self._files = Snapshot.of(self._names, found.paths)

    def report(self) -> Report | Printed:
        """Return the findings in all cards: printed, if there is an output format."""
        try:
            changed = self._take_over()
            run = self._runs.get(self._key)
            if run is None or not run.validity.holds():
                return self._check_all()
            fresh = [at for at, identifier in enumerate(self._files.ids) if identifier not in run.labels]
            gone = run.labels.keys() - set(self._files.ids)
            if not fresh and not gone and not run.without_id and run.own_validity.holds():
                self._run = run
                return self._unchanged(run, changed) or self._check_all()
            return self._check_changed(run, fresh, gone) or self._check_all()
        except KeyboardInterrupt:  # store the cards that were read until now
            for at, identifier in enumerate(self._files.ids):
                if not identifier:
                    self._files.forget(at)
            self._close()
            raise
        finally:
            self._index.close()

    def _take_over(self) -> bool:
        """Take the ids of unchanged cards from the index (0 for others); return whether files changed.

        A file with other times but the same content counts as changed, and its card keeps its id.
        """
        files, index = self._files, self._index
        changed = files.reuse_ids(index.snapshot)
        known = index.hashes([files.ids[at] for at in changed])
        doubtful = [at for at in changed if files.ids[at] in known]
        checks = parallel(lambda batch: (self._is_same(at, known) for at in batch), doubtful)
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
        """Return the report of a stored run, which still holds; ``None`` if the run is damaged.

        ``changed`` says whether there are files that have other times.
        """
        text = self._runs.text(run, self._output_format) if self._output_format else None
        report: Report | Printed | None = text.report_of(self._files.ids) if text else None
        if report is None:
            texts = self._runs.findings(run)
            if texts is None:
                return None
            report = self._merge(run, texts, {}, {})
            changed = changed or self._output_format is not None  # then _merge has stored its text
        if changed:
            self._close()
        return report

    def _check_all(self) -> Report | Printed:
        """Check all cards."""
        from newscards.lint.dependents import Dependents, links_of

        linter, count = self._make(), len(self._paths)
        cards_to_add = parallel(lambda batch: self._check(linter, batch), range(count))
        for at, card in enumerate(self._track(cards_to_add, count)):
            self._add(linter, at, card)
        own = linter.own_problems = linter.find_own_problems()
        report = linter.report()
        found = dict(enumerate(map(by_path(report.findings).get, self._paths)))
        if self._index.has_file:
            urls = linter.urls_of_unreadable
            cards = list(links_of(self._paths, linter.rows, urls, linter.topics).values())
            validity = linter.validity
            ids = self._files.ids
            exceptions = self._exceptions(linter, range(count))
            conventions = self._conventions(linter, [*map(len, exceptions)], count) or frozenset()
            del linter  # its rows take most of the memory
            dependents = Dependents.of(cards)
            labels = {ids[at]: dependents.labels[keys[0]] for at, (keys, _) in enumerate(cards) if ids[at]}
            without_id = frozenset(keys[0] for at, (keys, _) in enumerate(cards) if not ids[at])
            encoded = dependents.encode()
            run = Run(
                self._key,
                validity,
                0,
                labels,
                without_id,
                encoded,
                exceptions,
                conventions,
                self._by_id(own),
                own.validity,
            )
            return self._finish(run, {}, {}, found, None)
        return report

    def _check_changed(
        self, run: Run, fresh: Sequence[int], gone: Collection[int]
    ) -> Report | Printed | None:
        """Check the cards that a stored run lacks, and their dependents; take the rest from the run.

        ``fresh`` are the positions of new and changed cards; ``gone`` are the ids of cards that were deleted,
        or changed and so have another id now. Return ``None`` if all cards must be checked.
        """
        if len(fresh) * _MIN_CARDS_PER_CHANGED > len(self._paths):
            return None
        from newscards.lint.dependents import Dependents, links_of

        linter, files = self._make(), self._files
        for at, card in zip(fresh, self._check(linter, fresh), strict=True):
            self._add(linter, at, card)
        exceptions = tuple(
            (before - {*gone}) | new
            for before, new in zip(run.exceptions, self._exceptions(linter, fresh), strict=True)
        )
        conventions = self._conventions(linter, [*map(len, exceptions)], len(self._paths))
        if conventions is None or conventions != run.conventions:
            return None
        linter.conventions = conventions
        dependents = Dependents.decode(*run.dependents)
        before = {run.labels[each] for each in gone} | {dependents.labels[key] for key in run.without_id}
        paths = [self._paths[at] for at in fresh]
        cards = links_of(paths, linter.rows, linter.urls_of_unreadable, linter.topics)
        affected = dependents.add(cards.values(), before)
        if affected is None or not self._find_other_values(linter, {*fresh}):
            return None
        own = linter.own_problems = linter.find_own_problems()
        own_by_id = self._by_id(own)
        others = [at for at, each in enumerate(files.ids) if run.labels.get(each) in affected]
        # Cards in which rules of the configuration find something else, each with its group.
        apart = {run.labels[each] for each, _ in own_by_id.items() ^ run.own.items() if each in run.labels}
        apart -= affected
        of_own = [at for at, each in enumerate(files.ids) if run.labels.get(each) in apart]
        if (len(fresh) + len(others) + len(of_own)) * _MIN_CARDS_PER_CHANGED > len(self._paths):
            return None
        for at in (*others, *of_own):
            linter.add(linter.check_file(self._paths[at]))
        report = linter.report()
        of_cards = by_path(report.findings)
        found = {at: of_cards.get(self._paths[at]) for at in (*fresh, *others, *of_own)}
        labels = {at: run.labels[each] for at, each in enumerate(files.ids) if each in run.labels}
        labels |= dict.fromkeys((*fresh, *others), min(affected))
        without_id = {cards[self._paths[at]][0][0] for at in fresh if not files.ids[at]}
        outdated = {files.ids[at] for at in (*others, *of_own)} | {*gone}
        text = self._runs.text(run, self._output_format) if self._output_format else None
        # With the stored text only outdated findings are read, for the checksum; without it all are.
        known = self._runs.findings(run, outdated if text else None)
        if known is None:
            return None
        removed = findings_checksum({each: known.pop(each) for each in outdated & known.keys()})
        all_texts = text.card_texts() if text else {}
        card_texts = {each: stored for each, stored in all_texts.items() if each not in outdated}
        by_id = {files.ids[at]: label for at, label in labels.items() if files.ids[at]}
        validity, total = run.validity.intersection(linter.validity), run.checksum ^ removed
        now = Run(
            self._key,
            validity,
            total,
            by_id,
            frozenset(without_id),
            dependents.encode(),
            exceptions,
            conventions,
            own_by_id,
            own.validity,
        )
        return self._finish(now, known, card_texts, found, outdated)

    def _by_id(self, own: OwnProblems) -> dict[int, int]:
        """Return the checksums of what rules of the configuration found, by the cards' ids."""
        checksums = own.checksums()
        pairs = zip(self._paths, self._files.ids, strict=True) if checksums else ()
        return {each: checksums[path] for path, each in pairs if each and path in checksums}

    def _find_other_values(self, linter: Linter, without: Collection[int]) -> bool:
        """Let the rules of the configuration see the cards that are not added to the linter.

        ``without`` are the positions of those that are added, or missing. Return whether the index has what
        the rules need of the cards.
        """
        own = linter.own
        if own is None or not linter.has_own:
            return True
        if any(own_name(name).partition(".")[0].partition("[")[0] in BULKY for name in own.fields):
            return False
        positions = [at for at in range(len(self._paths)) if at not in without]
        linter.find_others = partial(self._stored_values, own, positions)
        return True

    def _stored_values(self, own: OwnRules, positions: Sequence[int]) -> Iterator[Card]:
        """Yield what rules need of the cards at some positions, from the index, or else from their files."""
        from newscards.cards.reader import read
        from newscards.corpus.index.encoding import BRIEF_NAMES, decode

        ids = [self._files.ids[at] for at in positions]
        texts = self._index.texts(ids, full=not own.fields <= BRIEF_NAMES)
        identities = self._index.identities(ids) if own.needs_stories else {}
        stored = [at for at in positions if texts.get(self._files.ids[at])]
        if own.needs_stories:
            stored = [at for at in stored if self._files.ids[at] in identities]
        decoded = decode([self._paths[at] for at in stored], [texts[self._files.ids[at]] for at in stored])
        records = dict(zip(stored, decoded, strict=True))
        for at in positions:
            record = records.get(at) or read(self._paths[at], self._limits)
            if isinstance(record, Card):
                record.identities = record.identities or identities.get(self._files.ids[at], b"")
                yield own.values_of(record)

    def _exceptions(self, linter: Linter, positions: Iterable[int]) -> tuple[frozenset[int], ...]:
        """Return the ids of the added cards that do not follow a convention, for each convention."""
        from newscards.lint.conventions import Convention

        rows = {row.path: row.exceptions for row in linter.rows if row.exceptions}
        found = [(self._files.ids[at], rows[self._paths[at]]) for at in positions if self._paths[at] in rows]
        return tuple(frozenset(each for each, lacks in found if one in lacks) for one in Convention)

    def _exceptions_in_other_state(
        self, run: Run, linter: Linter, changed: Collection[str], new: int
    ) -> tuple[list[int], int]:
        """Return the number of exceptions from each convention, and that of all cards.

        The cards are those of a run without ``changed``, and the ``new`` ones that were added to the linter.
        """
        from newscards.lint.conventions import Convention

        left = {each for path, each in zip(self._paths, self._files.ids, strict=True) if path not in changed}
        added = Counter(one for row in linter.rows for one in row.exceptions)
        pairs = zip(Convention, run.exceptions, strict=True)
        return [len(before & left) + added[one] for one, before in pairs], len(left) + new

    def _conventions(
        self, linter: Linter, exceptions: Sequence[int], cards: int
    ) -> frozenset[Convention] | None:
        """Return the conventions of so many cards, with so many exceptions from each.

        Return ``None`` if there are exceptions in a folder with several sites: the site of a card that was
        deleted is not stored.
        """
        from newscards.lint.conventions import Convention, conventions_of

        if len(folders := linter.folders(self._paths)) != 1:
            return None if any(exceptions) else frozenset(Convention)
        return conventions_of(dict(zip(Convention, exceptions, strict=True)), cards, *folders)

    def _check(self, linter: Linter, positions: Sequence[int]) -> Iterator[IndexableCard]:
        """Check cards, and encode those without an id for the index, so that each file is read once."""
        from newscards.corpus.index.encoding import encode

        checked_files = linter.check_files((self._paths[at], True) for at in positions)
        for at, (checked, record, source) in zip(positions, checked_files, strict=True):
            is_there = not (isinstance(record, Unreadable) and record.kind == "io")
            is_new = self._index.has_file and not self._files.ids[at]
            text = encode(record) if is_new and is_there else None
            yield IndexableCard(content_hash(source) if text else b"", text, checked)

    def _add(self, linter: Linter, at: int, card: IndexableCard) -> None:
        """Add a card to the linter, and to the index if it has no id there."""
        linter.add(card.checked)
        if card.text:
            self._files.ids[at] = self._index.add(card.hash, card.text)
        if not self._files.ids[at]:
            self._files.forget(at)

    def _finish(
        self,
        run: Run,
        findings: Mapping[int, bytes],
        card_texts: dict[int, CardText],
        found: Mapping[int, Sequence[Finding] | None],
        outdated: Iterable[int] | None,
    ) -> Report | Printed:
        """Store a run, and return its report. The checksum of ``run`` is that of the findings not ``found``.

        ``outdated`` are the ids of the cards whose stored findings are deleted; ``None`` means all. The other
        parameters are those of ``_merge``.
        """
        names = dict(zip(self._paths, self._names, strict=True))
        by_id = ((self._files.ids[at], each) for at, each in found.items() if each)
        new = {each: stored_findings.encode_findings(of_card, names) for each, of_card in by_id if each}
        run = run._replace(checksum=run.checksum ^ findings_checksum(new))
        self._runs.store(run, new, outdated)
        report = self._merge(run, findings, card_texts, found)
        self._close()
        self._run = run
        return report

    def findings_in_other_state(
        self, linter: Linter, changed: Collection[str], sources: Mapping[str, bytes]
    ) -> tuple[list[Finding], frozenset[str]] | None:
        """Return the findings of another state of the corpus, and the cards that may have others there.

        Call it after ``report``. In that state the cards ``changed`` are missing, and there are cards with
        the bytes ``sources``, by path. Only these and their dependents are checked, by ``linter``: all other
        cards have the same findings in both states. Return ``None`` if there is no run, or if the states have
        different conventions: then any card may have other findings.
        """
        run, files = self._run, self._files
        if run is None:
            return None
        linter.overlay = dict(sources)
        _check_with(linter, list(sources))
        others: list[str] = []
        if linter.needs_corpus:
            from newscards.lint.dependents import Dependents, links_of

            exceptions, cards_there = self._exceptions_in_other_state(run, linter, changed, len(sources))
            if self._conventions(linter, exceptions, cards_there) != run.conventions:
                return None
            linter.conventions = run.conventions
            dependents = Dependents.decode(*run.dependents)
            own = [run.labels.get(each) for each in files.ids]  # of a card without an id it is `None`
            before = {
                label for path, label in zip(self._paths, own, strict=True) if path in changed and label
            }
            before |= {dependents.labels[key] for key in run.without_id}
            cards = links_of(sources, linter.rows, linter.urls_of_unreadable, linter.topics)
            affected = dependents.add(cards.values(), before)
            positions = {at for at, path in enumerate(self._paths) if path in changed}
            if not self._find_other_values(linter, positions):
                return None
            linter.own_problems = linter.find_own_problems()
            differing = self._by_id(linter.own_problems).items() ^ run.own.items()
            if affected is not None:
                affected |= {run.labels[each] for each, _ in differing if each in run.labels}
            others = [
                path
                for path, label in zip(self._paths, own, strict=True)
                if path not in changed and (affected is None or label is None or label in affected)
            ]
            _check_with(linter, others)
        return linter.report().findings, frozenset([*sources, *changed, *others])

    def _close(self) -> None:
        """Store the state of the files, and commit all that was written to the index."""
        self._files.forget_racy(self._begun)
        self._index.finish(self._files)

    def _merge(
        self,
        run: Run,
        findings: Mapping[int, bytes],
        card_texts: dict[int, CardText],
        found: Mapping[int, Sequence[Finding] | None],
    ) -> Report | Printed:
        """Return the report of stored and new findings; if it is printed, store its text with ``run``.

        ``findings`` are stored findings and ``card_texts`` stored texts, by the cards' ids. ``found`` are the
        new findings, by the cards' positions; they win.
        """
        paths, ids = dict(zip(self._names, self._paths, strict=True)), self._files.ids
        stored = (
            (path, data) for path, each in zip(self._paths, ids, strict=True) if (data := findings.get(each))
        )
        of_cards: dict[str, Sequence[Finding] | None] = dict(stored_findings.decode_findings(stored, paths))
        of_cards |= {self._paths[at]: of_card for at, of_card in found.items()}
        if self._output_format is None:
            merged = [finding for path in self._paths for finding in of_cards.get(path) or ()]
            return Report(len(self._paths), merged, frozenset(self._paths))
        in_order: list[CardText] = []
        to_store: dict[int, CardText] = {}
        for path, each in zip(self._paths, ids, strict=True):
            text = card_texts.get(each)
            if of_card := of_cards.get(path):
                text = card_text(of_card, self._output_format)
            if text:
                in_order.append(text)
                if each:
                    to_store[each] = text
        self._runs.store_text(run, self._output_format, to_store)
        return join_texts(self._output_format, len(self._paths), in_order)


def _check_with(linter: Linter, paths: Sequence[str]) -> None:
    """Check cards, many in several processes, and add them to the linter."""
    for file in parallel(lambda batch: linter.check_files((path, True) for path in batch), paths):
        linter.add(file.checked)
