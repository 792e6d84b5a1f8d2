"""An image of the card has less than 100 pixels in width or height.

That is an icon or a counting pixel, and the site would show it in the place of a photograph. No image of
710 real cards is so small; a provider's logo may be.

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

_LEAST = 100


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each image that is small; 0 and below are told by below-minimum."""
    images = card.fields.get("images")
    return _problems(images) if images and isinstance(images, list) else ()


def _problems(images: list[Any]) -> Iterator[Problem]:
    for index, image in enumerate(images):
        for name, word in (("width", "wide"), ("height", "high")):
            size = image.get(name) if isinstance(image, dict) else None
            if isinstance(size, int) and not isinstance(size, bool) and 0 < size < _LEAST:
                yield Problem(
                    f"the image is {size} pixel{'s' * (size > 1)} {word}, less than {_LEAST}",
                    ("images", index, name),
                    help="use a larger image, or remove it",
                )
                break


RULE = Rule("NC416", "small-image", Severity.WARNING, card=check)
