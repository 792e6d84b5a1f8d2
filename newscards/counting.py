"""Numbers in sentences."""


def counted(count: int, noun: str) -> str:
    """Return how many there are of something: ``1 card``, ``1,200 cards``."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
