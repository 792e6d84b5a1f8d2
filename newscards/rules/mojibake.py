"""Letters of the title or the excerpt were garbled by a wrong decoding.

UTF-8 that is read as Windows-1252 turns an apostrophe into `â€™`; two real cards have it (CARDS.md). The
original text can be restored, as ftfy does.

Fails:

    title: "The tideâ€™s turn"

Passes:

    title: "The tide’s turn"

Fix: write what was meant.
"""

from collections.abc import Iterable, Iterator

from newscards.cards.card import Card
from newscards.cards.text_cleanup import without_mojibake
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import cleaning, first_difference, own_texts

_MAX_WORD_LENGTH = 40


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each garbled text, with its first garbled word."""
    return () if card.title.isascii() and card.excerpt.isascii() else _problems(card)


def _problems(card: Card) -> Iterator[Problem]:
    for name, text in own_texts(card):
        if (meant := without_mojibake(text)) != text:
            # Up to the difference both are equal, so that the word begins at the same place in both.
            start = text.rfind(" ", 0, first_difference(text, meant)) + 1
            yield Problem(
                f"`{name}` is garbled: `{_word(text, start)}` is meant to be `{_word(meant, start)}`",
                (name,),
                help="write what is meant",
                fix=cleaning(name, text, without_mojibake),
            )


def _word(text: str, start: int) -> str:
    return text[start:].split(" ", 1)[0][:_MAX_WORD_LENGTH]


RULE = Rule("NC504", "mojibake", Severity.WARNING, card=check, fixes=Fixes.SAFE)
