from __future__ import annotations

from pathlib import Path

import pytest

from newscards.cards.card import card_id, is_bundle


@pytest.mark.parametrize(
    ("path", "identifier"),
    [
        ("links/2024/gauges/index.md", "gauges"),
        ("gauges/_index.md", "gauges"),
        ("gauges/index.no.md", "gauges.no"),
        ("gauges/index.pt-br.markdown", "gauges.pt-br"),
        ("2023-06-20-gauges.v2/index.md", "2023-06-20-gauges.v2"),
    ],
)
def test_the_id_of_a_page_bundle_is_its_folders_name(path: str, identifier: str) -> None:
    assert card_id(path) == identifier
    assert is_bundle(path)


@pytest.mark.parametrize(
    ("path", "identifier"),
    [
        ("_news/index.md", "index"),
        ("_news/2023-06-20-index.md", "2023-06-20-index"),
        ("gauges/index.js.md", "index.js"),
        ("gauges/reindex.md", "reindex"),
        ("gauges/2023-06-20-wells.no.md", "2023-06-20-wells.no"),
    ],
)
def test_the_id_of_any_other_card_is_its_files_name(path: str, identifier: str) -> None:
    assert card_id(path) == identifier
    assert not is_bundle(path)


def test_the_folder_of_a_bundle_need_not_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gauges").mkdir()
    monkeypatch.chdir(tmp_path / "gauges")
    assert card_id("index.md") == card_id("./index.md") == "gauges"
