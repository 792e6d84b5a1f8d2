"""The front matter is not YAML.

Jekyll publishes such a page with no data, also when its flag says false (CARDS.md). The place is in
the first field that cannot be read by itself, not where libyaml gives up, which may be far below.

Fails: `title: Ports: a survey`. Passes: `title: "Ports: a survey"`.
Fix: mostly, double quotes around the value.
"""

from newscards.rules.rule import Rule, Severity, of_kind

RULE = Rule(
    "NC104",
    "yaml-syntax",
    Severity.ERROR,
    unreadable=of_kind(
        "syntax",
        advice="mostly, double quotes around the value mend it; until then the site publishes this page"
        " without its data",
    ),
)
