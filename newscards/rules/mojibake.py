"""Letters of a title, an excerpt or a provider's name were garbled by a wrong decoding.

UTF-8 that is read as Windows-1252 turns an apostrophe into `â€™`; two real cards have it (CARDS.md).
Windows-1252 that is read as Latin-1 turns it into the control character U+0092. The original text can be
restored, as ftfy does.

Fails:

    title: "The tideâ€™s turn"

Passes:

    title: "The tide’s turn"

Fix: write what was meant.
"""

from collections.abc import Iterable
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.text_cleanup import character_name, without_invisible, without_mojibake
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import USUAL_TEXT, cleaning, first_difference, is_text_or_topic
from newscards.text import harmless

_MAX_WORD_LENGTH = 40


def check(field: Field, value: Any) -> Iterable[Problem]:
    """Return the problem of a garbled text, with its first garbled word."""
    if not isinstance(value, str) or value.isascii() or (meant := without_mojibake(value)) == value:
        return ()
    # Both texts are equal up to the difference, so the word begins at the same index in both.
    difference = first_difference(value, meant)
    start = value.rfind(" ", 0, difference) + 1
    word, meant_word = _word(value, start), _word(meant, start)
    if shown := without_invisible(meant_word):
        what, advice = f"is meant to be `{shown}`", "write what is meant"
    else:
        what = f"stands for the invisible {character_name((meant_word or word)[0])}"
        advice = "remove it"
    problem = Problem(
        f"`{field.name}` is garbled: `{harmless(word)}` {what}",
        help=advice,
        fix=cleaning(field, value, without_mojibake),
        part=(difference, _end(value, meant, difference)),
    )
    return [problem]


def _end(text: str, meant: str, difference: int) -> int:
    """Return where what is garbled ends in the word in which two texts begin to differ."""
    word, meant_word = (each[difference:].split(" ", 1)[0] for each in (text, meant))
    return difference + max(len(word) - first_difference(word[::-1], meant_word[::-1]), 1)


def _word(text: str, start: int) -> str:
    return text[start:].split(" ", 1)[0][:_MAX_WORD_LENGTH]


RULE = Rule(
    "NC504",
    "mojibake",
    Severity.WARNING,
    value=check,
    applies=is_text_or_topic,
    usual=USUAL_TEXT.fullmatch,
    fixes=Fixes.SAFE,
)
