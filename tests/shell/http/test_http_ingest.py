"""From an accepted call to the log: what waits for the disk, and what is kept meanwhile."""

import asyncio
import gc
import threading
from base64 import b64encode
from collections.abc import Sequence

import pytest

from tailorbird.collect.draft import Accepted
from tailorbird.collect.identifiers import hash_identifier
from tailorbird.collect.seal import open_sealed
from tailorbird.errors import LogUnavailable
from tailorbird.events import Event, Identifier, decode_record
from tailorbird.shell.auth import create_key
from tailorbird.shell.http.collect import Collect
from tailorbird.shell.http.ingest import Ingest
from tailorbird.shell.http.site import SiteWatch
from tailorbird.shell.http.wire import Request, Response
from tailorbird.shell.logs import Logger
from tailorbird.shell.metrics import Metrics
from tailorbird.testing import MemoryDefinitions, MemoryKeys, MemoryLog

BODY = b'{"batch": [{"type": "track", "event": "Quiz Done", "userId": "ann"}, {"type": "page", "userId": "bob"}]}'
SITE_KEY = b"key of this module"
ANN = Identifier("userId", hash_identifier(SITE_KEY, "userId", "ann"))


class SlowLog(MemoryLog):
    """Holds every write until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def append(self, payloads: Sequence[bytes], *, durable: bool = True) -> int:
        self.gate.wait(5)
        return super().append(payloads)


class FullLog(MemoryLog):
    def append(self, payloads: Sequence[bytes], *, durable: bool = True) -> int:
        raise LogUnavailable("disk full")


class Door:
    """The tracking endpoints on a log, without a socket. Make it in a running loop."""

    def __init__(self, log: MemoryLog, can: Sequence[str] = ("collect",)) -> None:
        self.metrics, logger, definitions = Metrics(), Logger(None), MemoryDefinitions()
        key = create_key(definitions, "web", can, "tests")
        self.keys = MemoryKeys()
        self.ingest = Ingest(log, self.keys, self.metrics, logger, 1_000_000)
        self.collect = Collect(SiteWatch(definitions, logger), self.ingest, SITE_KEY, self.metrics)
        self.headers = {b"authorization": b"Basic " + b64encode(f"{key}:".encode())}

    async def post(self, body: bytes) -> Response:
        return await self.collect.post(Request("POST", "/v1/batch", b"", self.headers, "::1", body))


def test_records_stand_in_the_log_in_the_order_of_the_batch() -> None:
    async def story() -> list[bytes]:
        log = MemoryLog()
        await Door(log).post(BODY)
        return [payload for _, payload in log.read(0).records]

    assert [(r.source, r.type, r.event) for r in map(decode_record, asyncio.run(story()))] == [
        ("web", "track", "Quiz Done"),
        ("web", "page", ""),
    ]


def test_call_that_waits_for_the_disk_keeps_no_draft() -> None:
    async def story() -> tuple[list[object], int]:
        log = SlowLog()
        waiting = asyncio.create_task(Door(log).post(BODY))
        await asyncio.sleep(0.05)
        lists = [one for one in gc.get_objects() if one.__class__ is list]
        drafted = [one for one in lists if one and one[0].__class__ is Identifier and one[0] == ANN]
        log.gate.set()
        return drafted, (await waiting).status

    assert asyncio.run(story()) == ([], 200)


def test_empty_call_writes_nothing() -> None:
    async def story() -> int:
        return await Door(FullLog(start=7)).ingest.store(Accepted([], []))

    assert asyncio.run(story()) == 7


def test_what_the_log_refused_is_not_counted_as_accepted() -> None:
    async def story() -> Metrics:
        door = Door(FullLog())
        with pytest.raises(LogUnavailable):
            await door.post(BODY)
        return door.metrics

    counters = asyncio.run(story()).numbers.counters
    assert "tailorbird_events_accepted" not in counters and counters["tailorbird_log_failures"] == {(): 1}


def test_calls_that_wait_for_new_keys_side_by_side_keep_the_keys_that_they_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tailorbird.shell.http.ingest._KEYS_HELD", 0)  # every call lets go of what it does not need

    async def story() -> list[int]:
        door = Door(MemoryLog())
        await door.post(BODY)  # ann and bob are held from here on
        new = BODY.replace(b'"bob"', b'"cleo"')  # ann's key is held, cleo's is not
        other = BODY.replace(b'"bob"', b'"dora"').replace(b'"ann"', b'"dora"')
        return [answer.status for answer in await asyncio.gather(door.post(other), door.post(new))]

    assert asyncio.run(story()) == [200, 200]


def test_destroyed_key_seals_nothing_once_the_keys_were_let_go() -> None:
    async def story() -> tuple[Event, bytes | None]:
        log = MemoryLog()
        door = Door(log)
        await door.post(BODY)
        event = decode_record(log.read(0).records[0][1])
        door.keys.destroy([event.leaf])
        door.ingest.let_go_of_keys()
        await door.post(BODY)
        last = [decode_record(payload) for _, payload in log.read(0).records][2]
        return last, door.keys.get(last.leaf)

    event, key = asyncio.run(story())
    assert key is not None and open_sealed(key, event.leaf, event.sealed).identifiers


def test_only_a_key_that_may_administer_says_what_tailorbird_says() -> None:
    said = b'{"batch": [{"type": "track", "event": "Prediction Made", "userId": "ann"}]}'

    async def story(*can: str) -> str:
        log = MemoryLog()
        await Door(log, can).post(said)
        return type(decode_record(log.read(0).records[0][1])).__name__

    assert asyncio.run(story("collect")) == "Rejected"
    assert asyncio.run(story("collect", "admin")) == "Event"
