"""A person as identity knows them: the identifiers that proved to belong together, and the evidence."""

from collections.abc import Iterable

import msgspec

from tailorbird.events import IDENTIFIER_TYPES, Identifier

# Identifiers a person may have; more is a till, a kiosk or a fault, and must not swallow a shop.
NODES = 500

_CODES = {name: bytes([code]) for code, name in enumerate(IDENTIFIER_TYPES)}
USER = _CODES["userId"]


class Component(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The nodes of one person, sorted: the strongest identifier comes first."""

    nodes: tuple[bytes, ...]

    @property
    def person(self) -> bytes:
        """The person's id: the hash of the strongest identifier, of equals the smallest.

        A pure function of the nodes, so it does not depend on the order in which they were found.
        """
        return self.nodes[0][1:]

    def users(self) -> int:
        """How many userIds it holds."""
        return sum(node.startswith(USER) for node in self.nodes)


class Edge(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The first event that named two identifiers together."""

    source: str
    message_id: str
    offset: int
    at: int
    explicit: bool = False  # an alias said so
    refused: str = ""  # why they were not linked; "" where they were


_encode = msgspec.msgpack.Encoder().encode
_decode_component = msgspec.msgpack.Decoder(Component).decode
_decode_edge = msgspec.msgpack.Decoder(Edge).decode


def node_of(identifier: Identifier) -> bytes:
    """The key of an identifier in the graph: the code of its type, then its hash."""
    # The code in front sorts a component by strength, which is what makes its first node name the person.
    code = _CODES.get(identifier.type)
    return (code if code is not None else b"\xff") + identifier.hash


def type_of(node: bytes) -> str:
    """The type that a node's first byte stands for.

    >>> type_of(node_of(Identifier("email", b"h" * 16)))
    'email'
    """
    return IDENTIFIER_TYPES[node[0]] if node[0] < len(IDENTIFIER_TYPES) else "other"


def together(nodes: Iterable[bytes]) -> Component:
    """The component of these nodes."""
    return Component(tuple(sorted(set(nodes))))


def refusal(a: Component, b: Component, explicit: bool) -> str:
    """Why two components must not become one person; "" where they may."""
    if len(a.nodes) + len(b.nodes) > NODES:
        return f"more than {NODES} identifiers"
    if a.users() and b.users() and not explicit:
        return "two userIds"
    return ""


def encode_component(component: Component) -> bytes:
    return _encode(component)


def decode_component(value: bytes) -> Component:
    return _decode_component(value)


def encode_edge(edge: Edge) -> bytes:
    return _encode(edge)


def decode_edge(value: bytes) -> Edge:
    return _decode_edge(value)
