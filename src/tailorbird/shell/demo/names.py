"""Readable names for a till's labels: "SW GDS:DONUTS" is "Donuts", "22 LB" is "22 lb"."""

import re
from functools import cache

from tailorbird.shell.demo.words import TABLES

_WORDS: dict[str, str] = TABLES["words"]
_NAMES: dict[str, str] = TABLES["names"]
_COUNTERS: dict[str, str] = TABLES["counters"]
_VAGUE, _HEADS, _FRONT = set(TABLES["vague"]), set(TABLES["heads"]), set(TABLES["front"])
_NOISE, _SMALL, _UPPER = set(TABLES["noise"]), set(TABLES["small"]), set(TABLES["upper"])

_UNITS = {
    "OZ": "oz", "CT": "ct", "LB": "lb", "ML": "ml", "IN": "in", "L": "l", "PK": "pack", "QT": "qt", "PC": "pc",
    "GAL": "gal", "GA": "gal", "PT": "pt", "DZ": "dozen", "DOZ": "dozen", "FT": "ft", "STEM": "stem", "LOADS": "loads",
    "LOAD": "loads", "LD": "loads", "LDS": "loads", "CM": "cm", "GM": "g", "G": "g", "KIT": "kit", "ROLL": "roll",
    "CUP": "cup", "SQ": "sq", "FL": "fl", "Z": "oz", "LARGE": "large", "SMALL": "small", "MED": "medium",
    "MEDIUM": "medium", "MINI": "mini", "HALF": "half", "X": "x",
}  # fmt: skip
_ALONE = {"PT", "QT", "GAL", "GA", "LB", "L", "DZ", "DOZ"}  # a lone unit means one of it
# Till numbers, not sizes.
_UNREADABLE = re.compile(r"^[/X-]|^L \d|\b0\d{2,}|\b\d+ \d+ (?!/)|^[\d. /-]+$")
_SIZE = re.compile(r"[0-9.]+|[A-Z]+|/|-")


@cache
def item_name(product_type: str | None, category: str | None, size: str | None = None) -> str:
    """What a shopper would call it, with its size if that can be read.

    >>> item_name("FLUID MILK WHITE ONLY", "FLUID MILK PRODUCTS", "1 GAL")
    'White Milk, 1 gal'
    >>> item_name("PREMIUM", "ICE CREAM/MILK/SHERBTS")
    'Premium Ice Cream'
    >>> item_name("BREAD:ITALIAN/FRENCH", "BREAD", "16 OZ")
    'Italian & French Bread, 16 oz'
    >>> item_name(None, None)
    'Assorted'
    """
    name = _type_name(product_type or category or "MISCELLANEOUS", category or "")
    readable = size_name(size)
    return f"{name}, {readable}" if readable else name


@cache
def category_name(category: str | None) -> str:
    """The aisle.

    >>> category_name("FRZN BREAKFAST FOODS"), category_name("HOUSEHOLD CLEANG NEEDS"), category_name(None)
    ('Frozen Breakfast Foods', 'Household Cleaning Needs', 'Miscellaneous')
    """
    return TABLES["categories"].get(category or "") or _words(category or "") or "Miscellaneous"


@cache
def department_name(department: str | None) -> str:
    """The part of the store.

    >>> department_name("MEAT-PCKGD"), department_name("GROCERY")
    ('Packaged Meat', 'Grocery')
    """
    return TABLES["departments"].get(department or "") or _words(department or "") or "Miscellaneous"


@cache
def size_name(size: str | None) -> str:
    """A package size in lower-case units, or "" where the till's text is no size.

    >>> size_name("22 LB"), size_name("12 PK/12 OZ"), size_name(".5 OZ"), size_name("985739  PK"), size_name("CTN")
    ('22 lb', '12 pack / 12 oz', '0.5 oz', '', '')
    """
    parts = _SIZE.findall(size or "")
    if not parts or not all(_readable(part) for part in parts) or _UNREADABLE.search(" ".join(parts)):
        return ""
    if parts[0] in _ALONE:
        parts = ["1", *parts]
    text = " ".join(_UNITS.get(part) or (f"0{part}" if part[0] == "." else part) for part in parts)
    return re.sub(r"(\d) ([/-]) (?=[\d.])", r"\1\2", text)


def _readable(part: str) -> bool:
    return part in _UNITS or part in "/-" or (part[0] in "0123456789." and len(part) < 6)


def _type_name(label: str, category: str) -> str:
    if label in _NAMES:
        return _NAMES[label]
    if label in _VAGUE and category:
        return f"{_words(label)} {TABLES['aisles'].get(category) or category_name(category)}"
    label = re.sub(r"\(.*", "", label).strip() or label
    if label.endswith("-MAGAZINE"):
        return f"{_words(label.removesuffix('-MAGAZINE'))} Magazine"
    head, colon, tail = label.partition(":")
    if colon and tail.strip():
        return _join(_words(tail), _COUNTERS.get(head.strip(), _words(head)))
    head, dash, tail = re.sub(r"([A-Z]{3}S)-\s*", r"\1 - ", label).partition(" - ")
    if dash and head in _COUNTERS:
        return _join(_words(tail), _COUNTERS[head])
    kind = _words(tail)
    return f"{_words(head)}, {kind}" if dash and kind else _turned(head)


def _turned(label: str) -> str:
    """ "POTATOES RUSSET" as "Russet Potatoes", "SPAGHETTI DRY" as "Dry Spaghetti"."""
    words = label.split()
    if len(words) > 1 and words[0] in _HEADS and not {"&", "AND"} & set(words):
        words = [*words[1:], words[0]]
    if len(words) > 1 and words[-1] in _FRONT:
        words = [words[-1], *words[:-1]]
    return _words(" ".join(words))


def _join(kind: str, thing: str) -> str:
    return kind if not thing or thing.lower() in kind.lower() else f"{kind} {thing}"


def _words(label: str) -> str:
    spaced = re.sub(r"\s*[/&]+\s*", " & ", label.replace("W/", "WITH ")).replace(" S ", "'s ")
    words = [_word(word, first=index == 0) for index, word in enumerate(re.split(r"[\s.]+", spaced.strip()))]
    return re.sub(r" & (?:& )+", " & ", " ".join(word for word in words if word)).strip(" &,-")


def _word(word: str, *, first: bool) -> str:
    if word in _WORDS:
        return _WORDS[word]
    low = word.lower()
    if low in _NOISE:
        return ""
    if low in _UPPER:
        return word
    if low in _SMALL and not first:
        return low
    return "-".join(_WORDS.get(part) or part.capitalize() for part in word.split("-"))
