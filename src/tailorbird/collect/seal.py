"""Sealing: what identifies somebody is encrypted under the key of the event's leaf before it is stored.

AES-128-GCM (NIST SP 800-38D), the nonce of 96 bits in front, the leaf as associated data, so that a blob moved under
another leaf does not open. Destroying a leaf's key makes all that it sealed unreadable for ever. The nonce is a keyed
hash of the content unless one is handed in (the idea of RFC 5297): it repeats only where key and content repeat, and
then it tells no more than that they are equal (docs/why/012).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tailorbird.collect.draft import Draft, RejectedDraft
from tailorbird.errors import Corrupt
from tailorbird.events import Event, Leaf, Rejected, Secret

NONCE_BYTES = 12
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Secret).decode


def seal(draft: Draft, key: bytes, nonce: bytes | None = None) -> Event:
    """The event as the log keeps it: `draft.secret` encrypted under `key`, all else in the open.

    `nonce` is 12 bytes never used before with this key; made of key and content where not given.
    """
    return _event(draft, close_sealed(key, draft.leaf, _encode(draft.secret), nonce))


def seal_all(drafts: Sequence[Draft], keys: Mapping[Leaf, bytes], chance: Callable[[int], bytes]) -> list[Event]:
    """The events of a call, each sealed under its leaf's key; `chance` gives so many random bytes (`os.urandom`).

    Twice as fast as `seal` for each: the nonces come from one draw.
    """
    nonces = chance(NONCE_BYTES * len(drafts))
    events = []
    for index, draft in enumerate(drafts):
        nonce = nonces[index * NONCE_BYTES : (index + 1) * NONCE_BYTES]
        leaf = draft.leaf
        events.append(_event(draft, nonce + _cipher(keys[leaf]).encrypt(nonce, _encode(draft.secret), leaf)))
    return events


def _event(draft: Draft, sealed: bytes) -> Event:
    return Event(
        draft.source,
        draft.message_id,
        draft.type,
        draft.event,
        draft.leaf,
        draft.identifiers,
        draft.timestamp,
        draft.received_at,
        draft.plain_properties,
        draft.plain_context,
        draft.plain_traits,
        draft.consent,
        sealed,
        draft.plan_version,
    )


def seal_rejected(draft: RejectedDraft, key: bytes, nonce: bytes | None = None) -> Rejected:
    """The refused event as the quarantine keeps it: its raw bytes encrypted, reason and place in the open."""
    sealed = close_sealed(key, draft.leaf, draft.raw, nonce)
    return Rejected(
        draft.source, draft.reason, draft.where, draft.detail, draft.leaf, draft.received_at, sealed, draft.path
    )


def open_sealed(key: bytes, leaf: Leaf, sealed: bytes) -> Secret:
    """The secret half of an event; raises Corrupt where key, leaf or bytes do not belong together."""
    return _decode(open_bytes(key, leaf, sealed))


def open_bytes(key: bytes, leaf: Leaf, sealed: bytes) -> bytes:
    """What `close_sealed` sealed; raises Corrupt where key, leaf or bytes do not belong together."""
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], leaf)
    except (InvalidTag, ValueError) as error:
        raise Corrupt(f"The sealed part of a record of leaf {leaf.hex()} does not open with its key.") from error


def close_sealed(key: bytes, leaf: Leaf, content: bytes, nonce: bytes | None = None) -> bytes:
    """nonce + ciphertext + tag of `content`."""
    # Keyed, so that the nonce tells nothing of the content; `person` keeps it apart from other hashes under this key.
    nonce = nonce or blake2b(content, digest_size=NONCE_BYTES, key=key, person=b"seal").digest()
    return nonce + _cipher(key).encrypt(nonce, content, leaf)


# Setting a cipher up costs more than sealing one event with it.
@lru_cache(maxsize=16_384)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def let_go_of_keys() -> None:
    """Hold no key any more: a process that seals or opens calls it every `KEYS_HELD_S` (shell/ports.py), or what was
    destroyed in the store lives on in its memory."""
    _cipher.cache_clear()
