"""One invented news card, and how its parts are written."""

import datetime
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Card:
    """A card before it is written: what its file and the entries that copy it say."""

    title: str
    slug: str
    excerpt: str
    day: datetime.date
    time: str
    provider: str
    quality: int
    plain: bool  # the older style: URLs as plain scalars
    video: str = ""
    path: str = ""
    amp: bool = False
    heat: int = -1
    published: bool = False
    removed: bool = False
    images: list[tuple[str, int, int]] = field(default_factory=list)

    def url(self, value: str) -> str:
        """A URL in the card's style."""
        return value if self.plain else f'"{value}"'

    def opening(self, urls: tuple[str, ...]) -> list[str]:
        """The lines from the title to the type, as in the card, so in the entries that copy it."""
        lines = [f"title: {quote(self.title)}", f"excerpt: {quote(self.excerpt)}"]
        lines.append(f"publishedDateTime: {self.day}T{self.time}Z")
        if self.video:
            lines.append("originalUrl: " + self.url(f"https://clips.example/watch?v={self.video}"))
            return [*lines, "type: video"]
        lines += [f"{name}: " + self.url(f"https://{self.path}") for name in urls]
        if self.amp:
            cache = self.path.partition("/")[0].replace(".", "-") + ".cdn.ampproject.org/c/s/"
            lines.append("ampWebUrl: " + self.url(f"https://{self.path}?amp=1"))
            lines.append("cdnAmpWebUrl: " + self.url(f"https://{cache}{self.path}?amp=1"))
        return [*lines, "type: article"]

    def pictures(self, title: str) -> list[str]:
        """The lines of the images."""
        lines = ["images:"] if self.images else []
        for url, width, height in self.images:
            lines += [f"  - url: {self.url(url)}", f"    width: {width}", f"    height: {height}"]
            lines += ["    isCached: true"] * (not self.plain)
            lines += [f"    title: {quote(title)}"] * bool(title)
        return lines

    def entry(self) -> bytes:
        """The entry that lists the card in the `related` of another one."""
        provider = f"provider:\n      name: {self.provider}\n      domain: {domain_of(self.provider)}"
        lines = [*self.opening(("webUrl",)), provider, f"quality: {self.quality}"]
        return ("  - " + "\n    ".join([*lines, *self.pictures("")]) + "\n").encode()


def quote(value: str) -> str:
    """A text in double quotes, as YAML has it."""
    value = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + value.replace("\n", "\\n").replace("\r", "\\r").replace("\u2028", "\\u2028") + '"'


def slug_of(title: str) -> str:
    """What a file is named by after its title."""
    kept = "".join(sign for sign in title.lower() if sign.isalnum() or sign in " -")
    words = "-".join(kept.split())
    return words if len(words) <= 150 else words[:151].rpartition("-")[0]


def domain_of(provider: str) -> str:
    """The domain of a provider."""
    return provider.replace(" ", "").lower() + ".example"
