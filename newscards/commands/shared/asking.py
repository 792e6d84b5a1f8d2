"""Before cards that options chose are written: the plan is shown, and a question asked."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import click

from newscards.commands.shared.edit_output import Results
from newscards.commands.shared.wording import COLORS, summary
from newscards.edits.journal import Record
from newscards.output.ui import Ui
from newscards.text import counted

_SAMPLE = 5
"""How many cards the plan shows before it asks."""


class Survey:
    """A plan, as it is shown on standard error: how many of how many, the first cards, and all diffs.

    ``becoming`` has, by its file, the digest of what each card that would change is to become.
    """

    def __init__(self, ui: Ui, *, diffs: bool) -> None:
        self._ui, self._diffs = ui, diffs
        self._sample: list[str] = []
        self.becoming: dict[str, str] = {}

    def add(self, told: Mapping[str, Any], record: Record, diff: Iterable[str]) -> None:
        """Take a card that would change; its diff is shown at once."""
        self.becoming[record.path] = record.after
        if len(self._sample) < _SAMPLE:
            self._sample.append(summary(told, shutil.get_terminal_size().columns - 2))
        for line in diff:
            self._echo(click.style(line, fg=COLORS.get(line[:1])), nl=False)

    def show(self, chosen: int, of: int, results: Results) -> None:
        """Show the plan of the cards that were chosen, of so many."""
        changes = f"{len(self.becoming):,} would change, {results.rest}"
        self._echo(f"{chosen:,} of {counted(of, 'card')} chosen: {changes}")
        for line in self._sample:
            self._echo(f"  {line}")
        if len(self.becoming) > len(self._sample):
            more = "" if self._diffs else "; --diff shows them all"
            self._echo(f"  and {len(self.becoming) - len(self._sample):,} more{more}")

    def _echo(self, text: str, *, nl: bool = True) -> None:
        click.echo(text, err=True, nl=nl, color=self._ui.colored(sys.stderr))


def confirm(ui: Ui, cards: int) -> bool:
    """Ask whether to write so many cards; raises ``click.Abort`` at Ctrl-C and at the end of the input."""
    try:
        if click.confirm(f"Write {counted(cards, 'card')}?", err=True):
            return True
    except click.Abort:
        click.echo(err=True)  # the cursor stands behind the question
        ui.notice("nothing was written")
        raise
    ui.notice("nothing was written")
    return False
