"""Linters for one purpose: that of ``review``, which compares a card with the others of its story."""

from __future__ import annotations

import json

from newscards.corpus.settings import Settings
from newscards.query.linters import StoryLinter
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import story


def test_each_card_of_a_story_has_what_all_have_together(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(story(published="true"))
    linter, hashes = StoryLinter(Settings()), {"gauges.md": "1", "north.md": "2"}
    for path in hashes:
        alone = json.loads(run("validate", path, "--format", "json").out)["findings"]
        assert "NC609" in {each["code"] for each in alone}
        found = [(each.rule.code, each.path, each.message) for each in linter.findings(path, hashes)]
        assert found == [(each["code"], each["path"], each["message"]) for each in alone]
