"""``newscards init``: a configuration that fits a corpus."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from newscards.commands.init import BASELINE
from newscards.edits import atomic
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card


def post(title: str, lines: str = "", body: str = "Text.\n") -> str:
    """Return a card of another make, of a title and more lines."""
    return f'---\ntitle: "{title}"\n{lines}---\n{body}'


def posts(count: int, lines: str = "") -> dict[str, str]:
    """Return posts by name, each with the lines, in which ``#`` is its number."""
    return {
        f"_posts/2024-03-{number:02}-tide.md": post(f"Tide {number}", lines.replace("#", str(number)))
        for number in range(1, count + 1)
    }


def written(folder: Path) -> dict[str, Any]:
    """Return what the file says that was written."""
    return tomllib.loads((folder / "newscards.toml").read_text(encoding="utf-8"))


def test_own_fields_are_declared_and_missing_ones_optional(make_corpus: MakeCorpus, run: Run) -> None:
    lines = "editor: mb\nviews: #\nscore: #.5\nseen: 2024-03-11\nfree: true\nlink: https://tide.example/#\n"
    lines += "tags: [sea]\nauthors: [Ann, Bo]\nseo:\n  a: 1\n"
    folder = make_corpus(posts(3, lines))
    result = run("init")
    config = written(folder)
    assert config["corpus"] == "_posts"
    assert config["ignore"] == ["text-in-body", "card-in-body"]
    assert {name: each.get("type") for name, each in config["fields"].items() if "type" in each} == {
        "editor": "text", "views": "integer", "score": "number", "seen": "date", "free": "boolean",
        "link": "url", "authors": "list", "seo": "mapping",
    }  # fmt: skip
    assert config["fields"]["authors"]["of"] == "text"
    assert config["fields"]["quality"] == {"required": False}
    assert "title" not in config["fields"]
    assert result.code == 0
    assert result.out == (folder / "newscards.toml").read_text(encoding="utf-8")
    assert "# in 3 of 3 cards\n[fields.editor]" in result.out
    assert "0 findings left with it in 3 cards; next: newscards validate\n" in result.err
    assert run("validate").code == 0
    assert run("set", "editor", "jh", "2024-03-01").code == 0
    assert (
        run("list", "--where", "views > 1", "--columns", "editor,views", "--format", "tsv").out.count("\n")
        == 2
    )
    assert "jh" in run("stats", "--by", "editor").out


def test_cards_with_all_that_is_built_in_need_no_field(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"site/_news/a.md": CARD, "site/_config.yml": "title: Tide\n"})
    result = run("init", "site")
    assert written(folder / "site") == {"corpus": "_news"}
    assert result.err.endswith("next: newscards validate --config site/newscards.toml\n")


def test_a_dry_run_writes_nothing(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(posts(2, "editor: mb\n"))
    before = sorted(folder.rglob("*"))
    result = run("init", "--dry-run", "--baseline")
    assert "[fields.editor]" in result.out
    assert "nothing was written; without --dry-run it would be newscards.toml" in result.err
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("existing", ["newscards.toml", "pyproject.toml", BASELINE])
def test_nothing_is_overwritten(make_corpus: MakeCorpus, run: Run, existing: str) -> None:
    folder = make_corpus({**posts(1), existing: "[tool.newscards]\n"})
    result = run("init", "--baseline")
    assert result.code == 2
    assert existing in result.err
    assert (folder / existing).read_text(encoding="utf-8") == "[tool.newscards]\n"
    assert result.out == ""


def test_a_link_to_nothing_is_not_overwritten_either(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(posts(1))
    os.symlink("nowhere.toml", folder / "newscards.toml")
    assert run("init").code == 2
    assert not (folder / "nowhere.toml").exists()


def test_a_pyproject_of_something_else_is_no_obstacle(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({**posts(1), "pyproject.toml": "[tool.black]\n"})
    assert run("init").code == 0
    assert written(folder)["corpus"] == "_posts"


def test_the_baseline_has_the_findings_that_are_left(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({**posts(3, "views: #\n"), "_posts/2024-03-09-x.md": post("X", "views: many\n")})
    result = run("init", "--baseline")
    assert f"1 finding left with it in 4 cards, which {BASELINE} has" in result.err
    assert written(folder)["baseline"] == BASELINE
    counts = json.loads((folder / BASELINE).read_text(encoding="utf-8"))["findings"]
    assert counts == {"_posts/2024-03-09-x.md": {"wrong-type": 1}}
    assert run("validate").code == 0
    assert run("validate", "--no-baseline").code == 1


def test_a_file_that_cannot_be_written_leaves_no_baseline(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(posts(2))

    def refuse(path: str, data: bytes) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(atomic, "write_file", refuse)
    result = run("init", "--baseline")
    assert result.code == 2
    assert "error: cannot write newscards.toml: Permission denied" in result.err
    assert sorted(os.listdir(folder)) == ["_posts"]


def test_a_rare_key_that_resembles_another_is_still_reported(make_corpus: MakeCorpus, run: Run) -> None:
    cards = {f"_news/2024-03-{number:02}-a.md": card(title=f"Tide {number}") for number in range(1, 21)}
    cards["_news/2024-03-21-b.md"] = card(title="Ebb", quality=None).replace("---\n", "---\nqualty: 3\n", 1)
    folder = make_corpus(cards)
    result = run("init")
    assert "# Probably misspelt: qualty (quality?)." in result.out
    assert "fields" not in written(folder)
    assert "NC303" in run("validate", "--format", "concise").out


def test_a_field_has_the_type_of_most_values(make_corpus: MakeCorpus, run: Run) -> None:
    cards = {
        **posts(5, "views: #\ntopics: sea\n"),
        "_posts/2024-03-09-x.md": post("X", "views: [1]\ntopics: 3\n"),
    }
    folder = make_corpus(cards)
    result = run("init")
    assert '# in 6 of 6 cards; 1 is a list\n[fields.views]\ntype = "integer"' in result.out
    assert written(folder)["fields"]["topics"] == {"type": "text"}
    assert "2 findings left" in result.err


def test_fields_within_a_built_in_mapping_are_declared(make_corpus: MakeCorpus, run: Run) -> None:
    provider = "\n  name: Tide\n  domain: tide.example\n  country: dk"
    folder = make_corpus({"_news/2023-06-20-a.md": card(provider=provider)})
    run("init")
    assert written(folder)["fields"] == {"provider.country": {"type": "text"}}
    assert run("validate", "--select", "NC3").code == 0


def test_categories_and_types_are_those_of_the_cards(make_corpus: MakeCorpus, run: Run) -> None:
    cards = {
        f"_news/2024-03-{number:02}-a.md": card(title=f"Tide {number}", category="sport", type="post")
        for number in range(1, 29)
    }
    cards["_news/2024-03-29-a.md"] = card(title="Ebb", category="sprot", type="video")
    folder = make_corpus(cards)
    run("init")
    assert written(folder)["categories"] == ["sport"]
    assert written(folder)["types"] == ["post", "video"]


def test_registries_of_the_site_are_named_where_they_can_be_read(make_corpus: MakeCorpus, run: Run) -> None:
    data = {"topics/oceans": "name: Oceans\n", "topics/ai": "name: AI\n", "organizations/tide": "name: [\n"}
    folder = make_corpus({"_news/a.md": CARD, **{f"_data/{name}.yaml": text for name, text in data.items()}})
    shown = run("config").out
    assert "# topics is not set" in shown
    assert '_data/topics exists; set topics = "_data/topics"' in shown
    result = run("init")
    assert '# The site\'s registry of topics: 2 names.\ntopics = "_data/topics"' in result.out
    assert '# organizations = "_data/organizations"' in result.out
    assert written(folder)["topics"] == "_data/topics"
    assert "exists; set topics" not in run("config").out


def test_a_registry_of_other_topics_is_a_comment(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"_news/a.md": CARD, "_data/topics.yml": "- Moon\n"})
    assert '# topics = "_data/topics.yml"' in run("init").out
    assert "topics" not in written(folder)


@pytest.mark.parametrize("key", ['"a\\nb"', '"a.b"', f'"{"k" * 300}"', '"[x]"', '"\\x7f"', '" "'])
def test_a_key_that_is_no_name_is_a_comment(make_corpus: MakeCorpus, run: Run, key: str) -> None:
    folder = make_corpus(posts(2, f"{key}: 1\n"))
    assert "# No names of fields: " in run("init").out
    assert all("required" in each for each in written(folder)["fields"].values())


@pytest.mark.parametrize("key", ["cover-image", "Zeit raum", "'a\"b'", "größe", '"a\\\\b"', '"#x"', "'1'"])
def test_an_odd_key_is_quoted(make_corpus: MakeCorpus, run: Run, key: str) -> None:
    folder = make_corpus(posts(2, f"{key}: sea\n"))
    assert run("init").code == 0
    assert [each for each in written(folder)["fields"].values() if each == {"type": "text"}]
    assert run("validate").code == 0


def test_thousands_of_keys_are_cut(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(posts(3, "".join(f"key{number}: 1\n" for number in range(1500))))
    result = run("init")
    assert "more keys, each in at most 3 cards." in result.out
    assert "keys were not counted any more." in result.out
    assert len([each for each in written(folder)["fields"].values() if "type" in each]) == 200


def test_files_that_are_no_cards_are_counted(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({**posts(2), "_posts/README.md": "Text.\n"})
    assert "found in 2 cards; 1 file could not be read." in run("init").out


@pytest.mark.parametrize("files", [{}, {"README.md": "Text.\n"}, {"a.md": "+++\ntitle = 1\n+++\n"}])
def test_a_folder_without_a_card_is_an_error(
    make_corpus: MakeCorpus, run: Run, files: dict[str, str]
) -> None:
    folder = make_corpus(files)
    result = run("init")
    assert result.code == 2
    assert "hint: " in result.err
    assert sorted(os.listdir(folder)) == sorted(files)


def test_a_folder_whose_name_is_not_utf8_cannot_be_named(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({".git/HEAD": "", "a\udcff/x.md": post("X")})
    result = run("init", "a\udcff")
    assert result.code == 2
    assert "rename the folder" in result.err


def test_an_option_that_contradicts_init_is_an_error(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(posts(1))
    assert "--config does not go with init" in run("init", "--config", "x.toml").err
    assert "one --corpus" in run("init", "--corpus", "a", "--corpus", "b").err
    result = run("init", "--corpus", "_posts")
    assert (result.code, written(Path())["corpus"]) == (0, "_posts")


def test_keys_that_each_card_makes_up_are_no_fields(make_corpus: MakeCorpus, run: Run) -> None:
    cards = {
        f"_posts/2024-03-01-{number}.md": post(f"Tide {number}", f"editor: mb\nmade{number}up: 1\n")
        for number in range(300)
    }
    folder = make_corpus(cards)
    result = run("init", "--dry-run")
    declared = [each for each in tomllib.loads(result.out)["fields"].values() if "type" in each]
    assert declared == [{"type": "text"}]
    assert "# 300 more keys, each in at most 1 card." in result.out
    assert not (folder / "newscards.toml").exists()


def test_fields_are_required_as_the_proposed_types_require_them(make_corpus: MakeCorpus, run: Run) -> None:
    """A card of a type that is not listed is excused from ``webUrl`` by its ``originalUrl``."""
    without_url = card(type="podcast", webUrl=None, originalUrl="https://a.example/x")
    cards = {
        f"_news/2024-03-{number:02}-a.md": without_url.replace("\ntitle: ", f"\ntitle: {number} ", 1)
        for number in range(1, 5)
    }
    folder = make_corpus(cards)
    run("init")
    assert written(folder)["types"] == ["podcast"]
    assert written(folder)["fields"]["webUrl"] == {"required": False}
    assert "NC301" not in run("validate", "--format", "concise").out


def test_a_field_that_cards_of_one_proposed_type_lack_is_optional(make_corpus: MakeCorpus, run: Run) -> None:
    cards = {f"_news/2024-03-{number:02}-a.md": card(title=f"Tide {number}") for number in range(1, 29)}
    cards["_news/2024-03-29-b.md"] = card(type="podcast", webUrl=None)
    folder = make_corpus(cards)
    run("init")
    assert written(folder)["types"] == ["article", "podcast"]
    assert written(folder)["fields"]["webUrl"] == {"required": False}
    assert "NC301" not in run("validate", "--format", "concise").out
