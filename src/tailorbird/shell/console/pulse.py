"""How the whole engine is, at one glance: read from log, state and models, without asking any process."""

from collections import Counter
from dataclasses import dataclass, field

import msgspec

from tailorbird.events import DAY_MS
from tailorbird.know.index import read_stats_key
from tailorbird.know.tables import PROFILE, REJECTED, STATS
from tailorbird.shell.ports import Log, State

_decode_count = msgspec.msgpack.Decoder(int).decode


@dataclass(frozen=True, slots=True)
class Pulse:
    """The figures of one moment; bytes are of the log."""

    end: int = 0
    folded: int = 0
    people: int = 0
    rejected: int = 0
    events: int = 0
    today: int = 0
    decisions: int = 0
    by_event: dict[str, int] = field(default_factory=dict)
    by_source: dict[str, int] = field(default_factory=dict)
    by_day: dict[int, int] = field(default_factory=dict)
    rejected_by_reason: dict[str, int] = field(default_factory=dict)

    @property
    def behind(self) -> int:
        """Bytes of log that are not folded yet."""
        return max(0, self.end - self.folded)


def pulse(log: Log, state: State, now: int) -> Pulse:
    """Read all of it; a few ms. Raises Unavailable where log or state is away."""
    # Before the state: else what is folded meanwhile would lie behind the end.
    end = log.end()
    days: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    # Counted beside the events, under names of their own; ticks are thousands a day, and nobody's doing.
    others: dict[str, Counter[str]] = {"(decided)": Counter(), "(rejected)": Counter(), "(signal)": Counter()}
    with state.snapshot() as snapshot:
        for key, value in snapshot.scan(STATS):
            day, what, source = read_stats_key(key)
            count = _decode_count(value)
            if what in others:
                others[what][source] += count
                continue
            days[day] += count
            kinds[what] += count
            sources[source] += count
        return Pulse(
            end=end,
            folded=snapshot.offset,
            people=snapshot.count(PROFILE),
            rejected=snapshot.count(REJECTED),
            events=days.total(),
            today=days[now // DAY_MS],
            decisions=others["(decided)"].total(),
            by_event=dict(kinds.most_common()),
            by_source=dict(sources.most_common()),
            by_day=dict(sorted(days.items())),
            rejected_by_reason=dict(others["(rejected)"].most_common()),
        )
