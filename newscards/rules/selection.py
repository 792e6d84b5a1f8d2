"""Which rules are checked, and how severe each is: codes, families, names and settings as a linter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from newscards.cards.fields import CARD, card_with
from newscards.corpus.settings import Settings
from newscards.errors import NewscardsError
from newscards.lint.findings import Severity
from newscards.lint.linter import Linter, refuse_errors
from newscards.lint.rule import Rule
from newscards.lint.ruleset import EVERYTHING, Ruleset, specificity
from newscards.rules import RULES
from newscards.text import did_you_mean, path_text

if TYPE_CHECKING:
    from newscards.edits.plan import Refuse


def check_selector(selector: str) -> None:
    """Raise ``NewscardsError`` where a selector means no rule."""
    if not any(specificity(selector, rule) for rule in RULES):
        near = did_you_mean(selector.strip(), [rule.name for rule in RULES])
        raise NewscardsError(f"no rule is called `{selector}`", near or "`newscards rule` lists all of them")


def selected(select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """Return the rules that are chosen and not ignored; where both mean one, the closer word counts.

    ``select`` empty means all. Raises ``NewscardsError`` for a word that means no rule.
    """
    select, ignore = list(select) or [EVERYTHING], list(ignore)
    for word in (*select, *ignore):
        check_selector(word)

    def closest(words: list[str], rule: Rule) -> int:
        return max((specificity(word, rule) for word in words), default=0)

    return [rule for rule in RULES if closest(select, rule) > closest(ignore, rule)]


def every_rule() -> Ruleset:
    """Return all rules, each with its own severity."""
    return Ruleset({rule: rule.severity for rule in RULES}, RULES)


def every_linter() -> Linter:
    """Return what checks cards by every rule."""
    return Linter(every_rule())


def ruleset(
    rules: Iterable[Rule],
    severities: Mapping[str, Severity],
    per_file_ignores: Mapping[str, Sequence[str]],
) -> Ruleset:
    """Return the rules with the severities that selectors give them; the closest selector counts."""

    def severity(rule: Rule) -> Severity:
        words = sorted(severities, key=lambda word: specificity(word, rule))
        return severities[words[-1]] if words and specificity(words[-1], rule) else rule.severity

    ignored = [
        (pattern, frozenset(rule for rule in RULES if any(specificity(word, rule) for word in words)))
        for pattern, words in per_file_ignores.items()
    ]
    return Ruleset({rule: severity(rule) for rule in rules}, RULES, ignored)


def make_linter(settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Linter:
    """Return what checks cards by the settings and the options; raises ``NewscardsError``.

    ``--select`` takes the place of what the configuration selects and ignores; ``--ignore`` adds to it.
    """
    _check_words(settings)
    ignored = ignore if select else (*settings.ignore, *ignore)
    rules = selected(select or settings.select, ignored)
    if not rules:
        raise NewscardsError("no rule is left to be checked", "see --select, --ignore and `newscards config`")
    severities = {word: Severity(value) for word, value in settings.severities.items()}
    choices = {"category": settings.categories, "type": settings.types}
    choices = {name: values for name, values in choices.items() if values}
    topics, organizations = settings.topics, settings.organizations
    return Linter(
        ruleset(rules, severities, settings.per_file_ignores),
        card_with(choices) if choices else CARD,
        settings.limits,
        settings.relative,
        topics=frozenset(topics.names) if topics else None,
        providers=organizations.by_domain if organizations else {},
        organizations=frozenset(organizations.names if organizations and not organizations.by_domain else ()),
    )


def _check_words(settings: Settings) -> None:
    """Raise ``NewscardsError`` where the configuration names a rule that there is not."""
    for_files = [word for words in settings.per_file_ignores.values() for word in words]
    for key, words in (
        ("select", settings.select),
        ("ignore", settings.ignore),
        ("per-file-ignores", for_files),
        ("severities", settings.severities),
    ):
        for word in words:
            try:
                check_selector(word)
            except NewscardsError as error:
                raise NewscardsError(f"{path_text(settings.file)}: `{key}`: {error}", error.hint) from None


def error_linter(settings: Settings) -> Linter:
    """Return what finds errors alone, whatever the configuration selects; for what is to be written."""
    linter = make_linter(settings)
    linter.rules = linter.rules.only(Severity.ERROR)
    return linter


def error_refusal(settings: Settings) -> Refuse:
    """Return what refuses edits that would create an error, or make a value wrong."""
    return partial(refuse_errors, error_linter(settings))
