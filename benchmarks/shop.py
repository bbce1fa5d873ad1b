"""Live shops for benchmarks: one of 5,000 items, 3,000 shoppers with habits, a trained model and one long history; and
one of 100,000 items, with a model made up for it and many long histories.
"""

import json
import random
import re
import socket
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.big_model import ITEMS as BIG
from benchmarks.big_model import POPULAR_POWER, big
from tailorbird.shell.layout import Layout
from tailorbird.shell.models import Models
from tailorbird.testing.killing import wait_sealed
from tailorbird.testing.live import LiveServer, tailorbird

ITEMS, SHOPPERS, CATEGORIES = 5_000, 3_000, 60
REGULAR = {"userId": "regular"}
AT_ONCE = 5_000  # items in one call


@contextmanager
def live_shop(workers: int = 1, *, shoppers: int = SHOPPERS) -> Iterator[LiveServer]:
    """A server on a folder of its own, stocked, shopped in and trained."""
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder) / "data", workers=workers)
        with server:
            stock(server, ITEMS)
            send(server, orders(shoppers))
            send(server, [visit(REGULAR, i * 37 % 600, i) for i in range(50)])
            wait_sealed(server)
            tailorbird("train", "--data", str(server.data), timeout_s=300)
            yield server


@contextmanager
def large_shop(regulars: list[dict[str, str]]) -> Iterator[LiveServer]:
    """A server on a folder of its own, stocked with 100,000 items, with 50 views of each regular and the big model."""
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder) / "data")
        with server:
            stock(server, BIG)
            chance = random.Random(7)
            views = [int(BIG * chance.random() ** POPULAR_POWER) for _ in range(50 * len(regulars))]
            send(server, [visit(who, views.pop(), i) for who in regulars for i in range(50)])
            models = Models(Layout(server.data).models)
            models.promote(models.save(big("1-plain")))
            yield server


def stock(server: LiveServer, count: int) -> None:
    items = [
        {
            "id": f"p{i}",
            "name": f"Product {i}",
            "category": f"c{i % CATEGORIES}",
            "brand": f"b{i % 90}",
            "price": 1 + i % 50,
        }
        for i in range(count)
    ]
    for start in range(0, count, AT_ONCE):
        status, answer = server.post("/v1/items", items[start : start + AT_ONCE])
        assert status == 200, (status, answer)


def orders(shoppers: int) -> list[dict[str, object]]:
    """Six orders a shopper, mostly from a few categories of their own, so that there is something to learn."""
    chance = random.Random(5)
    found = []
    for shopper in range(shoppers):
        favourites = [chance.randrange(CATEGORIES) for _ in range(3)]
        for order in range(6):
            ids = [chance.choice(favourites) + CATEGORIES * min(int(chance.expovariate(0.1)), 80) for _ in range(8)]
            products = [
                {"product_id": f"p{i}", "category": f"c{i % CATEGORIES}", "price": 2.0, "quantity": 1} for i in ids
            ]
            day = 1 + (shopper + order * 4) % 28
            name = f"o{shopper}-{order}"
            found.append({
                "type": "track", "event": "Order Completed", "userId": f"u{shopper}", "messageId": name,
                "timestamp": f"2026-10-{day:02d}T12:00:00Z",
                "properties": {"order_id": name, "revenue": 16.0, "products": products},
            })  # fmt: skip
    return found


def visit(who: dict[str, str], item: int, number: int) -> dict[str, object]:
    """One of a regular's views."""
    properties = {"product_id": f"p{item}", "category": f"c{item % CATEGORIES}"}
    name = f"v{who['userId']}-{number}"
    return {"type": "track", "event": "Product Viewed", **who, "messageId": name, "properties": properties}


def send(server: LiveServer, events: list[dict[str, object]]) -> None:
    """Post them in batches; every answer must be 200."""
    for start in range(0, len(events), 500):
        status, answer = server.post("/v1/batch", {"batch": events[start : start + 500]})
        assert status == 200, (status, answer)


class Client:
    """One kept-alive connection that speaks JSON, on a bare socket.

    Python's own client takes 100 us and more for a call, and all lanes of `pace.paced` share one interpreter: at some
    thousand calls a second it was the client whose queue was measured.
    """

    def __init__(self, server: LiveServer) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        basic = b64encode(f"{server.key}:".encode())
        self._headers = b"Host: 127.0.0.1:%d\r\nAuthorization: Basic %s\r\nContent-Type: application/json" % (
            server.port,
            basic,
        )

    def post(self, path: str, body: object) -> tuple[int, dict]:  # type: ignore[type-arg]
        status, text = self._post(path, json.dumps(body).encode())
        return status, json.loads(text)

    def post_bytes(self, path: str, body: bytes) -> int:
        """The status only, for bodies made beforehand."""
        return self._post(path, body)[0]

    def _post(self, path: str, body: bytes) -> tuple[int, bytes]:
        first = b"POST %s HTTP/1.1\r\n%s\r\nContent-Length: %d\r\n\r\n" % (path.encode(), self._headers, len(body))
        self._socket.sendall(first + body)
        head, text = self._head()
        size = int(LENGTH.search(head)[1])  # type: ignore[index]  # all our answers say it
        while len(text) < size:
            text += self._more()
        return int(head.split(b" ", 2)[1]), text

    def _head(self) -> tuple[bytes, bytes]:
        """The head of an answer, and what came of its body."""
        data = self._more()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        return data[:end], data[end + 4 :]

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
