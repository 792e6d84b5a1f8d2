"""Registries of topics and organizations, from all the files that they may be in."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscards.corpus.registry import Registry, read_registry
from newscards.errors import NewscardsError
from tests.conftest import MakeCorpus, Run
from tests.support import card

FILES = {
    "one.yaml": "taxonomy: topic\nname: Oceans\nkeywords: [sea]\n",
    "two.yml": "- Ports\n- name: Tides\n  domain: tides.example\n- 5\n",
    "three.md": "---\nname: Tide\ndomain: Tide.example\n---\nbody\n",
    "four.json": '[{"name": "Wells"}]',
    "five.txt": "Ports\n\n  Cranes \n",
    "six.yaml": "a.example: Alpha\nb.example: Beta\n",
    "notes.rst": "ignored",
    ".hidden.yaml": "name: Hidden\n",
}


@pytest.fixture
def folder(make_corpus: MakeCorpus) -> Path:
    return make_corpus(FILES)


@pytest.mark.parametrize(
    ("path", "names", "domains"),
    [
        ("one.yaml", ("Oceans",), {}),
        ("two.yml", ("Ports", "Tides", "5"), {"tides.example": "Tides"}),
        ("three.md", ("Tide",), {"tide.example": "Tide"}),
        ("four.json", ("Wells",), {}),
        ("five.txt", ("Ports", "Cranes"), {}),
        ("six.yaml", ("Alpha", "Beta"), {"a.example": "Alpha", "b.example": "Beta"}),
        ("*.json", ("Wells",), {}),
        ("t*", ("Tide", "Ports", "Tides", "5"), {"tide.example": "Tide", "tides.example": "Tides"}),
    ],
)
def test_a_file_or_a_pattern_of_files_is_read(
    path: str, names: tuple[str, ...], domains: dict[str, str], folder: Path
) -> None:
    assert read_registry(path) == Registry(names, domains)


def test_a_folder_is_all_its_files_of_data_each_name_once(folder: Path) -> None:
    names = read_registry(str(folder)).names
    assert names == ("Ports", "Cranes", "Wells", "Oceans", "Alpha", "Beta", "Tide", "Tides", "5")


SECOND = ["---\n", "--- # comment\n", "---\r\n", "...\n", "---\nname: Wells\n", "--- {name: Wells}\n",
          "---\n[never: {closed\n", "---\n\t@\n", "...\n@@\n", "---\n---\n---\n", "---"]  # fmt: skip
"""The ends of a YAML file after its first document, which alone Jekyll reads (tried with Jekyll 4.3.1)."""


@pytest.mark.parametrize("end", SECOND)
@pytest.mark.parametrize("beginning", ["", "\ufeff", "---\n", "%YAML 1.1\n---\n", "# comment\n---\n"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.yaml", "name: Oceans\n"), ("a.yml", "- Oceans\n"), ("a.json", '{"name": "Oceans"}\n'),
     ("tide.example", "name: Oceans\n"), ("a.yaml", f"name: Oceans\nkeywords: [{'x, ' * 80}]\n")],
)  # fmt: skip
def test_of_several_documents_the_first_counts(
    name: str, text: str, beginning: str, end: str, make_corpus: MakeCorpus
) -> None:
    make_corpus({name: beginning + text + end})
    assert read_registry(name).names == ("Oceans",)


def test_of_several_documents_in_front_matter_the_first_counts(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": "---\nname: Oceans\n--- {name: Wells}\n---\nbody\n---\n"})
    assert read_registry("a.md").names == ("Oceans",)


def test_a_file_without_a_value_has_no_names_and_does_not_hide_those_of_others(
    make_corpus: MakeCorpus,
) -> None:
    files = {"a.yaml": "", "b.yaml": "# nothing\n", "c.yaml": "---\n---\nname: Wells\n", "d.md": "---\n---\n"}
    folder = make_corpus(files | {"e.yaml": "name: Oceans\n"})
    assert read_registry(str(folder)).names == ("Oceans",)


def test_a_file_larger_than_is_read_is_an_error(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.yaml": "- Océan\n" * 150_000})
    with pytest.raises(NewscardsError, match=r"^a\.yaml is larger than 1 MiB"):
        read_registry("a.yaml")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.yaml", b"keywords: [sea]\n", "has no `name`, and is not a list of names"),
        ("a.yaml", b"[a", "a.yaml:1:1: a `[` is never closed"),
        ("a.yaml", b"name: x\nother: [a\n", "a.yaml:2:8: a `[` is never closed"),
        ("a.yaml", b"\xef\xbb\xbfname: \xc3\xa9\n\xc3\xa9 b: [\xc3\xa9: {\n", "a.yaml:3:1: "),
        ("a.yaml", b"name: x\n\xff", "a.yaml:2:1: the byte 0xFF is not UTF-8"),
        ("a.txt", b"Oceans\nW\xff", "a.txt:2:2: the byte 0xFF is not UTF-8"),
        ("a.yaml", b"name: x\n---\n\0", "a.yaml:3:1: the character U+0000 is not allowed in YAML"),
        ("a.md", b"no fence", "a.md:1:1: the file does not begin with a line `---`"),
        ("a.md", b"---\nname: x\nother: [a\n---\n", "a.md:3:8: a `[` is never closed"),
        ("a.yaml", b"[" * 30000, "a.yaml:1:65: nested deeper than 64 levels"),
        ("a.txt", b"", "holds no names"),
        ("b.rst", b"", "b.rst holds no names"),
        ("b.rst", b"text", "b.rst has no `name`"),
    ],
)
def test_a_file_without_names_is_an_error_that_names_it(
    name: str, content: bytes, told: str, make_corpus: MakeCorpus
) -> None:
    make_corpus({name: content})
    with pytest.raises(NewscardsError, match=r"^a|^b") as caught:
        read_registry(name)
    assert told in str(caught.value)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NewscardsError, match="there is no file at"):
        read_registry(str(tmp_path))


def test_the_real_registry_knows_the_topics_of_its_site(
    real_cards: Path, run: Run, make_corpus: MakeCorpus
) -> None:
    topics = read_registry(str(real_cards / "registry" / "topics"))
    assert len(topics.names) == 7
    assert len(read_registry(str(real_cards / "registry" / "organizations")).by_domain) == 70
    make_corpus({"newscards.toml": f'topics = "{real_cards}/registry/topics"\n'
                                   f'organizations = "{real_cards}/registry/organizations"'})  # fmt: skip
    result = run("validate", str(real_cards / "powerapps"), "--config", "newscards.toml", "--select", "NC6")
    assert result.code == 0
    assert "NC615" not in result.out
    assert "NC612" not in result.out


def test_a_topic_that_is_not_in_the_registry_is_an_error_with_the_nearest(
    make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": 'topics = "topics.txt"', "topics.txt": "Oceans\nScience\n",
                 "a.md": card(topics="[Ocaens, science]")})  # fmt: skip
    result = run("validate", "--format", "concise")
    assert result.code == 1
    assert "NC615] unknown-topic: the topic `Ocaens` is not in the registry" in result.out
    assert "did you mean `Oceans`?" in run("validate").out
    assert "= help: write `Science`\n" in run("validate").out
