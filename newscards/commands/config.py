"""``newscards config``: the configuration in use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click

from newscards.commands.shared.options import CONTEXT, common_options
from newscards.output.ui import Ui, current


@click.command("config", context_settings=CONTEXT)
@click.option("--format", "output_format", type=click.Choice(["toml", "json"]), default="toml",
              show_default=True, help="The output format.")  # fmt: skip
@common_options
def command(output_format: str) -> int:
    """Show the configuration in use, and where each value comes from.

    The configuration file is the nearest `newscards.toml`, or `pyproject.toml` with a table
    [tool.newscards], in the folder of the corpus, the current folder, or a folder above. The output can
    be used as a `newscards.toml`.

    \b
    Examples:
      newscards config
      newscards config --corpus site > newscards.toml
    """
    from newscards.text import harmless, json_text

    ui = current()
    values = list(_values(ui))
    if output_format == "json":
        listed = [{"key": key, "value": value, "from": source} for key, value, source in values]
        ui.write(json_text(listed, indent=1) + "\n")
        return 0
    lines = [f"# {key} is not set" if value is None else f"{key} = {toml(value)}" for key, value, _ in values]
    width = min(max(map(len, lines)), 50)
    for line, (_, _, source) in zip(lines, values, strict=True):
        ui.write(harmless(f"{line:{width}}  # {source}\n"))
    return 0


def _values(ui: Ui) -> Iterator[tuple[str, Any, str]]:
    """Yield each key of the configuration, its value, and where the value comes from."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.settings import KEYS
    from newscards.query.linters import make_linter
    from newscards.text import path_text

    settings = current_workspace().settings_for(())
    make_linter(settings)  # raises for an unknown rule
    environment = os.environ.get("NEWSCARDS_CORPUS")
    for key in KEYS:
        value, source = settings.given.get(key.name, key.default), "default"
        if key.name in settings.given:
            source = path_text(settings.file)
        if key.name == "limits":
            value = settings.limits._asdict()
        if key.name == "corpus" and ui.corpora:
            value, source = ui.corpora, "--corpus"
        elif key.name == "corpus" and environment:
            value, source = environment, "$NEWSCARDS_CORPUS"
        registry = getattr(settings, key.attribute) if key.name in ("topics", "organizations") else None
        yield key.name, value, f"{source}, {len(registry.names)} names" if registry else source


def toml(value: Any) -> str:
    """Return a value as TOML. Strings, numbers and lists are written as in JSON."""
    from newscards.text import json_text

    if isinstance(value, dict):
        pairs = [f"{json_text(key)} = {toml(inner)}" for key, inner in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    return json_text(value)
