"""``newscards validate``: check cards."""

from __future__ import annotations

import click

from newscards.commands.options import CONTEXT, common_options, nul_option, open_paths, paths_argument
from newscards.ui import current


@click.command("validate", context_settings=CONTEXT)
@paths_argument
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How to tell what was found.")  # fmt: skip
@nul_option
@common_options
def command(paths: tuple[str, ...], form: str, nul: bool) -> int:
    """Check cards, and tell what is wrong, where, and what to do.

    PATH is a file or a folder, `-` reads PATHs from standard input. The exit code is 1 where there is
    an error, 0 where there are warnings alone, 2 where a PATH does not exist or holds no card.

    \b
    Examples:
      newscards validate
      newscards validate site/_news --format json > findings.json
      git diff --name-only --diff-filter=d --relative -z main -- _news | newscards validate -0 -
    """
    from newscards.lint import Report, lint_card
    from newscards.rules.rule import Severity

    ui, report = current(), Report()
    for path in ui.track(open_paths(paths, nul=nul).paths, "Checking cards"):
        report.add(lint_card(path))
    if form == "json":
        from newscards.reports import json_report

        ui.write(json_report.render(report) + "\n")
    else:
        from newscards.render.diagnostics import print_report

        print_report(ui.console(), report)
    return 1 if report.count(Severity.ERROR) else 0
