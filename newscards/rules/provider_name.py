"""One provider domain has two names.

The site groups cards by the provider's name, so another spelling is another provider. No domain has two names
in 5,632 real cards (CARDS.md). The cards with the rarer name are reported. If the configuration has a
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

from collections.abc import Iterator

from newscards.cards.related import grouped
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import problem_on_minority
from newscards.text import did_you_mean

_PATH = ("provider", "name")


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each card whose provider has not its most common name, or not the registry's."""
    if facts.organizations:
        yield from _unknown(facts)
        return
    with_both = ((row.domain.casefold(), row) for row in facts.rows if row.domain and row.provider)
    for domain, rows in grouped(with_both).items():
        right = facts.providers.get(domain)
        if right is not None:
            for row in rows:
                if row.provider != right:
                    message = f"`{row.provider}` is `{right}` in the registry"
                    yield row, Problem(message, _PATH, help=f"write `{right}`")
            continue
        if len({row.provider for row in rows}) < 2:
            continue
        names = ((row.provider, Spot(row, _PATH)) for row in rows)
        yield from problem_on_minority(names, "", lambda right: f"write `{right}`, or the other name there")


def _unknown(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each card whose provider is not in a registry without domains."""
    for row in facts.rows:
        if row.provider and row.provider not in facts.organizations:
            near = did_you_mean(row.provider, facts.organizations)
            yield row, Problem(f"`{row.provider}` is not in the registry", _PATH, help=near)


RULE = Rule("NC612", "provider-name", Severity.WARNING, corpus=check)
