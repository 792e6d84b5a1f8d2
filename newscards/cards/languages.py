"""Languages of translations: `index.no.md` beside `index.md`, `x.en.md` beside `x.de.md`, folders `en`, `de`.

This is how Hugo and the language plugins of Jekyll tell the translations of one page apart: by a code at the
end of the file's name, or by the name of a folder. Only codes of ISO 639-1 count, with a region or one of
the two scripts of Chinese behind them: `no`, `pt-br`, `es-419`, `zh_Hant`. So `x.js.md` is in no language.
"""

from __future__ import annotations

import os
import re

_CODES = frozenset({
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bi", "bm",
    "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de", "dv", "dz",
    "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl",
    "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii",
    "ik", "io", "is", "it", "iu", "ja", "jv", "ka", "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko", "kr",
    "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv", "mg", "mh", "mi",
    "mk", "ml", "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv",
    "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw",
    "sa", "sc", "sd", "se", "sg", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su", "sv",
    "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug", "uk",
    "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh", "yi", "yo", "za", "zh", "zu",
})  # fmt: skip
"""The codes of ISO 639-1."""
_REGION = "(?ai)[-_](?:[a-z]{2}|[0-9]{3}|han[st])"
"""A region (ISO 3166-1, UN M49) or a script of Chinese (ISO 15924) behind a code."""


def is_language(text: str) -> bool:
    """Return whether a text is the code of a language, perhaps with a region."""
    region = text[2:]
    return text[:2].lower() in _CODES and (not region or re.fullmatch(_REGION, region) is not None)


def split_language(stem: str) -> tuple[str, str]:
    """Return the name of a file, which has no ending, without its language, and that; it may be empty."""
    name, _, last = stem.rpartition(".")
    return (name, last) if name and is_language(last) else (stem, "")


def languages_of(path: str) -> tuple[str, ...]:
    """Return the codes of languages in a path: those of its folders, and that of the file's name."""
    *folders, name = path.split(os.sep)
    codes = [*filter(is_language, folders), split_language(os.path.splitext(name)[0])[1]]
    return tuple(code.lower().replace("_", "-") for code in codes if code)
