"""The pages of the manual, ``newscards/manual/*.md``, the commands that have help, and words for these."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

import newscards
from newscards.text import did_you_mean

TOPICS = (
    "cards",
    "selecting",
    "querying",
    "counting",
    "editing",
    "comparing",
    "validating",
    "rules",
    "visibility",
    "ci",
    "configuration",
    "performance",
    "python",
    "shell",
    "recipes",
)
"""The names of the pages, in the order in which help lists them."""

FOLDER = os.path.join(os.path.dirname(os.path.abspath(newscards.__file__)), "manual")


def page(topic: str) -> str:
    """Return a page as Markdown; raises ``OSError`` where the installation lacks its file."""
    with open(os.path.join(FOLDER, f"{topic}.md"), encoding="utf-8") as file:
        return file.read()


def summary(markdown: str) -> str:
    """Return the one-line summary of a page: its first paragraph, which stands below the title."""
    return markdown.split("\n\n", 2)[1]


def summaries() -> dict[str, str]:
    """Return the topics in their order, each with the summary of its page."""
    return {topic: summary(page(topic)) for topic in TOPICS}


def context_of(root: click.Context, words: Iterable[str]) -> click.Context | None:
    """Return the context of the command that ``words`` name, such as ``topic add``; ``None`` if none is."""
    context = root
    for word in words:
        found = (
            context.command.get_command(context, word) if isinstance(context.command, click.Group) else None
        )
        if found is None:
            return None
        context = found.make_context(word, [], parent=context, resilient_parsing=True)
    return context


OTHER_NAMES = {
    "add": "new", "cat": "show", "check": "validate", "count": "stats", "create": "new",
    "delete": "remove", "find": "list --search", "fix": "validate --fix",
    "get": "show", "grep": "list --search", "hide": "set-published false", "history": "log",
    "lint": "validate", "open": "edit", "publish": "set-published true", "rename": "topic rename",
    "revert": "undo", "rm": "remove", "search": "list --search", "sql": "query", "status": "diff",
    "unpublish": "set-published false",
}  # fmt: skip
"""Words that other tools have for what a command does, or that users try, and the command."""


def similar_name(word: str, names: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` with the command that a word means, or with similar ones of ``names``.

    The text is empty if nothing is similar.
    """
    command = OTHER_NAMES.get(word.casefold())
    return f"did you mean `{command}`?" if command else did_you_mean(word, names)
