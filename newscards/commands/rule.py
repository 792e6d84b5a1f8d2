"""``newscards rule``: the documentation of the rules."""

from __future__ import annotations

import click

from newscards.commands.shared.options import CONTEXT, common_options, completed_by
from newscards.output.ui import current


@click.command("rule", context_settings=CONTEXT)
@click.argument("name", metavar="[RULE]", required=False, shell_complete=completed_by("rule"))
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="The output format.")  # fmt: skip
@common_options
def command(name: str | None, output_format: str) -> int:
    """Explain a rule: what it finds and why, with examples and the fix. Without RULE, list all rules.

    RULE is a code or a name. A family, as `NC2`, lists its rules.

    \b
    Examples:
      newscards rule
      newscards rule published-not-boolean
      newscards rule NC2
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.lint.ruleset import specificity
    from newscards.query.linters import own_rules
    from newscards.rules.selection import check_selector, known_rules

    settings = current_workspace().settings_for(())
    known = known_rules(settings)
    own_rules(settings, known)  # raises for wrong SQL
    if name is not None:
        check_selector(name, known)
    rules = [rule for rule in known if name is None or specificity(name, rule)]
    ui = current()
    if output_format == "json":
        from newscards.text import json_text

        ui.write(json_text([rule.as_json() for rule in rules], indent=1) + "\n")
        return 0
    from newscards.output.pager import paged
    from newscards.output.terminal.rule import print_rule, print_rules

    with paged(ui):
        console = ui.console()
        if name is not None and len(rules) == 1:
            print_rule(console, rules[0])
        else:
            print_rules(console, rules)
    return 0
