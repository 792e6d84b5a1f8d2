"""What no card needs, and what would exhaust its reader: limits that aliases do not get around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from newscards.frontmatter.limits import LIMITS, MAX_DEPTH, LoadError
from newscards.frontmatter.loader import check_size, load


class LoaderOfLibyaml026(yaml.SafeLoader):
    """The events of libyaml 0.2.6, whichever is installed: it refuses more than 1,000 levels of brackets."""

    def fetch_flow_collection_start(self, token_class: Callable[..., object]) -> None:
        if self.flow_level >= 1000:
            mark = self.get_mark()
            raise yaml.scanner.ScannerError(
                "while increasing flow level", mark, "exceeded maximum nesting depth", mark
            )
        super().fetch_flow_collection_start(token_class)


WITHOUT_A_LIMIT: type[Any] = yaml.SafeLoader
LOADERS = {
    "libyaml-0.2.5": WITHOUT_A_LIMIT,
    "libyaml-0.2.6": LoaderOfLibyaml026,
    "installed": yaml.CSafeLoader,
}
DEEP = {
    "lists": ("a: " + "[" * 1001 + "]" * 1001, 1),
    "lists that are never closed": ("a: " + "[" * 1001, 1),
    "mappings": ("{a: " * 1001 + "}" * 1001, 0),
    "lists in a list": ("a:\n- b\n- " + "[" * 1001 + "]" * 1001, 2),
    "lists behind a byte order mark": ("\ufeffa: " + "[" * 1001 + "]" * 1001, 1),
    "lists a line each": ("a: " + "[\n " * 1001 + "]" * 1001, 1),
}
"""Texts, and the levels that their first bracket stands below."""


@pytest.mark.exhaustive(always=6)
@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
@pytest.mark.parametrize("depth", [LIMITS.depth, MAX_DEPTH])
@pytest.mark.parametrize(("text", "levels"), DEEP.values(), ids=DEEP)
def test_depth_is_measured_alike_with_every_version_of_libyaml(
    text: str, levels: int, depth: int, loader: type[Any]
) -> None:
    with pytest.raises(LoadError) as caught:
        check_size(text, LIMITS._replace(depth=depth), loader)
    brackets = [at for at, character in enumerate(text) if character in "[{"]
    assert caught.value.reason == f"nested deeper than {depth} levels"
    assert caught.value.limit
    assert caught.value.offset == brackets[depth - levels]


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_what_is_broken_before_it_is_deep_is_no_yaml_with_every_version_of_libyaml(loader: type[Any]) -> None:
    with pytest.raises(yaml.YAMLError, match="unknown escape character"):
        check_size("a: " + "[" * 1001 + '"\\q"', LIMITS, loader)
    with pytest.raises(yaml.YAMLError, match="unknown escape character"):
        check_size('a: [\nb: ["\\q"', LIMITS, loader)


@pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
def test_many_brackets_side_by_side_are_not_deep(loader: type[Any]) -> None:
    check_size("a: [" + "[], " * 5000 + "]", LIMITS, loader)


def test_depth_is_counted_through_aliases() -> None:
    chain = "".join(f"a{n}: &a{n} {'[' * 60}*a{n - 1}{']' * 60}\n" for n in range(1, 30))
    with pytest.raises(LoadError, match="nested deeper than 64 levels"):
        load("a0: &a0 x\n" + chain)
    assert load("a: &a [[x]]\nb: [*a]\n").value == {"a": [["x"]], "b": [[["x"]]]}


def test_text_is_counted_through_aliases() -> None:
    with pytest.raises(LoadError, match="16 MiB of text"):
        load(f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 200)}]\n")


def test_keys_whose_hashes_collide_are_limited() -> None:
    keys = "".join(f"  {number * (2**61 - 1)}: 1\n" for number in range(1, 1200))
    with pytest.raises(LoadError, match="more than 1,000 keys"):
        load("a:\n" + keys)
    text = "".join(f"k{10**20 + number}: 1\n" for number in range(1200))
    assert isinstance(load(text).value, dict)
