"""What names a person: which values count as identifiers, and the keyed hashes by which the core knows them.

Tracking code sends `"null"`, `"0000"` or `"guest"` where it knows nobody. One such value would melt thousands of
strangers into one person, so they are blocked here, before anything can link by them.
"""

import math
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from tailorbird.events import Identifier

MAX_LENGTH = 512
BLOCKED = frozenset(
    (
        "", "null", "none", "nil", "undefined", "nan", "inf", "infinity", "-inf", "true", "false", "0", "-1",
        "anonymous", "anon", "guest", "unknown", "n/a", "na", "not set", "(not set)", "test", "user", "userid",
        "user_id", "default", "[object object]", "{}", "[]", "deleted", "void", "empty", "-", "?",
    )
)  # fmt: skip


class Known(NamedTuple):
    """One identifier in both forms: hashed for everybody, readable for the sealed part."""

    hashed: Identifier
    readable: tuple[str, str]


def normalise(type: str, value: Any) -> str | None:
    """The form in which an identifier is compared, or None where the value names nobody.

    Text is stripped, whole numbers become text, e-mail is lower-cased. None for blocked words in any case, for
    anything made of zeros and dashes only (`0000`, an all-zero UUID), for other types and for more than 512 characters.

    >>> normalise("email", " Ann@Example.com "), normalise("userId", 42), normalise("userId", "NULL")
    ('ann@example.com', '42', None)
    """
    text = _text(value)
    if text is None or len(text) > MAX_LENGTH:
        return None
    lowered = text.lower()
    if lowered in BLOCKED or not text.strip("0-"):
        return None
    return _mail(lowered) if type == "email" else text


def hash_identifier(site_key: bytes, type: str, value: str) -> bytes:
    """16 bytes that stand for a normalised identifier at this site only: keyed BLAKE2b (RFC 7693) of `type:value`.

    >>> hash_identifier(b"k" * 32, "userId", "42").hex()
    '3b62b007ce8cce0b20d794c1b3c4ff0e'
    """
    return blake2b(f"{type}:{value}".encode(), digest_size=16, key=site_key).digest()


def known(site_key: bytes, type: str, value: Any) -> Known | None:
    """Both forms of a raw value, or None where it names nobody."""
    if value.__class__ is str:
        return _known(site_key, type, value)
    text = _text(value)
    return None if text is None else _known(site_key, type, text)


# The same few thousand people send most events: a hash costs six times a look-up.
@lru_cache(maxsize=65_536)
def _known(site_key: bytes, type: str, text: str) -> Known | None:
    value = normalise(type, text)
    if value is None:
        return None
    return Known(Identifier(type, hash_identifier(site_key, type, value)), (type, value))


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int):
        # Compared as a number first: Python refuses to spell one of more than 4,300 digits, and is slow at fewer.
        return str(value) if abs(value) < 10**MAX_LENGTH else None
    # 42.0 is 42: some clients write whole numbers as fractions, and it must be the same person.
    return str(int(value)) if math.isfinite(value) and value.is_integer() else None


def _mail(text: str) -> str | None:
    name, at, host = text.rpartition("@")
    return text if name and at and host and " " not in text else None
