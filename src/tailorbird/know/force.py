"""What is in force: the definitions, the baseline and the time, as the signals of the log said last.

A signal that changes everyone (definitions, a baseline) is taken only when nothing is left to do of what came before
it: no sweep under way, nobody due by the clock. So each person meets the signals one by one and in their order,
whenever the worker comes to them, and a replay gives the same moves (law 3).
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from tailorbird.errors import BadDefinition
from tailorbird.events import Signal
from tailorbird.know.segment.graft import Graft
from tailorbird.know.segment.live import Live
from tailorbird.know.tables import META, Reader, encode
from tailorbird.know.timers import fallen_due

DEFINITIONS, BEFORE, WRITTEN, BASELINE, CLOCK, SWEEP, EMITTED, REFUSED = (
    b"definitions", b"before", b"written", b"baseline", b"clock", b"sweep", b"emitted", b"refused",
)  # fmt: skip

# (body of the definitions' signal, body of the baseline's, its version) -> the program; None: nothing is defined.
Compile = Callable[[Mapping[str, Any], Mapping[str, Any], int], Live | None]


class Spoken(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A signal that came into force, and where: `clock` is what the ticks before it said."""

    offset: int = 0
    at: int = 0
    clock: int = 0
    version: int = 0
    body: dict[str, Any] = {}

    @property
    def since(self) -> int:
        """The instant at which everyone is looked at because of it."""
        return max(self.at, self.clock)


_decode = msgspec.msgpack.Decoder(Spoken).decode
_decode_int = msgspec.msgpack.Decoder(int).decode


def compiled(definitions: Mapping[str, Any], baseline: Mapping[str, Any], version: int) -> Live | None:
    """The program of a definitions' signal; raises BadDefinition where it cannot be read."""
    if not (definitions.get("traits") or definitions.get("segments")):
        return None
    # Only here: a site without definitions never loads the parser of SQL.
    from tailorbird.know.language.program import load
    from tailorbird.know.segment.live import compile_live

    return compile_live(load(dict(definitions)), baseline, version)


class Force:
    """The signals at work. `begin` reads them from the store once, then `hear` follows the log."""

    def __init__(self, compile: Compile = compiled) -> None:
        self.live: Live | None = None
        self.graft: Graft | None = None  # from the definitions before, while the sweep is under way
        self.definitions = Spoken()
        self.baseline = Spoken()
        self.clock = 0
        self.cursor: bytes | None = None  # the last person that the sweep has reached; None: all have been
        self.emitted = 0  # moves so far
        self.refused = ""  # why the latest definitions did not come into force
        self.writes: dict[bytes, bytes | None] = {}
        self._compile = compile
        self._loaded = False
        self._ticks: list[tuple[int, int]] = []  # of this batch: (offset, clock from there on)
        self._clock_before = 0

    def begin(self, reader: Reader) -> None:
        """A new batch."""
        self.writes = {}
        if not self._loaded:
            self._load(reader)
        self._ticks.clear()
        self._clock_before = self.clock

    @property
    def works(self) -> bool:
        """Whether there is any standing to keep, or still one to give up."""
        return self.live is not None or self.cursor is not None

    @property
    def worked(self) -> bool:
        """Whether anybody was ever moved, or may be now: then a merge has something to hand over."""
        return self.works or self.emitted > 0

    @property
    def latest(self) -> Spoken:
        """The signal that everyone has met, or is to meet in the sweep."""
        return max(self.definitions, self.baseline, key=lambda spoken: spoken.offset)

    @property
    def ticked(self) -> bool:
        """Whether time came to another instant within this batch."""
        return bool(self._ticks)

    def clock_at(self, offset: int) -> int:
        """The time that the ticks before this offset of the batch said."""
        if not self._ticks:
            return self.clock
        place = bisect_left(self._ticks, (offset, 0))
        return self._ticks[place - 1][1] if place else self._clock_before

    def swept(self, person: bytes) -> bool:
        """Whether the sweep has come by this person."""
        return self.cursor is None or person <= self.cursor

    def reach(self, cursor: bytes | None) -> None:
        """The sweep has come so far; None: it is through."""
        self.cursor = cursor
        self._put(SWEEP, cursor)
        if cursor is None and self.graft is not None:
            self.graft = None
            self._put(BEFORE, None)

    def emit(self, number: int) -> None:
        """So many moves were emitted ever."""
        if number != self.emitted:
            self.emitted = number
            self._put(EMITTED, encode(number))

    def hear(self, reader: Reader, offset: int, signal: Signal, idle: bool) -> bool:
        """Take in a signal; False: not yet, what lies before it is to be done first (`idle`: no event is pending)."""
        if signal.kind == "tick":
            self._tick(offset, signal.at)
            return True
        if not idle or self.cursor is not None or (self.works and fallen_due(reader, self.clock, 1)):
            return False
        spoken = Spoken(offset, signal.at, self.clock, signal.version, signal.body)
        if signal.kind == "definitions":
            self._define(spoken)
        else:
            self._weigh(spoken)
        return True

    def _tick(self, offset: int, at: int) -> None:
        # A clock that was set back says nothing new.
        if at > self.clock:
            self.clock = at
            self._ticks.append((offset, at))
            self._put(CLOCK, encode(at))

    def _define(self, spoken: Spoken) -> None:
        before, spoken_before = self.live, self.definitions
        try:
            self.live = self._compiled(spoken)
        except BadDefinition as error:
            # The last good ones stay: bad definitions must not stop everybody's stream.
            self._refuse(str(error))
            return
        self._refuse("")
        self.definitions = spoken
        self._put(DEFINITIONS, encode(spoken))
        self._put(WRITTEN, self.live.key if self.live else None)
        if (self.live and self.live.key) != (before and before.key):
            self._graft(before)
            # Kept while people still have slots of it: a worker that starts anew must go on in the same way.
            self._put(BEFORE, encode(spoken_before) if self.graft else None)
            self.reach(b"")

    def _graft(self, before: Live | None) -> None:
        graft = Graft(before, self.live) if before is not None and self.live is not None else None
        self.graft = graft if graft is not None and graft.possible else None

    def _weigh(self, spoken: Spoken) -> None:
        self.baseline = spoken
        self._put(BASELINE, encode(spoken))
        if self.live is not None:
            self.live = self._compiled(self.definitions)
            self.reach(b"")

    def _refuse(self, why: str) -> None:
        if why != self.refused:
            self.refused = why
            self._put(REFUSED, why.encode() or None)

    def _put(self, name: bytes, value: bytes | None) -> None:
        self.writes[name] = value

    def _load(self, reader: Reader) -> None:
        names = (DEFINITIONS, BEFORE, WRITTEN, BASELINE, CLOCK, SWEEP, EMITTED, REFUSED)
        found = dict(zip(names, reader.get_many(META, names), strict=True))
        self.definitions = _spoken(found[DEFINITIONS])
        self.baseline = _spoken(found[BASELINE])
        self.clock, self.emitted = _number(found[CLOCK]), _number(found[EMITTED])
        self.cursor = found[SWEEP]
        self.refused = (found[REFUSED] or b"").decode()
        self.live = self._compiled(self.definitions)
        if found[BEFORE] is not None:
            self._graft(self._compiled(_spoken(found[BEFORE])))
        # Another version of ours may write the same definitions as another program: then everybody is folded anew.
        if self.live is not None and found[WRITTEN] != self.live.key:
            self._put(WRITTEN, self.live.key)
            self.reach(b"")
        self._loaded = True

    def _compiled(self, spoken: Spoken) -> Live | None:
        return self._compile(spoken.body, self.baseline.body, self.baseline.version)


def _spoken(value: bytes | None) -> Spoken:
    return _decode(value) if value is not None else Spoken()


def _number(value: bytes | None) -> int:
    return _decode_int(value) if value is not None else 0
