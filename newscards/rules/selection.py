"""The rules of a run: which are checked, and their severities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from newscards.corpus.settings import Settings
from newscards.errors import NewscardsError
from newscards.lint.findings import Severity
from newscards.lint.linter import Linter
from newscards.lint.rule import OF_SITE, Rule
from newscards.lint.ruleset import EVERYTHING, Ruleset, specificity
from newscards.rules import RULES
from newscards.text import did_you_mean


def check_selector(selector: str) -> None:
    """Raise ``NewscardsError`` if a selector selects no rule."""
    if not any(specificity(selector, rule) for rule in RULES):
        near = did_you_mean(selector.strip(), [rule.name for rule in RULES])
        raise NewscardsError(f"no rule is called `{selector}`", near or "`newscards rule` lists all of them")


def selected(select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """Return the rules that are selected and not ignored; the more specific selector wins.

    An empty ``select`` selects all. Raises ``NewscardsError`` for a selector that selects no rule.
    """
    select, ignore = list(select) or [EVERYTHING], list(ignore)
    for selector in (*select, *ignore):
        check_selector(selector)

    def best(selectors: list[str], rule: Rule) -> int:
        return max((specificity(selector, rule) for selector in selectors), default=0)

    return [rule for rule in RULES if best(select, rule) > best(ignore, rule)]


def every_rule() -> Ruleset:
    """Return all rules, each with its own severity."""
    return Ruleset({rule: rule.severity for rule in RULES}, RULES)


def every_linter() -> Linter:
    """Return a linter with every rule, which takes a card in no collection for one of a ``_news``."""
    return Linter(every_rule(), as_news=True)


def ruleset(
    rules: Iterable[Rule],
    severities: Mapping[str, Severity],
    per_file_ignores: Mapping[str, Sequence[str]],
) -> Ruleset:
    """Return the rules with their configured severities; the most specific selector wins."""

    def severity(rule: Rule) -> Severity:
        selectors = sorted(severities, key=lambda selector: specificity(selector, rule))
        is_configured = selectors and specificity(selectors[-1], rule)
        return severities[selectors[-1]] if is_configured else rule.severity

    ignored = [
        (pattern, frozenset(rule for rule in RULES if any(specificity(each, rule) for each in selectors)))
        for pattern, selectors in per_file_ignores.items()
    ]
    return Ruleset({rule: severity(rule) for rule in rules}, RULES, ignored)


def asks_for_site(selector: str) -> bool:
    """Return whether a selector names rules about what a site makes of a card, and no others."""
    rules = [rule for rule in RULES if specificity(selector, rule)]
    return all(rule.code.startswith(OF_SITE) for rule in rules)


def check_selectors(settings: Settings) -> None:
    """Raise ``NewscardsError`` if a selector of the configuration selects no rule."""
    paths: list[tuple[str, tuple[str | int, ...]]] = [
        *((selector, ("select", index)) for index, selector in enumerate(settings.select)),
        *((selector, ("ignore", index)) for index, selector in enumerate(settings.ignore)),
        *(
            (selector, ("per-file-ignores", pattern, index))
            for pattern, selectors in settings.per_file_ignores.items()
            for index, selector in enumerate(selectors)
        ),
        *((selector, ("severities", selector)) for selector in settings.severities),
    ]
    for selector, path in paths:
        try:
            check_selector(selector)
        except NewscardsError as error:
            place = settings.place(*path, key=True)
            raise NewscardsError(f"{place}: `{path[0]}`: {error}", error.hint) from None
