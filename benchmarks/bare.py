"""Servers to compare with, each a process of its own:   python -m benchmarks.bare json|nowrite PORT DATA

json      the plainest thing that could answer: raw ASGI on the same uvicorn, JSON in and out
nowrite   the real web process with a log that forgets: the same endpoint that does not write
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tailorbird.shell.engines import Engines
from tailorbird.shell.ports import Batch


class ForgetfulLog:
    """Takes everything, keeps nothing."""

    def __init__(self) -> None:
        self._end = 0

    def append(self, payloads: Sequence[bytes], *, durable: bool = True) -> int:
        self._end += len(payloads)
        return self._end

    def read(self, after: int, max_bytes: int = 0) -> Batch:
        return Batch([], after)

    def end(self) -> int:
        return self._end

    def wait(self, after: int, timeout_s: float) -> bool:
        return False

    def drop_through(self, offset: int) -> None: ...

    def close(self) -> None: ...


def json_app() -> object:
    """Reads a JSON body, answers a JSON body."""
    read, write = msgspec.json.Decoder().decode, msgspec.json.Encoder().encode

    async def app(scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
        body, more = b"", True
        while more:
            message = await receive()  # type: ignore[operator]
            body, more = body + message.get("body", b""), message.get("more_body", False)
        asked = read(body) if body else {}
        answer = write({"success": True, "fields": len(asked)})
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": answer})  # type: ignore[operator]

    return app


def serve_json(port: int) -> None:
    import uvicorn

    uvicorn.run(json_app(), port=port, log_config=None, access_log=False, lifespan="off", backlog=2048)  # type: ignore[arg-type]


def serve_nowrite(port: int, data: Path) -> None:
    from tailorbird.shell.processes import web

    class Forgetful(Engines):
        @property
        def log(self) -> ForgetfulLog:  # type: ignore[override]
            return self.__dict__.setdefault("forgetful", ForgetfulLog())

    web.Engines = Forgetful  # type: ignore[misc]  # all else stays what serves
    sys.exit(web.main(["--data", str(data), "--set", f"http.port={port}"]))


if __name__ == "__main__":
    kind, port, data = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    serve_json(port) if kind == "json" else serve_nowrite(port, data)
