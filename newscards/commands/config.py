"""``newscards config``: the configuration in use."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from newscards.commands.shared.options import CONTEXT, common_options
from newscards.output.ui import Ui, current

if TYPE_CHECKING:
    from newscards.corpus.settings import Settings


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
    from newscards.output.terminal.page import plain_width
    from newscards.text import harmless, json_text, toml_text

    ui = current()
    values = list(_values(ui))
    if output_format == "json":
        listed = [{"key": key, "value": value, "from": source} for key, value, source in values]
        ui.write(json_text(listed, indent=1) + "\n")
        return 0
    tables = [each for each in values if _is_of_tables(each[1])]
    plain = [each for each in values if each not in tables]
    lines = [
        f"# {key} is not set" if value is None else f"{key} = {toml_text(value)}" for key, value, _ in plain
    ]
    width = max((len(line) for line in lines if len(line) <= _MAX_WIDTH), default=0)
    room = plain_width(is_terminal=True) - width - len("  # ")
    for line, (_, _, source) in zip(lines, plain, strict=True):
        fits = len(line) <= width and (len(source) <= room or not sys.stdout.isatty())
        ui.write(harmless(f"{line:{width}}  # {source}\n" if fits else f"# {source}\n{line}\n"))
    for key, value, source in tables:
        for name, table in value.items():
            pairs = "".join(f"{_key(inner)} = {_text(held)}\n" for inner, held in table.items())
            ui.write(harmless(f"\n[{key}.{_key(name)}]  # {source}\n{pairs}"))
    return 0


_MAX_WIDTH = 36
"""The length of the longest line whose comment stands behind it; that of a longer one stands above."""


def _is_of_tables(value: Any) -> bool:
    """Return whether a value has a header for each table in it, which TOML wants behind all other keys."""
    return isinstance(value, dict) and bool(value) and all(isinstance(each, dict) for each in value.values())


def _key(name: str) -> str:
    """Return a key as TOML, without quotes if possible."""
    from newscards.text import json_text

    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else json_text(name)


def _text(value: Any) -> str:
    """Return a value as TOML: a text of several lines, such as SQL, as lines if that is possible."""
    from newscards.text import toml_text

    if isinstance(value, str) and "\n" in value and "'''" not in value and not value.endswith("'"):
        lines = value.split("\n")
        if all(line.isprintable() for line in lines):
            return "'''\n" + value + "'''"
    return toml_text(value)


def _values(ui: Ui) -> Iterator[tuple[str, Any, str]]:
    """Yield each key of the configuration, its value, and where the value comes from."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.registry import REGISTRY_KEYS
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
        elif key.name == "corpus" and not settings.corpus:
            (value,) = current_workspace().corpus_folders(settings)
            source = source if value == os.curdir else "the site around"
        registry = getattr(settings, key.attribute) if key.name in REGISTRY_KEYS else None
        if key.name in REGISTRY_KEYS and key.name not in settings.given:
            source = _unused_registry(settings, key.name) or source
        yield key.name, value, f"{source}, {len(registry.names)} names" if registry else source


def _unused_registry(settings: Settings, key: str) -> str:
    """Return a sentence about a registry that lies beside a corpus, and is not used; empty without one."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.registry import registry_around
    from newscards.text import path_text, toml_text

    for folder in current_workspace().corpus_folders(settings):
        if path := registry_around(folder, key):
            value = toml_text(path_text(settings.relative(path)))
            return f"{path_text(os.path.relpath(path))} exists; set {key} = {value}"
    return ""
