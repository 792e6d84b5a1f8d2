"""The configuration: found, read, and everything wrong in it told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscards.corpus.registry import Registry
from newscards.corpus.settings import KEYS, Settings, load_settings
from newscards.errors import NewscardsError
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card


def settings_of(text: str, folder: Path) -> Settings:
    (folder / "newscards.toml").write_text(text, encoding="utf-8")
    return load_settings(str(folder))


def test_without_a_configuration_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(str(tmp_path)) == Settings()


def test_the_nearest_file_upward_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "newscards.toml").write_text('select = ["NC1"]')
    assert load_settings(str(inner)).select == ("NC1",)
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.newscards]\nselect = ["NC2"]')
    assert load_settings(str(inner)).select == ("NC2",)
    (tmp_path / "a" / "newscards.toml").write_text('select = ["NC3"]')
    assert load_settings(str(inner)).select == ("NC3",)


@pytest.mark.parametrize("text", ["", "[tool.ruff]\nselect = 5\n", "[tool]\n", "tool = 5\n"])
def test_a_pyproject_that_says_nothing_of_newscards_is_passed_by(text: str, tmp_path: Path) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "pyproject.toml").write_text(text)
    (tmp_path / "newscards.toml").write_text('select = ["NC1"]')
    assert load_settings(str(inner)).select == ("NC1",)


def test_paths_are_relative_to_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    read = settings_of('corpus = ["site", "/"]', tmp_path)
    assert read.corpus == (str(tmp_path / "site"), "/")
    assert settings_of('corpus = "."', tmp_path).corpus == (str(tmp_path),)


def test_all_keys_are_read(tmp_path: Path) -> None:
    read = settings_of(
        'endings = [".md", ".txt"]\nselect = ["NC1"]\nignore = ["NC101"]\n'
        'categories = ["news", "sport"]\n'
        'types = ["article"]\ntopics = ["AI"]\n'
        '[per-file-ignores]\n"a*" = ["NC5"]\n[severities]\nNC6 = "error"\n'
        '[organizations]\n"Tide.example" = "Tide"\n[limits]\nbytes = 5000\n',
        tmp_path,
    )
    assert (read.endings, read.select, read.ignore) == ((".md", ".txt"), ("NC1",), ("NC101",))
    assert (read.categories, read.types) == (("news", "sport"), ("article",))
    assert (read.per_file_ignores, read.severities) == ({"a*": ("NC5",)}, {"NC6": "error"})
    assert read.topics == Registry(("AI",))
    assert read.organizations == Registry(("Tide",), {"tide.example": "Tide"})
    assert read.limits == (5000, 64, 100_000)
    assert {key.attribute for key in KEYS} == {*Settings._fields} - {"file", "text", "given"}


@pytest.mark.parametrize(
    ("text", "told", "hint"),
    [
        ('selct = ["NC1"]', "unknown key `selct`", "did you mean `select`?"),
        ("zzz = 1", "unknown key `zzz`", "one of: corpus, endings"),
        ('select = "NC1"', "`select` must be a list of texts", ""),
        ("select = [1]", "`select` must be a list of texts", ""),
        ('corpus = "sit"', "`corpus`: no such file or folder: ", ""),
        ("[tool.newscards]", "unknown key `tool`", "without the header"),
        ('[severities]\nignore = ["NC1"]', "(`ignore` is neither)", ""),
        ("corpus = 5", "`corpus` must be a path, or a list of paths", ""),
        ('endings = ["md"]', "`endings` must be a list of endings", ""),
        ("endings = []", "`endings` must be a list of endings", ""),
        ("[per-file-ignores]\na = 5", "`per-file-ignores` must be a table", ""),
        ("per-file-ignores = 5", "`per-file-ignores` must be a table", ""),
        ('[severities]\nNC1 = "fatal"', "`severities` must be a table", ""),
        ("[limits]\nbyts = 5", "(did you mean `bytes`?)", ""),
        ("[limits]\nbytes = 0", "`bytes` is from 1", ""),
        ("[limits]\nbytes = true", "`bytes` is from 1", ""),
        ("[limits]\ndepth = 1000000", "`depth` is from 1 to 500", ""),
        ("categories = []", "`categories` must be a list of texts that is not empty", ""),
        ("limits = 5", "`limits` must be a table", ""),
        ("topics = 5", "`topics` must be a list of names, or the path", ""),
        ('topics = "gone"', "`topics`: there is no file at", ""),
        ("[organizations]\na = 5", "`organizations` must be a list of names", ""),
        ("select = [", ":1:11: not TOML: a value is missing here", "as in editor"),
        ('select = [""]\nignore = = 5', ":2:10: not TOML: this `=` is one too many", ""),
        ('\n corpus = "é\udcff"', ":2:13: not UTF-8", ""),
    ],
)
def test_what_is_wrong_is_told_with_the_file_and_what_was_expected(
    text: str, told: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "newscards.toml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(NewscardsError) as caught:
        load_settings(str(tmp_path))
    assert "newscards.toml" in str(caught.value)
    assert told in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('\n  selct = ["NC1"]', 2, 3),
        ('select = "NC1"', 1, 10),
        ('select = [\n  "NC1",\n  5,\n]', 3, 3),
        ('corpus = "gone"', 1, 10),
        ('endings = [".md", "md"]', 1, 19),
        ('[severities]\nNC1 = "error"\nNC2 = "fatal"', 3, 7),
        ('[per-file-ignores]\n"a b" = ["NC1", 5]', 2, 17),
        ("[limits]\nbytes = 9\ndepth = 0", 3, 9),
        ("limits = { bytes = 9, depth = 0 }", 1, 31),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_column(
    text: str, line: int, column: int, tmp_path: Path
) -> None:
    file = tmp_path / "newscards.toml"
    shared = tmp_path / "shared" / "pyproject.toml"
    shared.parent.mkdir()
    file.write_text(text)
    with pytest.raises(NewscardsError) as caught:
        load_settings(str(tmp_path))
    assert str(caught.value).startswith(f"{file}:{line}:{column}: ")
    shared.write_text("[tool.newscards]\n" + text.replace("[", "[tool.newscards.", text.startswith("[")))
    with pytest.raises(NewscardsError) as caught:
        load_settings(str(shared.parent))
    assert str(caught.value).startswith(f"{shared}:{line + 1}:{column}: ")


def test_a_selector_of_the_configuration_that_selects_no_rule_is_told_with_its_place(
    make_corpus: MakeCorpus, run: Run
) -> None:
    for text, place in (
        ('select = ["NC1", "no"]', "1:18"),
        ('ignore = ["no"]', "1:11"),
        ('[per-file-ignores]\n"*" = ["no"]', "2:8"),
    ):
        make_corpus({"a.md": CARD, "newscards.toml": text})
        assert run("validate").err.startswith(f"error: newscards.toml:{place}: ")


def test_a_bad_configuration_is_exit_2_for_every_command(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD, "newscards.toml": "selct = []"})
    for command in (["validate"], ["list"], ["show", "a"], ["set-published", "false", "a"], ["config"]):
        result = run(*command)
        assert (result.code, result.out) == (2, "")
        assert result.err == "error: newscards.toml:1:1: unknown key `selct`\nhint: did you mean `select`?\n"


def test_a_rule_that_is_not_known_is_exit_2(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD, "newscards.toml": '[severities]\n"duplicate-titel" = "error"'})
    result = run("validate")
    assert result.code == 2
    assert result.err == (
        "error: newscards.toml:2:1: `severities`: no rule is called `duplicate-titel`\n"
        "hint: did you mean `duplicate-title` or `duplicate-id` or `duplicate-url`?\n"
    )


def test_config_names_a_file_that_is_taken_whatever_else_there_is(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(heat="1"), "newscards.toml": "", "other.toml": 'ignore = ["NC4"]'})
    assert "NC411" in run("validate").out
    assert "all fine" in run("validate", "--config", "other.toml").out
    assert "all fine" in run("--config", "other.toml", "validate").out


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gone.toml", "cannot read the configuration gone.toml"),
        ("pyproject.toml", "has no table `[tool.newscards]`"),
    ],
)
def test_a_configuration_that_is_named_must_be_there(
    name: str, told: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": CARD, "pyproject.toml": ""})
    result = run("validate", "--config", name)
    assert result.code == 2
    assert told in result.err


def test_the_corpus_of_the_configuration_is_taken_where_no_other_is_named(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus(
        {"newscards.toml": 'corpus = "a"', "a/1.md": CARD, "b/2.md": CARD, "c/3.md": CARD, "d/4.md": CARD}
    )
    assert run("list", "--format", "ids").out == "1\n"
    monkeypatch.setenv("NEWSCARDS_CORPUS", "b")
    assert run("list", "--format", "ids").out == "2\n"
    assert run("list", "--corpus", "c", "--format", "ids").out == "3\n"
    assert run("list", "--corpus", "c", "d", "--format", "ids").out == "4\n"


def test_the_configuration_is_searched_from_the_first_path_upward(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        {"a/newscards.toml": 'ignore = ["NC4"]', "a/_news/1.md": card(heat="1"), "b/2.md": card(heat="1")}
    )
    assert "NC411" not in run("validate", "a").out
    assert "NC411" not in run("validate", "a/_news/1.md").out
    assert "NC411" not in run("validate", "--corpus", "a").out
    assert "NC411" in run("validate", "b").out


def test_endings_and_limits_hold_for_every_command(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        {"newscards.toml": 'endings = [".card"]\n[limits]\nbytes = 300', "a.card": CARD, "b.md": CARD}
    )
    result = run("list", "--format", "ids")
    assert (result.code, result.out) == (1, "")
    assert "the front matter is longer than 300 bytes" in result.err
    assert "NC106" in run("validate").out
    assert run("set-published", "false", "a.card").code == 1
    make_corpus({"newscards.toml": 'endings = [".card"]\n[limits]\nbytes = 900'})
    assert run("list", "--format", "ids").out == "a\n"
    assert run("set-published", "false", "a").code == 0


def test_per_file_ignores_are_about_paths_from_the_file_s_folder(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hot = card(heat="1")
    folder = make_corpus({
        "newscards.toml": '[per-file-ignores]\n"old/*" = ["NC4"]\n"b*.md" = ["heat-below-quality"]',
        "old/1.md": hot, "old/deep/2.md": hot, "new/b.md": hot, "new/a.md": hot,
    })  # fmt: skip
    args = ("validate", "--select", "NC411", "--format", "concise", "-q")
    assert [line.split(":")[0] for line in run(*args).out.splitlines()] == ["new/a.md"]
    monkeypatch.chdir(folder / "old")
    assert run(*args, ".").out == ""


def test_severities_change_what_fails(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        {"newscards.toml": '[severities]\nNC4 = "error"\nfuture-date = "warning"', "a.md": card(heat="1")}
    )
    result = run("validate")
    assert result.code == 1
    assert "error[NC411]" in result.out
    make_corpus({"newscards.toml": '[severities]\nNC201 = "warning"', "a.md": card(published="0")})
    result = run("validate", "--format", "json")
    assert result.code == 0
    assert json.loads(result.out)["findings"][0]["severity"] == "warning"


def test_categories_and_types_are_those_of_the_configuration(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"newscards.toml": 'categories = ["sport"]\ntypes = ["podcast"]',
                 "a.md": card(category="sport", type="podcast"), "b.md": CARD})  # fmt: skip
    found = json.loads(run("validate", "--select", "NC403", "--format", "json").out)["findings"]
    assert [(each["path"], each["field"]) for each in found] == [("b.md", "category"), ("b.md", "type")]


def test_config_shows_each_value_and_where_it_comes_from(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"newscards.toml": 'ignore = ["NC5"]\ntopics = ["AI", "Ports"]\n[severities]\nNC6 = "error"'})
    lines = run("config").out.splitlines()
    assert len([line for line in lines if line != "# default"]) == len(KEYS)  # it stands above a long line
    assert 'ignore = ["NC5"]' in lines[3]
    assert lines[3].endswith("# newscards.toml")
    assert lines[1].endswith("# default")
    assert lines[8].endswith("# newscards.toml, 2 names")
    assert "# organizations is not set" in lines[9]
    monkeypatch.setenv("NEWSCARDS_CORPUS", "x")
    assert run("config").out.splitlines()[0].split() == ["corpus", "=", '"x"', "#", "$NEWSCARDS_CORPUS"]
    assert run("config", "--corpus", "y").out.splitlines()[0].endswith("# --corpus")


def test_what_config_shows_is_a_configuration(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        {"newscards.toml": 'ignore = ["NC5"]\n[per-file-ignores]\n"a \\" b" = ["NC1"]\n[limits]\ndepth = 9'}
    )
    shown = run("config").out
    make_corpus({"again.toml": shown})
    again = run("config", "--config", "again.toml", "--format", "json")
    first = run("config", "--format", "json")
    assert [each["value"] for each in json.loads(again.out)] == [
        each["value"] for each in json.loads(first.out)
    ]


def test_a_byte_order_mark_before_the_configuration_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "newscards.toml").write_bytes(b'\xef\xbb\xbfselect = ["NC1"]')
    assert load_settings(str(tmp_path)).select == ("NC1",)


def test_the_sources_of_values_stand_in_one_column_but_that_of_a_long_one(
    make_corpus: MakeCorpus, run: Run
) -> None:
    topics = [f"Topic {number}" for number in range(9)]
    make_corpus({"a.md": CARD, "newscards.toml": f"topics = {topics!r}\n"})
    lines = run("config").out.splitlines()
    ends = [line.rindex("  # ") for line in lines if "  # " in line]
    assert len({*ends}) == 1
    at = next(number for number, line in enumerate(lines) if line.startswith("topics = "))
    assert lines[at - 1] == "# newscards.toml, 9 names"
    assert max(map(len, (line for line in lines if not line.startswith("topics")))) <= 80
