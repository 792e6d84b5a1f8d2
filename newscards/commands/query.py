"""``newscards query``: SQL over the cards."""

from __future__ import annotations

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    format_option,
    nul_option,
    paths_argument,
)


@click.command("query", context_settings=CONTEXT)
@click.argument("sql", metavar="SELECT", required=False, shell_complete=completed_by("select"))
@paths_argument
@format_option
@click.option("--schema", is_flag=True, help="Show the tables and their columns.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", default=30.0,
              show_default=True, help="End the query after so long.")  # fmt: skip
@nul_option
@common_options
def command(
    sql: str | None, paths: tuple[str, ...], form: str | None, schema: bool, timeout: float, nul: bool
) -> int:
    """Run a SELECT over the tables cards, topics, related, images, stories and findings.

    It is SQL as SQLite has it, over what the cards of PATHs say; it can read the tables and do nothing else.
    They are joined by `path`, the card's file, but stories by `story`. `has_topic('AI')` is true for a card
    of that topic, in any case. What a card lacks is NULL; booleans are 0 and 1; dates are text, as
    2023-06-20T15:44:00Z.

    \b
    Examples:
      newscards query --schema
      newscards query "SELECT provider_name, count(*) AS cards FROM cards
                       WHERE published GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
      newscards query "SELECT provider_name, count(*) FROM stories
                       WHERE first LIKE '2020-05%' GROUP BY 1 ORDER BY 2 DESC"
      newscards query "SELECT topic, avg(quality) FROM topics JOIN cards USING (path) GROUP BY 1"
      newscards query "SELECT id FROM cards WHERE errors > 0" --format ids | newscards show -
    """
    from newscards.commands.querying import run, show_schema

    if schema:
        return show_schema(form)
    if sql is None:
        raise click.UsageError("a SELECT is missing; `newscards query --schema` shows what can be asked for")
    return run(sql, paths, form, timeout=timeout, nul=nul)
