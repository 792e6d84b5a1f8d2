from __future__ import annotations

import pytest

from tests.rules.cases import Found, replaced, with_entry
from tests.rules.conftest import Find, Lint

LINES = ["publishedDateTime: 2023", "webUrl:", "type:", "quality:"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("entry", [0, 1])
def test_an_entry_that_is_cut_in_two_is_reported_once_at_the_cut(line: str, entry: int, find: Find) -> None:
    text = with_entry(f"    {line}", f"  - {line}", before=entry)
    (found,) = find(text)
    assert (found.code, found.field) == ("NC306", f"related[{entry + 1}].{line.partition(':')[0]}")
    assert text.split("\n")[found.line - 1].startswith(f"  - {line}")


def test_an_item_that_lacks_something_and_completes_nothing_is_another_matter(find: Find) -> None:
    text = with_entry("    type: article\n", "", before=1)
    assert [found.code for found in find(text)] == ["NC301"]


def test_the_message_says_what_begins_there(lint: Lint) -> None:
    (finding,) = lint(with_entry("    type:", "  - type:"))
    assert finding.message == "the item above lacks what begins here, `type`, `provider`, `quality`"
    assert finding.help == "delete the `- ` of this line"


def test_an_image_that_is_cut_in_two_lacks_its_url(find: Find) -> None:
    (found,) = find(replaced("    width: 1200", "  - width: 1200"))
    assert isinstance(found, Found)
    assert (found.code, found.line) == ("NC301", 23)
