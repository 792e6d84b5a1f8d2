"""Pages of the manual for people: Markdown rendered in the sixteen colours that a terminal's theme sets."""

from __future__ import annotations

import re

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, TableElement
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from newscards.output.terminal.show import MAX_PROSE_WIDTH

_COMMENT = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^]]+)]\((?!https?:)[^)]+\)")
"""A link to another place of the manual, which leads nowhere in a terminal: its text names the page."""
_THEME = Theme(
    {
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.code": "cyan",
        "markdown.item.bullet": "none",
        "markdown.table.header": "bold",
        "markdown.table.border": "none",
        "markdown.link": "none",
        "markdown.link_url": "blue",
    }
)


class _Heading(Heading):
    """A heading at the left margin, with its marks, so that a pager can search for them."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text.assemble("#" * int(self.tag[1:]), " ", self.text, style="bold")


class _CodeBlock(CodeBlock):
    """A block of code at the left margin. The terminal wraps its long lines, so that they can be copied."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = str(self.text).rstrip().split("\n")
        code = Text("\n").join(Text(line, "bold" if line.startswith("$ ") else "") for line in lines)
        code.no_wrap, code.overflow = True, "ignore"
        yield code


class _Table(TableElement):
    """A table without a frame, in which a long word is folded rather than cut."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            if isinstance(table, Table):
                table.show_edge = False
                for column in table.columns:
                    column.overflow = "fold"
            yield table


class _Page(Markdown):
    elements = Markdown.elements | {
        "heading_open": _Heading,
        "fence": _CodeBlock,
        "code_block": _CodeBlock,
        "table_open": _Table,
    }


def render_page(console: Console, markdown: str) -> str:
    """Return a page as it is to stand in a terminal of the console's width, in colour where it gets any.

    Without colour, code keeps its backquotes.
    """
    rendered = _Page(_LINK.sub(r"\1", _COMMENT.sub("", markdown)), hyperlinks=False)
    if not console.color_system:
        for token in (child for block in rendered.parsed for child in block.children or ()):
            if token.type == "code_inline":
                token.content = f"`{token.content}`"
    with console.use_theme(_THEME), console.capture() as capture:
        console.print(rendered, crop=False, width=min(console.width, MAX_PROSE_WIDTH))
    return re.sub(r" +$", "", capture.get(), flags=re.MULTILINE)
