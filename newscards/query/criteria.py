"""The criteria by which cards are selected, as options; it imports nothing, as every command needs it."""

from __future__ import annotations

from typing import TypedDict


class Criteria(TypedDict):
    """The values of the options that select cards."""

    topics: tuple[str, ...]
    all_topics: bool
    min_quality: int | None
    max_quality: int | None
    min_heat: int | None
    published: bool | None
    types: tuple[str, ...]
    providers: tuple[str, ...]
    since: str | None
    until: str | None
    where: tuple[str, ...]
    search: str | None


def has_criteria(options: Criteria) -> bool:
    """Tell whether one of the options says which cards are selected."""
    given = {key: value for key, value in options.items() if key in Criteria.__annotations__}
    return bool(given.pop("all_topics")) or any(value not in (None, ()) for value in given.values())
