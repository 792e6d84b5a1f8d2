"""What a word may become: topics, providers, ids, fields, values and rules."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from newscards import cli
from newscards.cli import COMMANDS
from newscards.commands.shared import completions
from newscards.corpus.corpus import Corpus
from newscards.rules import RULES
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card

Complete = Callable[[str], list[str]]


@pytest.fixture
def complete(run: Run, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """Return a function that completes the end of a line, and returns the completions; of files, none."""

    def complete_line(line: str) -> list[str]:
        monkeypatch.setenv("_NEWSCARDS_COMPLETE", "fish_complete")
        monkeypatch.setenv("COMP_WORDS", f"newscards {line}")
        result = run()
        monkeypatch.delenv("_NEWSCARDS_COMPLETE")
        assert (result.code, result.err) == (0, "")
        kind, *lines = result.out.splitlines() or [""]
        return ["FILE"] if kind == "file" else [each.partition("\t")[0] for each in lines]

    return complete_line


@pytest.fixture
def corpus(make_corpus: MakeCorpus) -> Path:
    return make_corpus(
        {
            "2023-a.md": card(topics="[Oceans, Wind power]"),
            "2023-b.md": card(
                topics="[Oceans, wind farms]", provider="\n  name: Ebb & Flow\n  domain: ebb.example"
            ),
            "2024-c.md": card(topics="[Oceans]"),
        }
    )


@pytest.mark.usefixtures("corpus")
def test_topics_are_completed_whatever_their_case_the_commonest_first(complete: Complete) -> None:
    assert complete("list --topic ") == ["Oceans", "wind farms", "Wind power"]
    assert complete("list --topic WIN") == ["wind farms", "Wind power"]
    assert complete("list --topic 'wind p") == ["Wind power"]
    assert complete("list --topic=wind\\ p") == ["--topic=Wind power"]
    assert complete("set-published false --topic o") == ["Oceans"]
    for line in (
        "filter-by-topic o",
        "topic add o",
        "topic remove o",
        "topic rename o",
        "topic rename Tides o",
    ):
        assert complete(line) == ["Oceans"]


@pytest.mark.usefixtures("corpus")
def test_providers_are_completed_by_name_and_by_domain(complete: Complete) -> None:
    assert complete("list --provider ") == ["Tide", "tide.example", "Ebb & Flow", "ebb.example"]
    assert complete("list --provider EBB") == ["Ebb & Flow", "ebb.example"]


@pytest.mark.usefixtures("corpus")
def test_cards_are_completed_by_their_ids_and_else_as_files(complete: Complete) -> None:
    for command in (
        "show",
        "why",
        "set-published true",
        "set quality 5",
        "topic add Oceans",
        "remove",
        "restore",
    ):
        assert complete(f"{command} 2023") == ["2023-a", "2023-b"]
    assert complete("show 2023-a 2024") == ["2024-c"]
    for beginning in ("nosuch", "./2023", "sub/2023"):
        assert complete(f"show {beginning}") == ["FILE"]


def test_registered_topics_are_offered_to_cards_that_are_to_get_one(corpus: Path, complete: Complete) -> None:
    (corpus / "newscards.toml").write_text('topics = ["Tides", "Wind Power", "Oceans"]')
    assert complete("topic add ") == ["Oceans", "wind farms", "Wind Power", "Tides"]
    assert complete("topic rename Oceans t") == ["Tides"]
    assert complete("topic remove t") == complete("list --topic t") == []


@pytest.mark.parametrize("way", ["--corpus there list", "list --corpus there", "list there", "list - there"])
def test_the_corpus_that_is_named_is_asked(make_corpus: MakeCorpus, complete: Complete, way: str) -> None:
    make_corpus({"here.md": CARD, "there/x.md": card(topics="[There]")})
    assert complete(f"{way} --topic ") == ["There"]


def test_the_corpus_of_the_environment_and_of_the_configuration_is_asked(
    make_corpus: MakeCorpus, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({"here.md": CARD, "a/x.md": card(topics="[A]"), "b/x.md": card(topics="[B]")})
    (folder / "own.toml").write_text('corpus = "a"')
    assert complete("--config own.toml list --topic ") == complete("list --config=own.toml --topic ") == ["A"]
    monkeypatch.setenv("NEWSCARDS_CORPUS", str(folder / "b"))
    assert complete("list --topic ") == ["B"]
    monkeypatch.setenv("HOME", str(folder))
    assert complete("list --corpus ~/a --topic ") == complete('list --corpus "$HOME/a" --topic ') == ["A"]


@pytest.mark.usefixtures("kept_of_few_cards")
def test_the_index_is_asked_unless_it_is_not_to_be_used(
    corpus: Path, complete: Complete, tmp_path: Path
) -> None:
    assert [*Corpus(corpus, cache=str(tmp_path / "cache")).summaries()]
    for file in corpus.glob("*.md"):
        file.unlink()
    assert complete("list --topic o --corpus . --topic o") == ["Oceans"]
    assert complete("show --corpus . 2024") == ["2024-c"]
    assert complete("list --corpus . --no-cache --topic o") == []


def test_lists_by_commas_are_completed_at_their_end(complete: Complete) -> None:
    assert complete("list --columns qua") == ["quality"]
    assert complete("list --columns id,title,q") == ["id,title,quality"]
    assert complete("list --columns id,") == [
        f"id,{name}" for name in complete("list --columns ") if name != "id"
    ]
    assert complete("list --columns provider.d") == ["provider.domain"]
    assert complete("list --columns id,war") == ["id,warnings"]
    assert complete("list --sort -story_s") == ["-story_size"]
    assert complete("show x --field war") == []
    assert complete("list --sort -qua") == ["-quality"]
    assert complete("list --sort=-quality,ti") == ["--sort=-quality,title"]
    assert complete("list --sort heat,-qua") == ["heat,-quality"]


def test_fields_and_their_values_are_completed(complete: Complete, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    assert complete("show x --field provider.") == ["provider.name", "provider.domain"] + [
        f"provider.images{name}" for name in ("", ".url", ".width", ".height", ".isCached", ".title")
    ]
    assert complete("set images[0].w") == ["images[0].width"]
    assert "topics" not in complete("set ")
    for field in ("published", "removed", "images[0].isCached"):
        assert complete(f"set {field} ") == ["true", "false"]
    assert complete("set type v") == ["video"]
    assert complete("set category ") == ["news"]
    assert complete("set title ") == complete("set nosuch ") == []
    assert complete("set published true ") == ["x"]
    assert complete("set heat -1 ") == ["x"]
    (folder / "newscards.toml").write_text('categories = ["news", "event"]')
    assert complete("set category ") == ["news", "event"]


def test_rules_are_completed_by_family_code_and_name(complete: Complete) -> None:
    assert complete("rule nc20") == [rule.code for rule in RULES if rule.code.startswith("NC20")]
    assert complete("rule published-n") == ["published-not-boolean"]
    assert complete("validate --select NC") == [
        "NC1", "NC2", "NC3", "NC4", "NC5", "NC6", *(rule.code for rule in RULES)
    ]  # fmt: skip
    assert complete("validate --ignore NC2,published-n") == ["NC2,published-not-boolean"]


def test_rules_of_the_configuration_are_completed(complete: Complete, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"newscards.toml": "[rules.too-weak]\nwhere = 'quality < 40'\n"})
    assert complete("rule too") == ["too-weak"]
    assert complete("validate --select NC1,ow") == ["NC1,own"]
    (folder / "newscards.toml").write_text("[rules.NC1]\nwhere = 'quality < 40'\n")
    assert complete("rule too") == []
    assert complete("rule published-n") == ["published-not-boolean"]


def test_a_path_is_completed_to_an_id_where_no_file_begins_so(
    complete: Complete, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({"_news/2023/a-tide.md": card(), "_news/2024/b-tide.md": card(), "bay/x.txt": ""})
    assert complete("list a-") == ["a-tide"]
    assert complete("validate b") == complete("list ") == complete("list _news/a-") == ["FILE"]
    for inner in ("bay", "_news/2023"):
        monkeypatch.chdir(folder / inner)
        assert complete("show b") == complete("validate b") == ["b-tide"]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_the_help_of_a_rule_is_what_it_finds(run: Run, monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    monkeypatch.setenv("_NEWSCARDS_COMPLETE", "fish_complete")
    monkeypatch.setenv("COMP_WORDS", f"newscards validate {option} NC601")
    assert run().out == "part\nNC601\tduplicate-url: Two cards have the same URL.\n"


def test_commands_and_options_are_completed(complete: Complete) -> None:
    assert complete("") == [*COMMANDS]
    assert complete("fil") == ["filter-by-topic"]
    assert complete("topic ") == ["add", "remove", "rename"]
    assert complete("list --min") == ["--min-quality", "--min-heat"]
    assert complete("--conf") == ["--config"]
    assert complete("list --format js") == ["json", "jsonl"]
    assert complete("list --type ") == ["article", "video"]
    for line in ("validate ./so", "list --corpus ", "--config x"):
        assert complete(line) == ["FILE"]


@pytest.mark.parametrize(
    "line",
    [
        "nosuch --topic ",
        "list --topic",
        "list --min-quality many --topic ",
        "list --topic 'a",
        "list nosuch --topic ",
        "list --config nosuch.toml --topic ",
        "list --nosuch --topic ",
        "topic nosuch ",
        "rule nosuch",
        "set -1 ",
    ],
)
def test_what_is_wrong_before_the_word_is_not_told(corpus: Path, complete: Complete, line: str) -> None:
    complete(line)  # which asserts that nothing is


def test_a_wrong_configuration_completes_files(corpus: Path, complete: Complete) -> None:
    (corpus / "newscards.toml").write_text("endings = 5")
    assert complete("list --topic ") == []
    assert complete("show 2023") == ["FILE"]


def test_a_registry_is_read_only_for_the_topics_in_it(corpus: Path, complete: Complete) -> None:
    (corpus / "newscards.toml").write_text('topics = "nosuch"\norganizations = "nosuch"')
    assert complete("list --topic o") == ["Oceans"]
    assert complete("show 2024") == ["2024-c"]
    assert complete("topic add o") == []


def test_a_fault_is_not_told(corpus: Path, complete: Complete, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(ctx: click.Context, beginning: str) -> completions.Items:
        raise RuntimeError("the well is dry")

    monkeypatch.setattr(completions, "topic", fail)
    assert complete("list --topic ") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("list --where qual", ["quality"]),
        ("list --where 'heat > 8 and prov", ["heat > 8 and provider_name", "heat > 8 and provider_domain"]),
        ("list --where 'not has_", ["not has_topic("]),
        ("query 'SELECT headl", ["SELECT headline"]),
        ("query 'SELECT id FROM stor", ["SELECT id FROM story", "SELECT id FROM story_size",
                                        "SELECT id FROM story_published", "SELECT id FROM stories"]),
        ("stories --problem sev", ["several-published", "several-heads"]),
        ("stories --sort -si", ["-size"]),
        ("stats --by topic,mo", ["topic,month"]),
        ("topics --sort -sh", ["-share"]),
        ("diff --only published,hi", ["published,hidden"]),
        ("replace a b --field title,exc", ["title,excerpt"]),
        ("replace a b --field qual", []),
        ("replace a b --topic oc", ["Oceans"]),
        ("edit ", ["a"]),
        ("new --url x --title y --topic sci", ["Science"]),
        ("new --set qual", ["quality"]),
    ],
)  # fmt: skip
def test_the_words_of_questions_are_completed(
    make_corpus: MakeCorpus, complete: Complete, line: str, expected: list[str]
) -> None:
    make_corpus({"a.md": CARD})
    assert complete(line) == expected


def test_what_cannot_be_shown_is_not_offered(make_corpus: MakeCorpus, complete: Complete) -> None:
    make_corpus(
        {
            "x.md": card(
                topics='["two\\nlines", "a\\tb", "\\e[31mred", "\\u202egnp", "no\\u200bbreak", "fine"]'
            ),
            b"\xff.md".decode(errors="surrogateescape"): CARD,
            "two\nlines.md": CARD,
        }
    )
    assert complete("list --topic ") == ["Oceans", "Science", "fine"]
    assert complete("show ") == ["x"]


def test_every_value_that_cards_know_is_completed() -> None:
    names = {"--topic", "--provider", "--columns", "--sort", "--field", "--select", "--ignore"}
    names |= {"--where", "--by", "--only", "--problem"}
    ctx = click.Context(cli.cli)
    commands = [command for name in COMMANDS if (command := cli.cli.get_command(ctx, name))]
    commands += [
        inner for each in commands if isinstance(each, click.Group) for inner in each.commands.values()
    ]
    seen: set[str] = set()
    for param in (param for command in commands for param in command.params):
        if names & {*param.opts} or param.name in ("names", "topic", "field", "value", "new"):
            assert isinstance(param.type, click.Choice) or param._custom_shell_complete, param
            seen |= {*param.opts}
    assert names <= seen


@pytest.mark.parametrize("line", ["newscards ", "newscards list --min", "newscards list --columns t"])
def test_completing_imports_nothing_that_it_does_not_need(line: str) -> None:
    code = (
        "import sys; from newscards.cli import main; main([]);"
        "print([name for name in ('yaml', 'rich', 'dateutil', 'sqlite3', 'newscards.commands.show',"
        " 'newscards.rules') if name in sys.modules])"
    )
    environment = {"_NEWSCARDS_COMPLETE": "fish_complete", "COMP_WORDS": line, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_fields_that_are_declared_are_completed(make_corpus: MakeCorpus, complete: Complete) -> None:
    text = '[fields.editor]\nchoices = ["mb", "jh"]\n[fields."editor-in-chief"]\ntype = "boolean"'
    make_corpus({"a.md": CARD, "newscards.toml": text})
    assert complete("set edi") == ["editor", "editor-in-chief"]
    assert complete("set editor ") == ["mb", "jh"]
    assert complete("set editor-in-chief t") == ["true"]
    assert complete("list --columns id,editor-") == ["id,editor-in-chief"]
    assert complete("list --sort -edi") == ["-editor", "-editor-in-chief"]
    assert complete("list --where edi") == ["editor", "editor-in-chief"]
    assert complete("stats --by edi") == ["editor", "editor-in-chief"]
    make_corpus({"newscards.toml": "[fields.editor]\ntyp = 5"})
    assert complete("set edi") == []
