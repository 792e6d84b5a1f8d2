"""Replacement of a text, or of what a regular expression matches, in the texts of a card."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newscards.cards.assignments import require_utf8
from newscards.cards.fields import FieldType, dotted_names, field_named
from newscards.errors import NewscardsError
from newscards.frontmatter.nodes import Step
from newscards.text import nearest, one_line, shorten

DEFAULT_FIELDS = ("title", "excerpt")
"""The fields in which a text is replaced where none is named: what a reader of the site reads."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """The replacement of what ``pattern`` matches, in the texts of the fields with these dotted ``names``.

    ``new`` is a template (``re.Match.expand``) if ``is_template``.
    """

    pattern: re.Pattern[str]
    new: str
    is_template: bool
    names: Sequence[str]

    def values(self, fields: Mapping[Any, Any]) -> dict[tuple[Step, ...], str]:
        """Return the new texts of a card's fields, by path, but only those that change."""
        found: dict[tuple[Step, ...], str] = {}
        for name in self.names:
            for path, text in _texts(fields, name.split(".")):
                if (new := self.pattern.sub(self._expanded, text)) != text:
                    found[path] = new
        return found

    def _expanded(self, match: re.Match[str]) -> str:
        return match.expand(self.new) if self.is_template else self.new


def replacement(
    old: str, new: str, fields: Sequence[str], *, regex: bool, ignore_case: bool, word: bool
) -> Replacement:
    """Return the replacement of OLD by NEW; raises ``NewscardsError`` where one of the arguments is wrong.

    ``regex`` makes OLD a regular expression, and NEW a template with ``\\1``; with ``word`` no letter, digit
    or underscore stands before or behind what is replaced. ``fields`` are dotted names, in which a list
    stands for its items: ``images.title``.
    """
    for text, what in ((old, "OLD"), (new, "NEW")):
        require_utf8(text, what)
    if not old:
        raise NewscardsError("OLD is empty", "write the text to be replaced")
    flags = re.IGNORECASE if ignore_case else 0
    pattern = _compiled(old if regex else re.escape(old), flags)
    if word:
        try:
            pattern = _compiled(rf"(?<!\w)(?:{pattern.pattern})(?!\w)", flags)
        except NewscardsError:
            hint = "leave out (?i), and add --ignore-case"
            raise NewscardsError("--word does not go with flags in the regular expression", hint) from None
    if regex:
        try:
            pattern.sub(new, "")
        except (re.error, IndexError) as error:
            raise _pattern_error("NEW", new, error) from None
    return Replacement(pattern, new, regex, _checked(fields or DEFAULT_FIELDS))


def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # FutureWarning: what `[[` may mean in a later Python
            return re.compile(pattern, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise _pattern_error("OLD", pattern, error) from None


def _pattern_error(what: str, text: str, error: Exception) -> NewscardsError:
    """Return the error for a wrong regular expression or template, with a caret below the place."""
    from newscards.query.sql.tokens import error_at  # not at the top: only an error needs it

    reason = error.msg if isinstance(error, re.error) else str(error) or type(error).__name__
    at = error.pos if isinstance(error, re.error) else None
    if what == "OLD":
        wrong, hint = "OLD is no regular expression", "without --regex, OLD is text"
    else:
        wrong, hint = "NEW cannot be used with --regex", r"\1 is the first group, \g<0> all that matched"
    return error_at(text, f"{wrong}: {reason}", at, (at or 0) + 1, hint)


def text_names() -> list[str]:
    """Return the dotted names of the fields that hold texts, one or a list; without those of copies."""
    names = (name for name in dotted_names() if not name.startswith("related"))
    return [name for name in names if _is_text(name)]


def _is_text(name: str) -> bool:
    field = field_named(name)
    return field is not None and (field.item or field).kind is FieldType.TEXT


def _checked(names: Sequence[str]) -> list[str]:
    """Return names of fields, each once; raises ``NewscardsError`` for one that holds no text."""
    known = text_names()
    for name in names:
        if name in known:
            continue
        shown, field = shorten(one_line(name)), field_named(name)
        if name.partition(".")[0] == "related":
            hint = "--related updates the copies of the cards that change"
            raise NewscardsError(f"`{shown}` are copies of other cards", hint)
        if field:
            raise NewscardsError(
                f"`{shown}` is {field.kind.value}, not text", f"texts are {', '.join(known)}"
            )
        near = nearest(re.sub(r"\[[0-9]*\]", "", name), known)
        hint = f"did you mean `{near[0]}`?" if near else f"texts are {', '.join(known)}"
        raise NewscardsError(f"there is no field `{shown}`", hint)
    return list(dict.fromkeys(names))


def _texts(
    value: Any, steps: Sequence[str], path: tuple[Step, ...] = ()
) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield the texts at a dotted name with their paths; a list stands for each of its items."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, steps, (*path, index))
    elif not steps:
        if isinstance(value, str):
            yield path, value
    elif isinstance(value, Mapping) and steps[0] in value:
        yield from _texts(value[steps[0]], steps[1:], (*path, steps[0]))
