"""A program small enough to be seen through: "busy" with two events within an hour, "orderly" while nothing came late.

For the laws of step 5, which are about when people are looked at and not about what is asked.
"""

import msgspec

from tailorbird.errors import BadDefinition
from tailorbird.events import HOUR_MS, Event, decode_record
from tailorbird.know.segment.move import move
from tailorbird.know.segment.standing import Standing


class Small(Standing, array_like=True, gc=False):
    heard_at: int = 0
    times: list[int] = []  # noqa: RUF012  a struct copies it


_decode = msgspec.msgpack.Decoder(Small).decode


class SmallLive:
    def __init__(self, body, baseline, version):
        if "bad" in body["segments"]:
            raise BadDefinition("Segment 'bad' is bad.")
        self.segments = body["segments"]
        self.key = repr(sorted(self.segments.items())).encode()
        self.baseline, self.share = version, baseline.get("least", 0)

    def new(self):
        return Small(key=self.key, baseline=self.baseline)

    def slots(self):
        return []  # nothing of it fits another program: everybody is folded anew

    def decode(self, value):
        standing = _decode(value)
        return standing if standing.key == self.key else None

    def read(self, payload):
        record = decode_record(payload)
        if not isinstance(record, Event):
            raise msgspec.DecodeError("no event")
        return record

    read_whole = read

    def apply(self, standing, person, act, offset, moves):
        at = min(act.timestamp, act.received_at)
        if at < standing.heard_at:
            return False
        if at > standing.at:
            self.advance(standing, person, at, moves)
        standing.heard_at = at
        standing.times.append(at)
        self.judge(standing, person, max(at, standing.at), offset, act.event or act.type, moves)
        return True

    def advance(self, standing, person, to, moves, offset=0):
        while standing.due and standing.due <= to:
            self.judge(standing, person, standing.due, offset, "time passed", moves)

    def refold(self, standing, person, acts, to, cause, moves):
        fresh = Small(standing.at, dict(standing.members), 0, self.key, self.baseline)
        fresh.times = [min(act.timestamp, act.received_at) for act in acts]
        fresh.heard_at = max(fresh.times, default=0)
        self.judge(fresh, person, max(to, standing.at), cause.offset, cause.because, moves)
        return fresh

    def merge(self, standing, other, person, cause, moves):
        if standing.times and other.times and other.heard_at < standing.heard_at:
            return False
        for segment, since in other.members.items():
            standing.members[segment] = min(since, standing.members.get(segment, since))
        standing.times = sorted([*standing.times, *other.times])
        standing.heard_at = max(standing.heard_at, other.heard_at)
        self.judge(standing, person, max(standing.at, other.at), cause.offset, cause.because, moves)
        return True

    def rebase(self, standing, person, at, cause, moves):
        standing.baseline = self.baseline
        self.judge(standing, person, max(at, standing.at), cause.offset, cause.because, moves)

    def judge(self, standing, person, at, offset, because, moves):
        from tailorbird.know.segment.move import Cause

        standing.at = at
        recent = sorted(t for t in standing.times if t > at - HOUR_MS)
        standing.due = recent[0] + HOUR_MS if recent else 0
        for name, least in sorted(self.segments.items()):
            inside = len(recent) >= least + self.share
            if inside == (name in standing.members):
                continue
            moves.append(move(person, name, inside, at, Cause(offset, because)))
            if inside:
                standing.members[name] = at
            else:
                del standing.members[name]
        for name in sorted(standing.members.keys() - self.segments.keys()):
            moves.append(move(person, name, False, at, Cause(offset, because)))
            del standing.members[name]


def compile_small(body, baseline, version):
    return SmallLive(body, baseline, version) if body.get("segments") else None
