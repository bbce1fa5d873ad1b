"""What a field of an event says as a kind of the language; None for all else: nothing is bent to fit."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

# Two of the largest doubles add up to infinity, which no later event takes back: nothing that counts comes near this.
MOST = 1e100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Every library reads other forms beside: only what all of them read alike is a time (`shell.history` asks the same).
_OF_DAY = "([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]{1,3})?)?Z?"
TIME_TEXT = f"(19[7-9][0-9]|[2-9][0-9]{{3}})-[0-9]{{2}}-[0-9]{{2}}([T ]{_OF_DAY})?"
_TIME = re.compile(TIME_TEXT).fullmatch


def time(value: Any) -> int | None:
    """Whole ms since 1970 of text in UTC as `accept` writes it, or a shorter form of that.

    >>> time("1970-01-01T00:00:01.5Z"), time("1970-01-02"), time("tomorrow"), time("20200101")
    (1500, 86400000, None, None)
    """
    if value.__class__ is not str or not _TIME(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:  # the 30th of February
        return None
    return round((moment.replace(tzinfo=UTC) - _EPOCH).total_seconds() * 1000)


def dig(found: Any, path: tuple[str, ...]) -> Any:
    """What stands under a path of nested objects.

    >>> dig({"shipping": {"country": "DE"}}, ("shipping", "country")), dig({"shipping": 3}, ("shipping", "country"))
    ('DE', None)
    """
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def elements(found: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a list."""
    if isinstance(found, list):
        for element in found:
            if isinstance(element, dict):
                yield element


def lines(properties: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What an order bought: its products, or itself where it lists none (`know.items.purchase`)."""
    products = properties.get("products")
    return elements(products) if isinstance(products, list) else iter((properties,))


def bucket(salt: str, person: bytes) -> float:
    """A number in [0, 100), the same for ever for one person and salt.

    >>> bucket("autumn", b"p" * 16) == bucket("autumn", b"p" * 16)
    True
    """
    # md5, because every engine of the batch side has it and must draw the same number.
    digest = md5(f"{salt}:{person.hex()}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % 10_000 / 100
