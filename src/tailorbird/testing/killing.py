"""kill -9 of any process at random instants under load, and the audit afterwards (laws 1 and 2).

senders post batches and write down, in files of their own, what was acknowledged;
a killer ends random processes of a `LiveServer`, the supervisor among them;
the audit finds every acknowledged messageId exactly once in the lake and in the state.
"""

import contextlib
import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tailorbird.testing.live import LiveServer

PEOPLE = 40
BATCH = 10


class Sender(threading.Thread):
    """Posts batches until told to stop; a batch without an answer is posted again, with the same messageIds."""

    def __init__(self, server: LiveServer, name: str, acknowledgements: Path) -> None:
        super().__init__(name=name, daemon=True)
        self.server, self.file = server, acknowledgements
        self.enough = threading.Event()
        self.sent = 0

    def run(self) -> None:
        number = 0
        with self.file.open("a") as file:
            while not self.enough.is_set():
                ids = [f"{self.name}-{number}-{i}" for i in range(BATCH)]
                number += 1
                if self.deliver(ids):
                    file.write("\n".join(ids) + "\n")
                    # Not synced: this process is never killed, and the machine goes on.
                    file.flush()

    def deliver(self, ids: list[str]) -> bool:
        """Post until acknowledged; False if told to stop before."""
        events = [
            {"type": "track", "event": "Counted", "messageId": m, "anonymousId": f"visitor-{hash(m) % PEOPLE}"}
            for m in ids
        ]
        while not self.enough.is_set():
            self.sent += 1
            # No answer: it may be on disk or not. The same messageIds again are right in both cases, which is what is
            # tested.
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.server.request("POST", "/v1/batch", {"batch": events}, timeout_s=3)[0] == 200:
                    return True
            time.sleep(0.02)
        return False


@dataclass
class Audit:
    """What was found after the storm. `lost` and `repeated` must be empty."""

    acknowledged: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    lost_in_lake: set[str] = field(default_factory=set)
    lost_in_state: set[str] = field(default_factory=set)
    repeated_in_lake: set[str] = field(default_factory=set)
    repeated_in_state: set[str] = field(default_factory=set)
    counted_by_profiles: int = 0
    in_state: int = 0

    @property
    def clean(self) -> bool:
        lost = self.lost_in_lake | self.lost_in_state | self.repeated_in_lake | self.repeated_in_state
        return not lost and self.counted_by_profiles == self.in_state


def storm(server: LiveServer, folder: Path, kills: int, seed: int, senders: int = 3) -> Audit:
    """Kill `kills` random processes of a running server under load, restart what needs it, then audit."""
    chance = random.Random(seed)
    crowd = [Sender(server, f"s{seed}x{i}", folder / f"acknowledged-{seed}-{i}") for i in range(senders)]
    for sender in crowd:
        sender.start()
    audit = Audit()
    while audit.kills.total() < kills:
        time.sleep(chance.uniform(0.05, 0.6))
        audit.kills[kill_one(server, chance)] += 1
    server.wait_ready()
    for sender in crowd:
        sender.enough.set()
    for sender in crowd:
        sender.join(10)
    return inspect(server, folder, audit)


def kill_one(server: LiveServer, chance: random.Random) -> str:
    """End one process, any role with equal chance; a supervisor is started again, children are its business."""
    assert server.process is not None
    by_role: dict[str, int] = {"supervisor": server.process.pid}
    by_role |= {role: pid for pid, role in server.children().items()}
    # By role and not by process: four web workers would else take most of the bullets.
    role = chance.choice(sorted(by_role))
    with contextlib.suppress(ProcessLookupError):
        server.kill(by_role[role])
    if role == "supervisor":
        server.process.wait()
        server.start()
    return role


def inspect(server: LiveServer, folder: Path, audit: Audit) -> Audit:
    """Wait until everything acknowledged is folded and sealed, stop the server, and count."""
    from tailorbird.events import Event, decode_record
    from tailorbird.know.profile import Profile
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.layout import Layout

    acknowledged = {line for file in folder.glob("acknowledged-*") for line in file.read_text().split()}
    audit.acknowledged = len(acknowledged)
    wait_sealed(server)
    server.stop()
    engines = Engines(Layout(server.data))
    lake = Counter(r["message_id"] for r in engines.lake.query("SELECT message_id FROM events WHERE event = 'Counted'"))
    state: Counter[str] = Counter()
    with engines.state.snapshot() as snapshot:
        for _, payload in snapshot.scan("event"):
            record = decode_record(payload)
            if isinstance(record, Event) and record.event == "Counted":
                state[record.message_id] += 1
        profiles = msgspec.msgpack.Decoder(Profile)
        for _, stored in snapshot.scan("profile"):
            counter = profiles.decode(stored).counters.get("Counted")
            audit.counted_by_profiles += counter.total if counter else 0
    audit.in_state = len(state)
    audit.lost_in_lake, audit.lost_in_state = acknowledged - lake.keys(), acknowledged - state.keys()
    audit.repeated_in_lake = {m for m, n in lake.items() if n > 1}
    audit.repeated_in_state = {m for m, n in state.items() if n > 1}
    return audit


def wait_sealed(server: LiveServer, wait_s: float = 60) -> None:
    """Until the lake has everything that the log has."""
    from tailorbird.shell.engines import Engines
    from tailorbird.shell.layout import Layout

    engines = Engines(Layout(server.data))
    until = time.monotonic() + wait_s
    while time.monotonic() < until:
        if engines.lake.sealed() >= engines.log.end() == engines.state.offset():
            return
        time.sleep(0.1)
    at = f"log {engines.log.end()}, state {engines.state.offset()}, lake {engines.lake.sealed()}"
    raise TimeoutError(f"not everything was folded and sealed after {wait_s} s: {at}")
