"""The corpus at a git revision, with which ``validate --changed-since`` compares the findings of now."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from newscards.corpus.settings import Settings
from newscards.layout import config_files
from newscards.lint.findings import Finding
from newscards.lint.new_findings import FormerFindings


class FormerCorpus(NamedTuple):
    """The difference between a corpus and what it was at the revision ``rev``.

    ``changed``, ``sources`` and ``renamed`` are as in ``FormerCards``. ``configs`` are the former bytes of
    the sites' configuration files that differ (``former_site_of``). With ``shows_old``, the old findings of
    changed cards are wanted too. ``differing`` returns those of some other files that differ.
    """

    rev: str
    changed: frozenset[str]
    sources: Mapping[str, bytes]
    renamed: Mapping[str, str]
    configs: Mapping[str, bytes | None]
    shows_old: bool
    differing: Callable[[Iterable[str]], Mapping[str, bytes | None]]

    @property
    def differs(self) -> bool:
        """Whether there is any difference."""
        return bool(self.changed or self.sources or self.configs)

    def is_same(self, path: str) -> bool:
        """Return whether a card of now has the same result, checked by itself, in the former corpus."""
        return not self.configs and path not in self.changed

    def findings(self, findings: Sequence[Finding], affected: frozenset[str] | None = None) -> FormerFindings:
        """Return the former findings: all, or those in the cards ``affected``."""
        return FormerFindings(findings, self.changed, self.renamed, affected, self.shows_old)


@dataclass
class Since:
    """The request to compare with a git revision; each corpus is compared once.

    With ``shows_old``, the old findings of changed cards are wanted too.
    """

    rev: str
    shows_old: bool = False
    _corpora: dict[tuple[tuple[str, ...], tuple[str, ...]], FormerCorpus] = field(
        default_factory=dict, init=False
    )

    def corpus(self, folders: Sequence[str], paths: Sequence[str], settings: Settings) -> FormerCorpus:
        """Return the difference of the cards at ``paths``, and of those that are gone from ``folders``.

        The sites' own configuration is that of the revision, because it decides what the site shows; the
        configuration of newscards is that of now, because it says what is wanted. Raises ``NewscardsError``
        if git fails.
        """
        from newscards.diff.former import (
            FormerState,
        )  # imported here because `subprocess` takes long to import

        folders = list({os.path.abspath(folder): folder for folder in reversed(folders)}.values())[::-1]
        key = tuple(folders), tuple(paths)
        if key not in self._corpora:
            state = FormerState(self.rev, settings.limits)
            cards = state.cards(folders, paths, settings.endings)
            of_sites = {file for folder in {*map(os.path.dirname, paths)} for file in config_files(folder)}
            self._corpora[key] = FormerCorpus(
                self.rev,
                frozenset(cards.changed),
                cards.sources,
                cards.renamed,
                state.files(sorted(of_sites)),
                self.shows_old,
                state.files,
            )
        return self._corpora[key]
