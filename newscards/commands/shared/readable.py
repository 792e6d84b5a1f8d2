"""The cards of a corpus that can be read, for what looks at many; the others are told of afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import BULKY
from newscards.commands.shared.corpora import TOLD
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.index.summaries import Wanted
from newscards.output.ui import Ui


def readable(
    corpus: Corpus,
    ui: Ui,
    fields: Set[str],
    unreadable: list[Unreadable],
    *,
    identities: bool = False,
    wanted: Wanted | None = None,
) -> Iterator[Card]:
    """Yield the cards that can be read, each with some fields at least, which are dotted names.

    All others come into ``unreadable``. ``identities`` and ``wanted`` are as in ``Corpus.summaries``; where a
    field is bulky neither is minded.
    """
    if any(name.partition(".")[0].partition("[")[0] in BULKY for name in fields):
        records = iter(corpus)
    else:
        records = corpus.summaries(full=not fields <= BRIEF_NAMES, identities=identities, wanted=wanted)
    for record in ui.track(records, len(corpus), "Reading cards"):
        if isinstance(record, Unreadable):
            unreadable.append(record)
        else:
            yield record


def tell_unreadable(ui: Ui, messages: Sequence[str]) -> int:
    """Warn of the cards that cannot be read; return the exit code, for the result is then partial."""
    for message in messages[:TOLD]:
        ui.warn(message)
    if len(messages) > TOLD:
        ui.warn(f"and {len(messages) - TOLD:,} more cards cannot be read; see `newscards validate`")
    return 1 if messages else 0
