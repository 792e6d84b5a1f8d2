"""The criteria by which cards are selected, as options. It imports nothing because every command needs it."""

from __future__ import annotations

from typing import TypedDict


class Criteria(TypedDict):
    """The values of the options that select cards."""

    topics: tuple[str, ...]
    all_topics: bool
    min_quality: int | None
    max_quality: int | None
    min_heat: int | None
    max_heat: int | None
    published: bool | None
    types: tuple[str, ...]
    providers: tuple[str, ...]
    since: str | None
    until: str | None
    where: tuple[str, ...]
    search: str | None


NO_CRITERIA: Criteria = {
    "topics": (),
    "all_topics": False,
    "min_quality": None,
    "max_quality": None,
    "min_heat": None,
    "max_heat": None,
    "published": None,
    "types": (),
    "providers": (),
    "since": None,
    "until": None,
    "where": (),
    "search": None,
}
"""The values where no option is given."""


def has_criteria(options: Criteria) -> bool:
    """Return whether any of the options selects cards."""
    given = {key: value for key, value in options.items() if key in Criteria.__annotations__}
    return bool(given.pop("all_topics")) or any(value not in (None, ()) for value in given.values())
