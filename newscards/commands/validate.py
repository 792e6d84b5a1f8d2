"""``newscards validate``: check cards."""

from __future__ import annotations

from functools import partial

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    nul_option,
    paths_argument,
)
from newscards.output.reports.formats import COUNTING, FORMATS


@click.command("validate", context_settings=CONTEXT)
@paths_argument
@click.option("--format", "name", type=click.Choice([*FORMATS]), default="text", show_default=True,
              help="How to tell what was found; concise is one line each.")  # fmt: skip
@click.option("--output", "outputs", metavar="FORMAT:FILE", multiple=True,
              help="Write all that was found into FILE too, in one of these formats.")  # fmt: skip
@click.option("--select", metavar="RULES", multiple=True, shell_complete=completed_by("rules"),
              help="Only these rules: codes, families (NC2), names; by commas.")  # fmt: skip
@click.option("--ignore", metavar="RULES", multiple=True, shell_complete=completed_by("rules"),
              help="Not these rules.")  # fmt: skip
@click.option("--changed-since", "since", metavar="REV",
              help="Only cards that changed since this git revision, as a pull request sees it.")  # fmt: skip
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, in place.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True,
              help="Mend also what changes what a card means, or what the site shows.")  # fmt: skip
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--baseline", metavar="FILE", help="Leave out what the baseline in FILE knows.")
@click.option("--write-baseline", "new_baseline", metavar="FILE",
              help="Write what is found into FILE, as a baseline, and exit 0.")  # fmt: skip
@click.option("--statistics", is_flag=True, help="Only count the findings of each rule.")
@click.option("--strict", is_flag=True, help="Exit 1 on a warning too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@nul_option
@common_options
def command(
    paths: tuple[str, ...],
    name: str,
    outputs: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    since: str | None,
    fix: bool,
    unsafe: bool,
    diff: bool,
    baseline: str | None,
    new_baseline: str | None,
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
      newscards validate --format github --output sarif:news.sarif
      newscards validate --changed-since origin/main
      newscards validate --fix --diff
      newscards validate --write-baseline .newscards-baseline.json
    """
    from newscards.commands import reporting
    from newscards.commands.shared.findings import kept_report
    from newscards.lint.findings import Report
    from newscards.output.reports.output_files import parse_outputs

    if statistics and name not in COUNTING:
        raise click.UsageError(f"--statistics goes with {', '.join(COUNTING)}, not with {name}")
    files = parse_outputs(outputs)
    selected, ignored = _words(select), _words(ignore)
    known = reporting.known(baseline)
    mends = diff or fix or unsafe
    is_all = not (known or new_baseline) and since is None
    form = reporting.form(name, files, statistics=statistics) if is_all else None
    found = None if mends else kept_report(paths, selected, ignored, form, since)
    unwritten = 0
    linter = None
    if found is None:
        from newscards.commands import mending
        from newscards.commands.shared import linting

        look = partial(linting.look, paths, selected, ignored, nul=nul, since=since)
        if diff:
            changes = mending.show(look(), unsafe=unsafe)
            return 1 if changes and not exit_zero else 0
        if mends:
            linter, found, unwritten = mending.mend(look, unsafe=unsafe)
        else:
            linter = look()
            found = linter.report()
    if isinstance(found, Report) and (known or new_baseline):
        from newscards.commands.shared.linting import linter_for

        rules = {rule.name for rule in (linter or linter_for(paths, selected, ignored)).rules.severities}
        if new_baseline:
            return reporting.keep(found, new_baseline, rules) or bool(unwritten)
        found = reporting.without_known(found, known, rules)
    reporting.write(found, name, files, statistics=statistics)
    failed = found.summary.findings if strict else found.summary.errors
    return 1 if (failed and not exit_zero) or unwritten else 0


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of an option that takes several by commas, and may be repeated."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())
