"""One provider domain stands with two names.

A provider's cards are grouped by its name on the site, so another spelling is another provider. In none of
5,632 real cards a domain has two names (CARDS.md). Told are the cards with the rarer name, or, where the
configuration has a registry of organizations, those whose name is not the registry's for the domain, or, of a
registry without domains, in none of its names.

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
from newscards.rules.common import told_on_minority
from newscards.text import did_you_mean

_PATH = ("provider", "name")


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield the cards whose provider is called otherwise than by most, or by the registry."""
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
        yield from told_on_minority(names, "", lambda right: f"write `{right}`, or the other name there")


def _unknown(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield the cards whose provider is not among the names of a registry without domains."""
    for row in facts.rows:
        if row.provider and row.provider not in facts.organizations:
            near = did_you_mean(row.provider, facts.organizations)
            yield row, Problem(f"`{row.provider}` is not in the registry", _PATH, help=near)


RULE = Rule("NC612", "provider-name", Severity.WARNING, corpus=check)
