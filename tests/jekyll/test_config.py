"""The settings of ``_config.yml``, as far as they are used without a card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newscards.jekyll.config import SiteConfig


@pytest.mark.parametrize(
    ("pattern", "may_match"),
    [("*", True), ("_n*/*.md", True), ("_news/a*", True), ("_[mn]ews/*", True), ("content/_news/*", False),
     ("_newsletters/*", False), ("api/*/*", False), ("./_news/*", False)],
)  # fmt: skip
def test_a_pattern_matters_where_its_beginning_may_be_that_of_a_card(pattern: str, may_match: bool) -> None:
    config = SiteConfig("f", "/site", "/site", defaults=({"scope": {"path": pattern}},), label="news")
    assert config.has_patterns == may_match
    below = replace(config, folder="/site/content", defaults=({"scope": {"path": f"content/{pattern}"}},))
    assert below.has_patterns == may_match
