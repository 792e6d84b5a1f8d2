"""One provider domain has two names.

The site groups cards by the provider's name, so another spelling is another provider. No domain has two names
in 5,632 real cards (CARDS.md). The rarer name is reported, once. If the configuration has a
registry of organizations, the cards are reported whose name is not the one it has for the domain, or, if it
has no domains, is not among its names.

Fails:

    # 2023-06-20-gauges.md
    provider:
      name: Tide
      domain: tide.example
    # 2023-06-20-wells.md
    provider:
      name: The Tide
      domain: tide.example

Passes:

    # 2023-06-20-gauges.md
    provider:
      name: Tide
      domain: tide.example
    # 2023-06-20-wells.md
    provider:
      name: Tide
      domain: tide.example

Fix: use one name for one provider.
"""

from collections.abc import Iterator, Sequence

from newscards.cards.related import grouped
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity, listed_others
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_on_minority
from newscards.text import counted, did_you_mean

_PATH = ("provider", "name")


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each name that is not the most common one of a domain, or not the registry's."""
    if facts.organizations:
        yield from _unknown(facts)
        return
    with_both = ((row.domain.casefold(), row) for row in facts.rows if row.domain and row.provider)
    for domain, rows in grouped(with_both).items():
        right = facts.providers.get(domain)
        if right is not None:
            for name, named in grouped((row.provider, row) for row in rows if row.provider != right).items():
                message = f"`{name}` is `{right}` in the registry"
                yield from _problem(facts, named, message, f"write `{right}`")
            continue
        if len({row.provider for row in rows}) < 2:
            continue
        names = ((row.provider, Spot(row, _PATH)) for row in rows)
        yield from problem_on_minority(
            facts, RULE, names, "", lambda right: f"write `{right}`, or the other name there"
        )


def _unknown(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each name that is not in a registry without domains."""
    unknown = (row for row in facts.rows if row.provider and row.provider not in facts.organizations)
    for name, rows in grouped((row.provider, row) for row in unknown).items():
        near = did_you_mean(name, facts.organizations)
        yield from _problem(facts, rows, f"`{name}` is not in the registry", near)


def _problem(facts: Facts, rows: Sequence[Row], message: str, advice: str) -> Iterator[tuple[Row, Problem]]:
    """Yield the problem of a name that some cards have."""
    suffix = f", in {counted(len(rows), 'card')}" if len(rows) > 1 else ""
    for at in facts.places_to_report(rows):
        others = tuple(Spot(row, _PATH) for row in listed_others(rows, at))
        yield rows[at], Problem(message, _PATH, help=advice, others=others, suffix=suffix)


RULE = Rule("NC612", "provider-name", Severity.WARNING, corpus=check, yields=True)
