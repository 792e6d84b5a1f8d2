"""What commands print, with an index that is made, used and brought up to date, and without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card
from tests.support.indexes import fill

COMPUTED = "path,story,story_size,story_published,errors,warnings,related_count,age_days"
COMMANDS = [
    ["list", "--columns", COMPUTED, "--format", "json"],
    ["list", "--columns", COMPUTED, "--sort", "errors,-story_size,title", "--format", "tsv"],
    ["list", "--sort", "provider_name,-heat", "--format", "csv"],
    ["list", "--sort", "nosuch"],
    ["list", "--where", "errors > 0 or story_size > 1", "--format", "ids"],
    ["list", "--max-heat", "60", "--format", "paths"],
    ["list", "--type", "article", "--count"],
    ["list", "--type", "articel"],
    ["list", "--since", "today"],
    ["list", "--since", "2024", "--until", "today", "--format", "ids"],
    ["show", "https://www.tide.example/wells", "--format", "json"],
    ["show", "http://tide.example/wells?utm_source=x", "--format", "json"],
    ["show", "https://www.tide.example/nowhere"],
    ["why", "https://www.tide.example/wells"],
    ["stories", "--format", "json"],
]


@pytest.mark.parametrize("args", COMMANDS, ids=lambda args: " ".join(args[:3]))
@pytest.mark.usefixtures("kept_of_few_cards")
def test_an_index_changes_no_byte_of_what_is_printed(
    run: Run, make_corpus: MakeCorpus, args: list[str]
) -> None:
    folder = make_corpus({})
    fill(folder, plain=8)
    wells = card(title="Wells", webUrl='"https://www.tide.example/wells"', originalUrl=None, heat="-1")
    (folder / "wells.md").write_text(wells)
    for change in (None, ("wells.md", wells.replace("heat: -1", "heat: 61")), ("new.md", CARD)):
        if change:
            Path(change[0]).write_text(change[1])
        without = run(*args, "--no-cache")
        for _ in range(2):
            result = run(*args)
            assert (result.code, result.raw, result.err) == (without.code, without.raw, without.err)
