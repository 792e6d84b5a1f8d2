"""Widths of the columns of a table."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from newscards.output.terminal.table import TableColumn, print_rows, print_rows_or_lists

Row = tuple[str, str, str]
CUT: TableColumn[Row] = TableColumn("Cut", lambda row: row[0], max_width=10, drop_order=1)
TITLE: TableColumn[Row] = TableColumn("Title", lambda row: row[1], elastic=20)


def printed(columns: list[TableColumn[Row]], rows: list[Row], width: int) -> list[str]:
    """Return the lines of a table in a terminal of some width."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    print_rows(console, columns, rows)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_a_column_is_cut_only_while_another_needs_the_room() -> None:
    rows = [("a" * 30, "b" * 40, "")]
    assert printed([CUT, TITLE], rows, 52)[1] == f"{'a' * 9}…  {'b' * 40}"
    assert printed([CUT, TITLE], rows, 60)[1] == f"{'a' * 17}…  {'b' * 40}"
    assert printed([CUT, TITLE], rows, 72)[1] == f"{'a' * 30}  {'b' * 40}"
    assert printed([CUT, TITLE], rows, 200)[1] == f"{'a' * 30}  {'b' * 40}"


def test_a_long_title_leaves_room_to_the_others_once_it_can_be_read() -> None:
    rows = [("a" * 30, "b" * 300, "")]
    assert printed([CUT, TITLE], rows, 84)[1] == f"{'a' * 9}…  {'b' * 71}…"
    assert printed([CUT, TITLE], rows, 200)[1] == f"{'a' * 30}  {'b' * 167}…"


def test_no_heading_is_cut_while_there_is_room_for_all() -> None:
    name: TableColumn[Row] = TableColumn("provider.name", lambda row: row[0])
    size: TableColumn[Row] = TableColumn("story_size", lambda row: row[1], right=True)
    text: TableColumn[Row] = TableColumn("title", lambda row: row[2])
    lines = printed([name, size, text], [("Tide", "3", "a" * 80)], 44)
    assert lines[0] == "provider.name  story_size  title"
    assert lines[1] == f"Tide                    3  {'a' * 16}…"
    assert printed([name, size, text], [("Tide", "3", "a" * 80)], 24)[0] == "provid…  story…  title"


@given(
    st.lists(
        st.tuples(st.text("ab ", max_size=90), st.text("cd\u6f22", max_size=200), st.text("e", max_size=9)),
        min_size=1,
        max_size=4,
    ),
    st.integers(30, 220),
)
def test_no_line_is_wider_than_the_terminal(rows: list[Row], width: int) -> None:
    last: TableColumn[Row] = TableColumn("Last", lambda row: row[2], right=True, max_width=4)
    assert max(map(cell_len, printed([CUT, last, TITLE], rows, width))) <= width


def test_a_row_without_any_text_is_a_list_of_headings() -> None:
    columns: list[TableColumn[Row]] = [
        TableColumn("a long heading", lambda row: row[0]),
        TableColumn("another heading", lambda row: row[1]),
    ]
    for width, expected in (
        (20, ["a long heading", "another heading", "", "another heading  x", "", ""]),
        (40, ["a long heading  another heading", "", "                x", "", ""]),
    ):
        stream = io.StringIO()
        print_rows_or_lists(Console(file=stream, width=width), columns, [("", "", ""), ("", "x", "")])
        assert stream.getvalue().split("\n") == expected
