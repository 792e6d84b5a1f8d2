"""What ``validate`` finds in a corpus, for what asks for it beside the cards."""

from __future__ import annotations

from collections.abc import Sequence

from newscards.commands.keeping import kept_report
from newscards.corpus import Corpus
from newscards.findings import Finding, Report


def findings_of(corpus: Corpus, paths: Sequence[str]) -> list[Finding]:
    """Return what the configured rules find in the cards of a corpus, which is that of some PATHs."""
    report = kept_report(paths, (), (), None, None)
    if not isinstance(report, Report):
        from newscards.commands.checking import look  # only here: what is kept needs no rules

        report = look(corpus.paths if "-" in paths else paths, (), (), nul=False).report()
    return report.findings
