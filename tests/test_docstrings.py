"""Docstrings: the same ones where Python leaves them out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support import ROOT

PRINT = """
import contextlib, io, sys
from newscards.cli import COMMANDS, cli, main
import click

def names(group, before=()):
    for name in group.list_commands(None):
        yield (*before, name)
        command = group.get_command(None, name)
        if isinstance(command, click.Group):
            yield from names(command, (*before, name))

main(["--help"])
main(["help"])
for words in names(cli):
    main([*words, "--help"])
    main(["help", *words])
main(["rule"])
main(["rule", "NC203"])
main(["rule", "--format", "json"])
main(["validate", "sample_data", "--format", "sarif"])
main(["validate", "sample_data", "--format", "sarif", "--no-cache"])
"""


@pytest.mark.parametrize("options", [["-O"], ["-OO"]], ids=str)
def test_help_and_rules_need_no_docstrings(options: list[str]) -> None:
    results = []
    for more in ([], options):
        command = [sys.executable, *more, "-c", PRINT]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONOPTIMIZE"}
        results.append(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True))
    assert results[1].stdout == results[0].stdout
    assert results[1].stderr == results[0].stderr == b""
    assert b"Fails:" in results[0].stdout


def test_what_has_no_source_has_no_docstring() -> None:
    code = (
        "import sys, types; from newscards.docstrings import docstring_of;"
        "made = sys.modules['made'] = types.ModuleType('made'); sys.exit(bool(docstring_of(made)))"
    )
    subprocess.run([sys.executable, "-OO", "-c", code], cwd=ROOT, check=True)
