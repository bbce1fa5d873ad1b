"""Reading a person: found by an identifier, shown as plain data, with what they did. For API, CLI and console."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec

from tailorbird.collect.identifiers import hash_identifier, normalise
from tailorbird.events import DAY_MS, IDENTIFIER_TYPES, Decided, Event, Identifier, decode_record
from tailorbird.know.affinity import decayed, shares
from tailorbird.know.component import Component, decode_component, decode_edge, node_of, type_of
from tailorbird.know.counters import WINDOWS, window
from tailorbird.know.predictions import is_fresh
from tailorbird.know.profile import Counter, Prediction, Profile, decode_profile
from tailorbird.know.sessions import GAP_MS
from tailorbird.know.tables import EDGE, EVENT, LEAF, NODE, PERSON, PROFILE, after, offset_of
from tailorbird.shell.ports import Keys, Snapshot
from tailorbird.shell.run import opened

EARLIEST, LATEST = -62_135_596_800_000, 253_402_300_799_000  # the years 1 to 9999
YEARLY = (*WINDOWS, 365)
CHUNK = 250  # records fetched at once


def find(snapshot: Snapshot, site_key: bytes, type: str, value: Any) -> bytes | None:
    """The person whom an identifier belongs to; None for a blocked value, an unknown type or an unknown person."""
    text = normalise(type, value) if type in IDENTIFIER_TYPES else None
    if text is None:
        return None
    return snapshot.get(NODE, node_of(Identifier(type, hash_identifier(site_key, type, text))))


def find_any(snapshot: Snapshot, site_key: bytes, identifiers: Mapping[str, Any]) -> bytes | None:
    """The person of the strongest known identifier among `{"userId": "42", "anonymousId": "..."}`."""
    # Strongest first: on a shared device the userId says who is there now.
    for type in IDENTIFIER_TYPES:
        person = find(snapshot, site_key, type, identifiers[type]) if identifiers.get(type) is not None else None
        if person is not None:
            return person
    return None


def read_profile(snapshot: Snapshot, person: bytes) -> Profile | None:
    """What is known of a person; None where there is no such person."""
    value = snapshot.get(PROFILE, person)
    return decode_profile(value) if value is not None else None


def view(profile: Profile, now: int) -> dict[str, Any]:
    """The profile as JSON-able data; windows, affinities and the session as they are at `now` (ms)."""
    return {
        "person": profile.person.hex(),
        "version": profile.version,
        "first_seen_at": iso(profile.first_seen_at),
        "last_seen_at": iso(profile.last_seen_at),
        "identifiers": profile.identifiers,
        "traits": {name: msgspec.to_builtins(value) for name, value in sorted(profile.traits.items())},
        "counters": {name: _counter(counter, now) for name, counter in sorted(profile.counters.items())},
        "rfm": _rfm(profile, now),
        "affinities": {
            "category": _affinities(profile.categories, now),
            "brand": _affinities(profile.brands, now),
        },
        "recent": [{"item": t.item, "kind": t.kind, "at": iso(t.at)} for t in reversed(profile.recent)],
        "bought": [
            {"item": item, "times": b.times, "first_at": iso(b.first_at), "last_at": iso(b.last_at)}
            for item, b in sorted(profile.bought.items(), key=lambda pair: (-pair[1].last_at, pair[0]))
        ],
        "sessions": _sessions(profile, now),
        "consent": {
            purpose: {"granted": word.granted, "at": iso(word.at), "source": word.source}
            for purpose, word in sorted(profile.consent.items())
        },
        "groups": profile.groups,
        "predictions": {
            model: _prediction(word, now) for model, word in sorted(profile.predictions.items()) if is_fresh(word, now)
        },
    }


def _prediction(word: Prediction, now: int) -> dict[str, Any]:
    label = {"label": word.label} if word.label else {}
    return {
        "value": word.value,
        **label,
        "said_at": iso(word.at),
        "age_s": (now - word.at) // 1000,
        "model": word.version,
    }


def _counter(counter: Counter, now: int) -> dict[str, Any]:
    days = {str(length): window(counter.days, now, length) for length in WINDOWS}
    return {"total": counter.total, "days": days, "first_at": iso(counter.first_at), "last_at": iso(counter.last_at)}


def _rfm(profile: Profile, now: int) -> dict[str, Any]:
    orders = profile.orders
    return {
        "recency_days": (now - profile.last_order_at) // DAY_MS if orders else None,
        "frequency": orders,
        "monetary": profile.revenue,
        "average_order": round(profile.revenue / orders, 2) if orders else None,
        "first_order_at": iso(profile.first_order_at) if orders else None,
        "last_order_at": iso(profile.last_order_at) if orders else None,
        "revenue_days": {str(length): round(window(profile.revenue_days, now, length), 6) for length in YEARLY},
    }


def _affinities(affinities: Mapping[str, float], now: int) -> list[dict[str, Any]]:
    return [
        {"name": name, "value": round(decayed(affinities[name], now), 6), "share": round(share, 6)}
        for name, share in shares(affinities, now).items()
    ]


def _sessions(profile: Profile, now: int) -> dict[str, Any]:
    return {
        "count": profile.sessions,
        "active": bool(profile.sessions) and now - profile.session_last_at <= GAP_MS,
        "latest": [{"start": iso(start), "last": iso(last)} for start, last in reversed(profile.spans)],
    }


def component(snapshot: Snapshot, person: bytes) -> Component | None:
    """The identifiers of a person, as identity knows them."""
    value = snapshot.get(PERSON, person)
    return decode_component(value) if value is not None else None


def links(snapshot: Snapshot, person: bytes) -> list[dict[str, Any]]:
    """Why identifiers are, or were refused to be, this person's: the evidence, oldest first. Hashes only."""
    found = component(snapshot, person)
    rows = []
    for node in found.nodes if found else ():
        for key, value in snapshot.scan(EDGE, node, after(node)):
            edge, other = decode_edge(value), key[len(node) :]
            ends = {"a": _end(node), "b": _end(other)}
            evidence = {"source": edge.source, "message_id": edge.message_id, "offset": str(edge.offset)}
            said = {"at": iso(edge.at), "explicit": edge.explicit, "refused": edge.refused or None}
            rows.append({**ends, **evidence, **said})
    return sorted(rows, key=lambda row: row["at"])


def _end(node: bytes) -> dict[str, str]:
    return {"type": type_of(node), "hash": node[1:].hex()}


def records(snapshot: Snapshot, person: bytes) -> Iterator[tuple[int, Event | Decided]]:
    """All that the person did and was offered, latest first, without a scan of anybody else's."""
    found = component(snapshot, person)
    leaves = [node[1:] for node in found.nodes] if found else []
    # Keys end with the offset, big-endian: their bytes sort as the numbers do.
    offsets = [key[-8:] for leaf in leaves for key, _ in snapshot.scan(LEAF, leaf, after(leaf))]
    # Eight bytes each: even a leaf with a million records sorts in a moment.
    offsets.sort(reverse=True)
    for start in range(0, len(offsets), CHUNK):
        chunk = offsets[start : start + CHUNK]
        for key, payload in zip(chunk, snapshot.get_many(EVENT, chunk), strict=True):
            if payload is not None:
                yield offset_of(key), decode_record(payload)  # type: ignore[misc]


def timeline(snapshot: Snapshot, keys: Keys, person: bytes, limit: int = 100) -> list[dict[str, Any]]:
    """The person's latest records as JSON-able data, with the sealed parts opened where their keys still exist."""
    return [_row(offset, record, keys) for offset, record in islice(records(snapshot, person), limit)]


def _row(offset: int, record: Event | Decided, keys: Keys) -> dict[str, Any]:
    if isinstance(record, Decided):
        shown = {"id": record.id, "placement": record.placement, "items": record.items, "link": record.link}
        return {"offset": str(offset), "type": "decision", "at": iso(record.at), **shown}
    secret = opened(keys, record)
    return {
        "offset": str(offset),
        "type": record.type,
        "event": record.event,
        "at": iso(record.timestamp),
        "received_at": iso(record.received_at),
        "source": record.source,
        "message_id": record.message_id,
        "identifiers": [list(pair) for pair in secret.identifiers] if secret else [],
        "properties": {**record.plain_properties, **(secret.properties if secret else {})},
        "context": {**record.plain_context, **(secret.context if secret else {})},
        "traits": {**record.plain_traits, **(secret.traits if secret else {})},
        "readable": secret is not None,
    }


def iso(at: int) -> str:
    """A time as ISO 8601 in UTC.

    >>> iso(0)
    '1970-01-01T00:00:00.000Z'
    """
    if not EARLIEST <= at <= LATEST:
        return str(at)  # a year that ISO 8601 does not write in four digits
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
