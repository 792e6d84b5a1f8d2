"""Letters of the title or the excerpt were garbled by a wrong decoding.

UTF-8 that was read as Windows-1252 makes `â€™` of an apostrophe; two real cards have it (CARDS.md). What
was meant can be told, as ftfy does.

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

_LONGEST = 40


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each text that is garbled, with its first word that is."""
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
    return text[start:].split(" ", 1)[0][:_LONGEST]


RULE = Rule("NC504", "mojibake", Severity.WARNING, card=check, fixes=Fixes.SAFE)
