"""Did you mean …: the nearest of the words that would have been right."""

from __future__ import annotations

from collections.abc import Iterable

from newscards.harmless import one_line


def nearest(
    word: str, candidates: Iterable[str], *, most: int = 3, cutoff: float = 0.7, beginnings: bool = True
) -> list[str]:
    """Return up to ``most`` candidates that look like ``word``, best first, without regard to case:
    those that begin with it (unless ``beginnings`` is false), then those that resemble it.

    ``cutoff`` is the least likeness, from 0 to 1 (``difflib.SequenceMatcher.ratio``).
    """
    from difflib import get_close_matches

    folded: dict[str, str] = {}
    for candidate in candidates:
        folded.setdefault(candidate.casefold(), candidate)
    start = word.casefold()
    matches = [name for name in folded if beginnings and start and name.startswith(start)]
    matches += get_close_matches(start, [name for name in folded if name not in matches], most, cutoff)
    return [folded[match] for match in matches[:most]]


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the nearest candidates, or an empty text where none is near."""
    names = [f"`{one_line(name)}`" for name in nearest(word, candidates)]
    return f"did you mean {' or '.join(names)}?" if names else ""


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Return what was perhaps meant by a word that is none of a few, or else what there is."""
    words = list(known)
    return did_you_mean(word, words) or f"there are {', '.join(words)}"
