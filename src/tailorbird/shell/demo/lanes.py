"""Events through the front door: HTTP batches over kept-alive connections, no faster than the server takes them."""

import base64
import http.client
import json
import queue
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from tailorbird.errors import TailorbirdError, Unavailable
from tailorbird.shell.demo.orders import Sent

BATCH_BYTES = 300_000  # a call may have 500 KB
WAITING = 3  # batches ready per lane; beyond that building waits for sending
PATIENCE_S = 120.0  # how long a server may be away before the demo gives up


class NotTaken(TailorbirdError):
    """The server answered, but not with yes; says what it said."""


class Lane(threading.Thread):
    """One connection with a queue. `done` counts its events that are acknowledged, `offset` is the last token."""

    def __init__(self, url: str, key: str, done: int = 0) -> None:
        super().__init__(daemon=True, name="lane")
        self.done, self.offset = done, 0
        self.error: Exception | None = None
        self._calls: queue.Queue[tuple[int, list[bytes]] | None] = queue.Queue(WAITING)
        self._address = urlsplit(url)
        self._head = {
            "Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
            "Content-Type": "application/json",
        }
        self._connection: http.client.HTTPConnection | None = None

    def put(self, events: int, calls: list[bytes]) -> None:
        """Queue a batch that stands for so many events; waits while the queue is full. Raises what stopped the lane."""
        while True:
            if self.error is not None:
                raise self.error
            with suppress(queue.Full):
                return self._calls.put((events, calls), timeout=0.5)

    def finish(self) -> None:
        """Wait until everything queued is acknowledged. Raises what stopped the lane."""
        # The end is put again and again: a lane that failed reads its queue no more.
        while self.is_alive():
            with suppress(queue.Full):
                self._calls.put(None, timeout=0.1)
            self.join(0.1)
        if self.error is not None:
            raise self.error

    def run(self) -> None:
        try:
            while (batch := self._calls.get()) is not None:
                events, calls = batch
                if calls:
                    self.offset = max(self.offset, self._post(b'{"batch":[' + b",".join(calls) + b"]}"))
                self.done += events
        except Exception as error:
            self.error = error

    def _post(self, body: bytes) -> int:
        """Send until it is acknowledged: 503 and a broken connection pass by; repeats are dropped by messageId."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                status, answer, wait_s = self._once(body)
            except (OSError, http.client.HTTPException) as error:
                self._connection = None
                status, answer, wait_s = 503, str(error) or type(error).__name__, 0.2
            if status == 200:
                return int(json.loads(answer)["offset"])
            # Anything else will not pass by itself: a bug of the demo's, which repeating would hide.
            if status not in (429, 503):
                raise NotTaken(f"The server answered {status} to a batch of events: {answer[:300]}")
            if time.monotonic() > until:
                raise Unavailable(f"The server took nothing for {PATIENCE_S:.0f} s: {answer[:300]}")
            time.sleep(wait_s)

    def _once(self, body: bytes) -> tuple[int, str, float]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._address.hostname or "", self._address.port, timeout=30)
        self._connection.request("POST", "/v1/batch?strict=1", body, self._head)
        answer = self._connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return answer.status, text, float(answer.getheader("Retry-After") or 0.5)


class Lanes:
    """All lanes of one sending. What a mark says is sent, or stands in the log `already`, is not sent again."""

    def __init__(self, url: str, key: str, done: list[int], already: set[str]) -> None:
        self.lanes = [Lane(url, key, count) for count in done]
        self._skip, self._already = list(done), already

    @property
    def done(self) -> list[int]:
        return [lane.done for lane in self.lanes]

    @property
    def offset(self) -> int:
        return max(lane.offset for lane in self.lanes)

    def send(self, events: Iterable[Sent], each: Callable[[], None]) -> None:
        """Send all of them, oldest first; `each` is called now and then. Raises Unavailable or NotTaken."""
        for lane in self.lanes:
            lane.start()
        waiting = [_Waiting() for _ in self.lanes]
        for event in events:
            # A household always takes the same lane, so its events arrive in the order of time.
            place = event.household % len(self.lanes)
            if self._skip[place]:
                self._skip[place] -= 1
                continue
            waiting[place].add(event, known=event.message_id in self._already)
            if waiting[place].size >= BATCH_BYTES:
                self.lanes[place].put(waiting[place].events, waiting[place].calls)
                waiting[place] = _Waiting()
                each()
        for lane, rest in zip(self.lanes, waiting, strict=True):
            lane.put(rest.events, rest.calls)
        for lane in self.lanes:
            lane.finish()
        each()


class _Waiting:
    """Events of one lane that make the next batch."""

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self.events = self.size = 0

    def add(self, event: Sent, *, known: bool) -> None:
        self.events += 1
        if not known:
            self.calls.append(event.json)
            self.size += len(event.json) + 1
