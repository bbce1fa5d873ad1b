"""A recording server that speaks the three calls the SDK makes, and a real browser to make them."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sdk_wait import wait_until

from tailorbird.sdk import PATH

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization, content-type"}


class Recorder:
    """Serves `html` at every path and keeps what the SDK posts; `away` makes it answer 503."""

    def __init__(self) -> None:
        self.html = ""
        self.away = False
        self.batches: list[dict[str, Any]] = []
        self.content_types: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self.offered: dict[str, list[dict[str, Any]]] = {}
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_sdk = self.path == "/tailorbird.js"
                kind = "text/javascript" if is_sdk else "text/html; charset=utf-8"
                answer(self, 200, PATH.read_bytes() if is_sdk else recorder.html.encode(), kind)

            def do_OPTIONS(self) -> None:
                answer(self, 204, b"", "text/plain")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, reply = recorder.receive(self.path, json.loads(body), self.headers["Content-Type"])
                answer(self, status, json.dumps(reply).encode(), "application/json")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def receive(self, path: str, body: dict[str, Any], content_type: str) -> tuple[int, dict[str, Any]]:
        if self.away:
            return 503, {"success": False}
        if path == "/v1/decide":
            self.asked.append(body)
            return 200, {"decisions": {name: self.decision(name) for name in body["placements"]}}
        self.batches.append(body)
        self.content_types.append(content_type)
        return 200, {"success": True, "offset": str(1000 + len(self.batches))}

    def decision(self, placement: str) -> dict[str, Any]:
        return {"id": f"decision-{placement}", "placement": placement, "items": self.offered.get(placement, [])}

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event once, as the server would count them."""
        return list({event["messageId"]: event for batch in self.batches for event in batch["batch"]}.values())

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event.get("event", event["type"]) == name]

    def wait_for(self, name: str, seconds: float = 5) -> dict[str, Any]:
        """The first event of that name; fails the test if none comes."""
        wait_until(lambda: bool(self.named(name)), seconds)
        assert self.named(name), f"no {name!r} among {[event.get('event', event['type']) for event in self.events]}"
        return self.named(name)[0]


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, content_type: str) -> None:
    handler.send_response(status)
    for name, value in {**CORS, "Content-Type": content_type, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A fresh visitor's tab that remembers what went wrong on its pages in `page.errors`."""
    context = chromium.new_context(viewport={"width": 800, "height": 600})
    tab = context.new_page()
    tab.errors = []
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    yield tab
    context.close()
    assert tab.errors == []


@pytest.fixture
def shop() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.server.shutdown()
    recorder.server.server_close()


SCRIPT = '<script src="/tailorbird.js" data-key="K" {options}></script>'


@pytest.fixture
def visit(shop: Recorder, page: Any) -> Callable[..., Any]:
    """visit("<p>body</p>", 'data-auto="page"', path="/x") opens a page that loads the SDK."""

    def open_page(body: str = "", options: str = "", path: str = "/") -> Any:
        shop.html = f"<!doctype html><title>Shop</title><body>{body}{SCRIPT.format(options=options)}"
        page.goto(shop.url + path)
        return page

    return open_page
