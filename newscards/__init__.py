"""Validate, list, show, filter and edit a corpus of news cards.

The public Python API: ``Corpus``, ``Card``, ``Unreadable`` and ``NewscardsError``. The names are
imported on first use, so that ``newscards --version`` does not pay for importing PyYAML.

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

__all__ = ["Card", "Corpus", "NewscardsError", "Unreadable", "__version__"]

if TYPE_CHECKING:
    from newscards.cards.card import Card, Unreadable
    from newscards.corpus.corpus import Corpus
    from newscards.errors import NewscardsError

_HOMES = {
    "Card": "newscards.cards.card",
    "Corpus": "newscards.corpus.corpus",
    "NewscardsError": "newscards.errors",
    "Unreadable": "newscards.cards.card",
}


def __getattr__(name: str) -> object:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
