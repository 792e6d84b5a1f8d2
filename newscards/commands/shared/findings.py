"""What is known of cards beside themselves: what is found in them, and who else is of their stories."""

from __future__ import annotations

import os
from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.commands.shared.around import corpora_around
from newscards.commands.shared.keeping import kept_report
from newscards.commands.shared.readable import readable
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.lint.findings import Finding, Report
from newscards.output.ui import Ui
from newscards.query.sql.data import Contents


def contents_of(
    cards: Sequence[Card], corpus: Corpus, paths: Sequence[str], ui: Ui, *, stories: bool
) -> Contents:
    """Return what the tables are made of: cards of a corpus, which is that of some PATHs.

    With ``stories``, also the cards around them, of which their stories may be.
    """
    others = kin_of(corpus, paths, ui) if stories else ()
    return Contents(cards, others, lambda: findings_of(corpus, paths))


def kin_of(corpus: Corpus, paths: Sequence[str], ui: Ui) -> list[Card]:
    """Return the other cards of the corpora that PATHs are a part of, with their identities."""
    own: set[str] = set()
    found: list[Card] = []
    for around in corpora_around(corpus.paths if "-" in paths else paths, ui) if paths else ():
        own = own or {*map(os.path.abspath, corpus.paths)}
        if own.issuperset(map(os.path.abspath, around.paths)):
            continue
        cards = readable(around, ui, BRIEF_NAMES, [], identities=True)
        found += (card for card in cards if os.path.abspath(card.path) not in own)
    return found


def findings_of(corpus: Corpus, paths: Sequence[str]) -> list[Finding]:
    """Return what the configured rules find in the cards of a corpus, which is that of some PATHs."""
    report = kept_report(paths, (), (), None, None)
    if not isinstance(report, Report):
        from newscards.commands.shared.linting import look  # only here: what is kept needs no rules

        report = look(corpus.paths if "-" in paths else paths, (), (), nul=False).report()
    return report.findings
