"""The lines of a front matter around its values: where they end, and how they are indented."""

from __future__ import annotations

import re

from newscards.frontmatter.nodes import Node

_COMMENT = re.compile(r"([ \t]*)#[^\n]*\n")
_LIST = re.compile(r"^[^\s#-][^\n]*:[ \t]*\r?\n( *)- ", re.MULTILINE)
_MAPPING = re.compile(r"^[^\s#-][^\n]*:[ \t]*\r?\n( +)[^\s#-]", re.MULTILINE)


def line_start(text: str, offset: int) -> int:
    """Return where the line begins on which an offset lies."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, node: Node) -> int:
    """Return where the line after a value begins.

    Blank lines below a text after ``|`` or ``>`` are part of it only where they are kept (``|+``).
    """
    leaf = node.last_leaf()
    end = leaf.end
    if leaf.is_block_scalar:
        source = text[leaf.start : leaf.end]
        if "+" in source.partition("\n")[0].partition("#")[0]:
            return end
        end = leaf.start + len(source.rstrip(" \t\r\n"))
    return text.find("\n", end) + 1 or len(text)


def below(text: str, node: Node, column: int) -> int:
    """Return where the lines of a value end whose key or dash stands in ``column``.

    Comments that follow and are indented by more belong to it.
    """
    at = line_end(text, node)
    while (comment := _COMMENT.match(text, at)) and len(comment[1]) > column:
        at = comment.end()
    return at


def above(text: str, start: int, first: int) -> int:
    """Return where the lines of a key begin that stands at ``start``, which are not before ``first``.

    Comments directly above it, with the same indentation, belong to it.
    """
    at = line_start(text, start)
    indentation = text[at:start]
    while at > first:
        before = line_start(text, at - 1)
        comment = _COMMENT.fullmatch(text, before, at)
        if before < first or not comment or comment[1] != indentation:
            break
        at = before
    return at


def line_break(text: str, offset: int) -> str:
    """Return how the line ends on which an offset lies."""
    end = text.find("\n", offset)
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def list_indentation(text: str) -> str:
    """Return by how much the lists of a card are indented; two blanks where it has none."""
    found = _LIST.search(text)
    return found[1] if found else "  "


def mapping_indentation(text: str) -> str:
    """Return by how much the mappings of a card are indented; two blanks where it has none."""
    found = _MAPPING.search(text)
    return found[1] if found else "  "
