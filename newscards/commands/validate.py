"""``newscards validate``: check cards."""

from __future__ import annotations

import click

from newscards.commands.options import CONTEXT, common_options, nul_option, paths_argument

FORMATS = ["text", "concise", "json", "jsonl"]


@click.command("validate", context_settings=CONTEXT)
@paths_argument
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="How to tell what was found; concise is one line each.")  # fmt: skip
@click.option("--select", metavar="RULES", multiple=True,
              help="Only these rules: codes, families (NC2), names; by commas.")  # fmt: skip
@click.option("--ignore", metavar="RULES", multiple=True, help="Not these rules.")
@click.option("--statistics", is_flag=True, help="Only count the findings of each rule.")
@click.option("--strict", is_flag=True, help="Exit 1 on a warning too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@nul_option
@common_options
def command(
    paths: tuple[str, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    statistics: bool,
    strict: bool,
    exit_zero: bool,
    nul: bool,
) -> int:
    """Check cards, and tell what is wrong, where, and what to do.

    PATH is a file or a folder, `-` reads PATHs from standard input. The exit code is 1 where there is
    an error, 0 where there are warnings alone, 2 where a PATH does not exist or holds no card. Rules that
    compare cards look at the whole corpus, also where only some PATHs are reported on.

    \b
    Examples:
      newscards validate
      newscards validate --select NC2 --format concise
      newscards validate site/_news --format json > findings.json
      git diff --name-only --diff-filter=d --relative -z main -- '_news/*.md' \\
          | newscards validate -0 -
    """
    from newscards.commands import checking
    from newscards.rules.rule import Severity

    report = checking.check(paths, _words(select), _words(ignore), nul=nul)
    checking.write(report, form, statistics=statistics)
    failed = bool(report.findings) if strict else report.count(Severity.ERROR)
    return 1 if failed and not exit_zero else 0


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of an option that takes several by commas, and may be repeated."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())
