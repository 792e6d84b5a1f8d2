"""The rules of a run, those of the configuration included: which are checked, and their severities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from newscards.corpus.declared_rules import DeclaredRule
from newscards.corpus.settings import Settings
from newscards.errors import DeclarationError, NewscardsError
from newscards.lint.findings import Severity
from newscards.lint.linter import Linter
from newscards.lint.rule import OF_SITE, Rule
from newscards.lint.ruleset import EVERYTHING, OWN, Ruleset, specificity
from newscards.rules import RULES
from newscards.text import did_you_mean, one_line


def known_rules(settings: Settings) -> tuple[Rule, ...]:
    """Return all rules: the built-in ones, and those that the configuration declares.

    Raises ``NewscardsError`` for a declared name that is no name, or that another rule has.
    """
    try:
        return (*RULES, *map(_own_rule, settings.rules))
    except DeclarationError as error:
        raise settings.located(error) from error


_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def _own_rule(declared: DeclaredRule) -> Rule:
    name, keys, shown = declared.name, ("rules", declared.name), one_line(declared.name)
    if (name.upper().startswith(EVERYTHING) and name[2:].isdecimal()) or name.upper() == EVERYTHING:
        raise DeclarationError(
            f"`{shown}` is a code, which only a built-in rule has", keys, _NAMES, at_key=True
        )
    if name == OWN:
        raise DeclarationError(f"`{name}` selects all rules of the configuration", keys, _NAMES, at_key=True)
    if any(rule.name == name for rule in RULES):
        hint = (
            "give yours another name; `ignore`, `severities` and `per-file-ignores` change the built-in one"
        )
        raise DeclarationError(f"`{name}` is the name of a built-in rule", keys, hint, at_key=True)
    if not _NAME.fullmatch(name):
        raise DeclarationError(f"`{shown}` is not a name of a rule", keys, _NAMES, at_key=True)
    return Rule(name, name, Severity(declared.severity), declared=declared)


_NAMES = "a name is words of small letters and digits with hyphens between them, as `too-weak`"


def check_selector(selector: str, known: Sequence[Rule] = RULES) -> None:
    """Raise ``NewscardsError`` if a selector selects none of the rules that are known."""
    if not any(specificity(selector, rule) for rule in known) and selector.strip() != OWN:
        near = did_you_mean(selector.strip(), [rule.name for rule in known])
        raise NewscardsError(f"no rule is called `{selector}`", near or "`newscards rule` lists all of them")


def selected(select: Iterable[str], ignore: Iterable[str], known: Sequence[Rule] = RULES) -> list[Rule]:
    """Return the known rules that are selected and not ignored; the more specific selector wins.

    An empty ``select`` selects all. Raises ``NewscardsError`` for a selector that selects no rule.
    """
    select, ignore = list(select) or [EVERYTHING], list(ignore)
    for selector in (*select, *ignore):
        check_selector(selector, known)

    def best(selectors: list[str], rule: Rule) -> int:
        return max((specificity(selector, rule) for selector in selectors), default=0)

    return [rule for rule in known if best(select, rule) > best(ignore, rule)]


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
    known: Sequence[Rule] = RULES,
) -> Ruleset:
    """Return some of the known rules with their configured severities; the most specific selector wins."""

    def severity(rule: Rule) -> Severity:
        selectors = sorted(severities, key=lambda selector: specificity(selector, rule))
        is_configured = selectors and specificity(selectors[-1], rule)
        return severities[selectors[-1]] if is_configured else rule.severity

    ignored = [
        (pattern, frozenset(rule for rule in known if any(specificity(each, rule) for each in selectors)))
        for pattern, selectors in per_file_ignores.items()
    ]
    return Ruleset({rule: severity(rule) for rule in rules}, known, ignored)


def asks_for_site(selector: str) -> bool:
    """Return whether a selector names rules about what a site makes of a card, and no others."""
    rules = [rule for rule in RULES if specificity(selector, rule)]
    return bool(rules) and all(rule.code.startswith(OF_SITE) for rule in rules)


def check_selectors(settings: Settings, known: Sequence[Rule]) -> None:
    """Raise ``NewscardsError`` if a selector of the configuration selects none of the known rules."""
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
            check_selector(selector, known)
        except NewscardsError as error:
            place = settings.place(*path, key=True)
            raise NewscardsError(f"{place}: `{path[0]}`: {error}", error.hint) from None
