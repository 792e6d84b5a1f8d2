"""An image of the card is less than 100 pixels wide or high.

It is an icon or a tracking pixel, and the site would show it in the place of a photograph. No image in 710
real cards is so small; a provider's logo may be.

Fails:

    images:
      - url: "https://www.tide.example/gauges.jpg"
        width: 64
        height: 64

Passes:

    images:
      - url: "https://www.tide.example/gauges.jpg"
        width: 640
        height: 360

Fix: use a larger image, or remove it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from newscards.cards.card import Card
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_MIN_PIXELS = 100


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each small image; below-minimum reports sizes of 0 and below."""
    images = card.fields.get("images")
    return _problems(images) if images and isinstance(images, list) else ()


def _problems(images: list[Any]) -> Iterator[Problem]:
    for index, image in enumerate(images):
        for name, word in (("width", "wide"), ("height", "high")):
            size = image.get(name) if isinstance(image, dict) else None
            if isinstance(size, int) and not isinstance(size, bool) and 0 < size < _MIN_PIXELS:
                yield Problem(
                    f"the image is {size} pixel{'s' * (size > 1)} {word}, less than {_MIN_PIXELS}",
                    ("images", index, name),
                    help="use a larger image, or remove it",
                )
                break


RULE = Rule("NC416", "small-image", Severity.WARNING, card=check)
