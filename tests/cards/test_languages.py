from __future__ import annotations

import os

import pytest

from newscards.cards.languages import is_language, languages_of, split_language


@pytest.mark.parametrize("text", ["no", "EN", "pt-br", "zh_CN", "es-419", "zh-Hant", "zu"])
def test_a_code_of_iso_639_is_a_language_with_a_region_too(text: str) -> None:
    assert is_language(text)


@pytest.mark.parametrize("text", ["", "js", "md", "xx", "eng", "en-", "en-gbx", "en-gb-x", "nо", "2023", "e"])
def test_no_other_text_is_a_language(text: str) -> None:
    assert not is_language(text)


@pytest.mark.parametrize(
    ("stem", "parts"),
    [
        ("index.no", ("index", "no")),
        ("2023-06-20-x.pt-br", ("2023-06-20-x", "pt-br")),
        ("a.b.de", ("a.b", "de")),
        ("2023-06-20-node.js", ("2023-06-20-node.js", "")),
        ("no", ("no", "")),
        (".no", (".no", "")),
    ],
)
def test_a_language_stands_behind_the_last_dot_of_a_name(stem: str, parts: tuple[str, str]) -> None:
    assert split_language(stem) == parts


def test_folders_and_the_name_say_the_language() -> None:
    assert languages_of(os.path.join("content", "zh_CN", "posts", "x.md")) == ("zh-cn",)
    assert languages_of(os.path.join("de", "x.en.md")) == ("de", "en")
    assert languages_of("no.md") == languages_of(os.path.join("news", "x.md")) == ()
