"""API keys: who may call, and what for.

A key is a definition of kind "key"; its name is the source of the events sent with it. Only the SHA-256 of the key is
kept: whoever reads the store cannot call, and nobody can show a key again after it was made. (A slow hash is for
passwords; a key has 160 random bits.)
"""

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import get_args

import msgspec

from tailorbird.errors import BadDefinition, NotAllowed
from tailorbird.events import Right
from tailorbird.shell.ports import Definition, Definitions

RIGHTS: tuple[str, ...] = get_args(Right)
KIND = "key"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_REMEMBERED = 10_000
_LONGEST = 500  # characters of a header or key that are looked at


class Caller(msgspec.Struct, frozen=True):
    """Who calls: the key's name, and what it may do."""

    name: str
    can: frozenset[str]


def digest_of(key: str) -> str:
    """What is stored instead of the key.

    >>> digest_of("tb_secret")[:8]
    'e1b4546b'
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def create_key(definitions: Definitions, name: str, can: Iterable[str], author: str) -> str:
    """A new key of that name; the only time it can be seen. A second call with the same name replaces the first key.

    Raises BadDefinition for a name or right that is none.
    """
    rights = sorted(set(can))
    if not _NAME.fullmatch(name):
        raise BadDefinition(f"Key name {name!r}: use 1 to 64 letters, digits, '.', '_' or '-'.")
    if not rights or not set(rights) <= set(RIGHTS):
        raise BadDefinition(f"Key {name!r} cannot have the rights {rights}. Known rights: {', '.join(RIGHTS)}.")
    key = "tb_" + base64.b32encode(secrets.token_bytes(20)).decode().lower()
    definitions.put(KIND, name, {"hash": digest_of(key), "can": rights}, author)
    return key


class KeyRing:
    """The keys of one moment, looked up by what a request carries; replaced as a whole when definitions change."""

    def __init__(self, keys: Iterable[Definition]) -> None:
        self._callers: dict[str, Caller] = {}
        for definition in keys:
            # Looked up by their hashes: how long that takes tells nothing of a key.
            digest, can = definition.body.get("hash"), definition.body.get("can", ())
            if isinstance(digest, str) and isinstance(can, list):
                self._callers[digest] = Caller(definition.name, frozenset(map(str, can)))
        self._by_key: dict[str, Caller | None] = {}
        self._by_header: dict[bytes, Caller | None] = {}

    def of_key(self, key: str) -> Caller | None:
        """Whose key this is."""
        if len(key) > _LONGEST:
            return None
        if key in self._by_key:
            return self._by_key[key]
        return _remember(self._by_key, key, self._callers.get(digest_of(key)))

    def of_header(self, value: bytes) -> Caller | None:
        """Whose key stands in this Authorization header: Basic (the user name) or Bearer."""
        if len(value) > _LONGEST:
            return None
        if value in self._by_header:
            return self._by_header[value]
        key = key_in_authorization(value)
        return _remember(self._by_header, value, None if key is None else self.of_key(key))


def _remember(cache: dict, key: str | bytes, caller: Caller | None) -> Caller | None:  # type: ignore[type-arg]
    if len(cache) >= _REMEMBERED:
        cache.clear()  # a flood of wrong keys must not fill the memory
    cache[key] = caller
    return caller


def key_in_authorization(value: bytes) -> str | None:
    """The key in an Authorization header, or None.

    >>> key_in_authorization(b"Basic a2V5Og=="), key_in_authorization(b"Bearer key"), key_in_authorization(b"x")
    ('key', 'key', None)
    """
    scheme, _, rest = value.strip().partition(b" ")
    rest = rest.strip()
    if scheme.lower() == b"bearer":
        return rest.decode("latin-1") or None
    if scheme.lower() != b"basic":
        return None
    try:
        # Validated: else characters outside of the alphabet are passed over, and many headers mean one key.
        user = base64.b64decode(rest, validate=True).partition(b":")[0]
    except (binascii.Error, ValueError):
        return None
    return user.decode("utf-8", "replace") or None


Headers = Mapping[bytes, bytes]


def caller_of(ring: KeyRing, headers: Headers) -> Caller | None:
    """Who calls by these headers (Authorization or X-Api-Key); None if they carry no known key."""
    if (value := headers.get(b"authorization")) is not None:
        return ring.of_header(value)
    if (value := headers.get(b"x-api-key")) is not None:
        return ring.of_key(value.decode("latin-1").strip())
    return None


def require(caller: Caller | None, right: Right) -> Caller:
    """The caller, if it may; raises NotAllowed (401 for nobody known, 403 for a known key without the right)."""
    if caller is None:
        raise NotAllowed("No known API key came with this call. Send one as Basic user name, Bearer or X-Api-Key.")
    if right not in caller.can:
        have = ", ".join(sorted(caller.can)) or "nothing"
        raise NotAllowed(f"Key '{caller.name}' may {have}; this call needs '{right}'.", known=True)
    return caller
