"""Which person an event belongs to: step 3 of the flow.

Identifiers named together in one event belong to one person. The graph of who was named with whom is kept with its
evidence, so that a link can be undone; persons are its components. The rules:

- A person never holds two userIds, unless an `alias` names both. An identifier that would bring a second userId in
  stays with whom it belonged to first, the event goes to its strongest identifier, and the refusal is evidence too.
- Blocked values ("null", "anonymous", "0000" ...) never get here: `collect` removes them.
- In histories without such conflicts, persons do not depend on the order of events (law 6).

The stage has its own tables (node, person, edge, links). The profile stage never reads them: it is told, by `Told`,
whose profile is to be handed over to whom.
"""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from tailorbird.events import Identifier
from tailorbird.know.component import (
    Component,
    Edge,
    decode_component,
    decode_edge,
    encode_component,
    encode_edge,
    node_of,
    refusal,
    together,
)
from tailorbird.know.heading import Heading
from tailorbird.know.tables import EDGE, LINKS, NODE, PERSON, Reader, Writes, encode, offset_key

CACHED = 200_000  # identifiers and pairs kept at hand; the rest is read from the store


class Told(msgspec.Struct, frozen=True, gc=False):
    """What identity tells the profile stage about one event."""

    person: bytes
    joined: tuple[int, ...] = ()  # positions of identifiers that became the person's by this event
    merged: tuple[bytes, ...] = ()  # persons who are this person now
    before: tuple[tuple[bytes, tuple[bytes, ...]], ...] = ()  # where persons merged: each with their nodes until now


class Identity:
    """The live graph: what it looks up it keeps at hand, what it learns it writes to `writes`."""

    def __init__(self) -> None:
        self.writes: Writes = {}
        self._person: dict[bytes, bytes | None] = {}  # hash -> person; None: the store does not know it
        self._settled: set[bytes] = set()  # identifiers named together before, as their hashes in a row
        self._reader: Reader | None = None
        self._links = 0

    def begin(self, reader: Reader) -> None:
        """A new batch, with `writes` of its own; `reader` serves until the next one."""
        self._reader = reader
        self.writes = {}
        # All at once and between batches: the cache only saves lookups, the store knows the same.
        if len(self._person) + len(self._settled) > CACHED:
            self._person.clear()
            self._settled.clear()

    def look_up(self, events: Sequence[Heading]) -> set[bytes]:
        """Fetch whatever these events name, at once, and say which persons that concerns."""
        assert self._reader is not None, "begin comes first"
        known = self._person
        hashes = {identifier.hash for event in events for identifier in event.identifiers}
        persons = set(map(known.get, hashes))
        if None in persons:  # somebody is new, or not at hand
            named = {i.hash: node_of(i) for event in events for i in event.identifiers if i.hash not in known}
            known.update(zip(named, self._reader.get_many(NODE, list(named.values())), strict=True))
            persons = set(map(known.get, hashes))
        return {person for person in persons if person is not None}

    def known(self, event: Heading) -> Collection[bytes]:
        """The persons whom the event's identifiers belong to so far."""
        known = self._person
        if len(event.identifiers) == 1:
            person = known.get(event.leaf)
            return (person,) if person else ()
        return {person for i in event.identifiers if (person := known[i.hash])}

    def settled(self, event: Heading) -> bytes | None:
        """The event's person, if it says nothing new about who they are."""
        identifiers = event.identifiers
        if len(identifiers) == 1 or together_key(identifiers) in self._settled:
            return self._person.get(event.leaf)
        return None

    def resolve(self, event: Heading, offset: int) -> Told:
        """The event's person, after linking what the event names together."""
        person = self.settled(event)
        return self._link(event, offset) if person is None else Told(person)

    def _link(self, event: Heading, offset: int) -> Told:
        work = _Work(self, event, offset)
        for position, other in self._others(event):
            work.join(position, other)
        told = work.close()
        if event.type == "alias":
            self._settled.clear()  # what was refused between the two may be theirs now
        else:
            self._settled.add(together_key(event.identifiers))
        return told

    def _others(self, event: Heading) -> list[tuple[int, Identifier]]:
        """All but the first, with their positions.

        An alias's previousId comes as a userId and as an anonymousId, because the call does not say which it was:
        the one that the graph knows counts, else the anonymousId.
        """
        others = list(enumerate(event.identifiers))[1:]
        if event.type != "alias":
            return others
        # Linking both would invent a userId that nobody ever had.
        known = [(at, other) for at, other in others if self.person_of(other.hash) or other.type != "userId"]
        if any(other.type == "userId" for _, other in known):
            return [(at, other) for at, other in known if self.person_of(other.hash)]
        return known

    def component(self, person: bytes) -> Component:
        """The identifiers of a person whom the graph knows."""
        value = self.get(PERSON, person)
        if value is None:
            raise LookupError(f"identity knows no component of person {person.hex()}; rebuild the state")
        return decode_component(value)

    def edge(self, key: bytes) -> Edge | None:
        """The evidence of one pair, if it was ever named together."""
        value = self.get(EDGE, key)
        return decode_edge(value) if value is not None else None

    def get(self, table: str, key: bytes) -> bytes | None:
        """What stands in the table, this batch's writes included."""
        written = self.writes.get(table, {})
        if key in written:
            return written[key]
        assert self._reader is not None, "begin comes first"
        return self._reader.get(table, key)

    def person_of(self, hash: bytes) -> bytes | None:
        """Whom an identifier that was looked up belongs to."""
        return self._person.get(hash)

    def put(self, table: str, key: bytes, value: bytes | None) -> None:
        self.writes.setdefault(table, {})[key] = value

    def move(self, nodes: Iterable[bytes], person: bytes, offset: int, at: int) -> None:
        """From `offset` on these nodes, and the events whose leaf they are, belong to `person`."""
        links = self.writes.setdefault(LINKS, {})
        for number, node in enumerate(sorted(nodes)):
            self._person[node[1:]] = person
            self.put(NODE, node, person)
            # Numbered, because one event may move many nodes; sorted, so that a replay numbers them alike.
            links[offset_key(offset) + number.to_bytes(4, "big")] = encode((node[1:], person, offset, at))


class _Work:
    """One event's work on the graph: a component that grows, and what has to move when it is done."""

    def __init__(self, graph: Identity, event: Heading, offset: int) -> None:
        self.graph, self.event, self.offset = graph, event, offset
        root = event.identifiers[0]
        self.root = node_of(root)
        self.root_is_user = root.type == "userId"
        person = graph.person_of(root.hash)
        self.joined = [0] if person is None else []
        self.new = [self.root] if person is None else []  # nodes that no person had
        self.were: dict[bytes, Component | None] = {} if person is None else {person: None}  # persons before, read late

    def join(self, position: int, other: Identifier) -> None:
        """Link one more identifier to the root, or keep why not."""
        node = node_of(other)
        explicit = self.event.type == "alias" and self.root_is_user and other.type == "userId"
        edge = self.graph.edge(self.root + node)
        # A pair is judged once: then whether it is at hand or read from the store makes no difference (law 3).
        if node == self.root or (edge is not None and not (explicit and edge.refused)):
            return
        person = self.graph.person_of(other.hash)
        refused = "" if person in self.were else self._take(position, node, person, explicit)
        event = self.event
        evidence = Edge(event.source, event.message_id, self.offset, event.timestamp, explicit, refused)
        self.graph.put(EDGE, self.root + node, encode_edge(evidence))

    def _take(self, position: int, node: bytes, person: bytes | None, explicit: bool) -> str:
        theirs = Component((node,)) if person is None else self.graph.component(person)
        refused = refusal(self.whole(), theirs, explicit)
        if refused:
            return refused
        if person is None:
            self.new.append(node)
            self.joined.append(position)
        else:
            self.were[person] = theirs
        return ""

    def _was(self, person: bytes) -> Component:
        # Read late: an event that only confirms what is known needs no component.
        component = self.were[person] or self.graph.component(person)
        self.were[person] = component
        return component

    def whole(self) -> Component:
        """The component as it would be now."""
        return together([*self.new, *(node for person in self.were for node in self._was(person).nodes)])

    def close(self) -> Told:
        """Write what changed; who the event's person is and who they were before."""
        if len(self.were) == 1 and not self.new:
            return Told(next(iter(self.were)))
        component, graph = self.whole(), self.graph
        person = component.person
        # Only nodes whose person changes move, whatever else happens to be at hand: `links` must not tell of caches.
        merged = tuple(sorted(old for old in self.were if old != person))
        moved = [*self.new, *(node for old in merged for node in self._was(old).nodes)]
        before = tuple((old, self._was(old).nodes) for old in self.were) if merged else ()
        graph.move(moved, person, self.offset, self.event.timestamp)
        # An id that lost never comes back: components only grow, and the strongest identifier wins.
        for old in merged:
            graph.put(PERSON, old, None)
        graph.put(PERSON, person, encode_component(component))
        return Told(person, tuple(self.joined), merged, before)


def together_key(identifiers: Sequence[Identifier]) -> bytes:
    """Bytes that stand for identifiers named together."""
    return b"".join([identifier.hash for identifier in identifiers])
