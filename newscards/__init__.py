"""Validate, list, show, filter and edit a corpus of news cards.

The public Python API is ``Corpus``, the classes of what its methods return, and ``NewscardsError``. The names
are imported on first use, so that ``newscards --version`` does not pay for importing PyYAML.

The packages are floors: each, but not a package within one, says in its ``__init__`` what it is and which
others it may import. Below all of them stand a few modules, which import nothing but one another:

    errors        the errors that end a command
    text          text for output: escaped, cut, counted; did-you-mean
    clock         the only place that reads the time
    docstrings    docstrings that users read
    layout        where a site has its cards and its configuration, and the user newscards' state and cache
    parallel      work on many items, in several processes where that pays
    workers       the processes behind ``parallel``

May import: errors, text, clock, docstrings, layout, parallel, workers.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `typing`, which takes longer to import than all that a start does before it

__version__ = "0.1.0"

__all__ = [
    "Card", "Corpus", "Finding", "Group", "Image", "NewscardsError", "Severity", "Story", "Unreadable",
    "__version__",
]  # fmt: skip

if TYPE_CHECKING:
    from newscards.cards.card import Card, Image, Unreadable
    from newscards.cards.stories import Story
    from newscards.errors import NewscardsError
    from newscards.lint.findings import Finding, Severity
    from newscards.query.corpus import Corpus
    from newscards.query.stats.groups import Group

_HOMES = {
    "Card": "newscards.cards.card",
    "Corpus": "newscards.query.corpus",
    "Finding": "newscards.lint.findings",
    "Group": "newscards.query.stats.groups",
    "Image": "newscards.cards.card",
    "NewscardsError": "newscards.errors",
    "Severity": "newscards.lint.findings",
    "Story": "newscards.cards.stories",
    "Unreadable": "newscards.cards.card",
}


def __dir__() -> list[str]:
    """Return the public names, also those that are not imported yet (PEP 562)."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


def __getattr__(name: str) -> object:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
