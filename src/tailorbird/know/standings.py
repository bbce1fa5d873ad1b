"""The standings at hand: step 5, beside the profiles.

Each person's events come from their profile, decoded once for both; then the standing is decoded, takes them in the
order of the log, and is encoded again. Before an event counts, time comes to where the ticks before it in the log say.
So a standing depends on the person's events and the ticks before each, and never on where a batch ends
(docs/why/091-logical-time.md).

A standing of another program, or of another baseline, is of somebody whom the latest signal has not reached yet: before
anything else happens to them they catch up, as of that signal.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from tailorbird.know.force import Force
from tailorbird.know.hot import Hot
from tailorbird.know.index import Index
from tailorbird.know.moves import Moves
from tailorbird.know.past import Found, Nodes, past, read_back
from tailorbird.know.segment.graft import Graft
from tailorbird.know.segment.live import Act, Live
from tailorbird.know.segment.move import BASELINE, CORRECTED, IN_FORCE, WITHDRAWN, Cause, move
from tailorbird.know.segment.standing import Standing, decode_head, encode_standing
from tailorbird.know.tables import DUE, STANDING, Reader, Writes
from tailorbird.know.timers import Timers

HOT_BYTES = 64_000_000  # of encoded standings
_ODD = (ArithmeticError, LookupError, TypeError, ValueError)


class Standings:
    """Standings by person. For each batch: `begin`, `look_up`, `put_down`; `settle`; `writes` is what to store."""

    def __init__(self, force: Force, hot_bytes: int = HOT_BYTES) -> None:
        self.unfolded = 0  # events of this batch that no standing could take
        self._force = force
        self._hot = Hot(STANDING, hot_bytes)
        self._pending: defaultdict[bytes, list[tuple[int, Act]]] = defaultdict(list)
        self._open: dict[bytes, Standing | None] = {}  # needed before the batch ends; None: nothing to stand on

    def begin(self, reader: Reader, index: Index, nodes_of: Callable[[bytes], Nodes]) -> None:
        """A new batch; `nodes_of` tells a person's identifiers as they are by now."""
        self.unfolded = 0
        self._reader, self._index, self._nodes_of = reader, index, nodes_of
        self._hot.begin(reader)
        self._timers, self.moves = Timers(), Moves(reader, self._force.emitted)
        self._rows: dict[bytes, bytes | None] = {}
        self._due: dict[bytes, int] = {}  # of everybody looked at: as the index of timers has it

    def look_up(self, persons: Iterable[bytes]) -> None:
        """Fetch these standings at once."""
        self._hot.look_up(persons)

    def put_down(self, person: bytes, acts: list[tuple[int, Act]]) -> None:
        """These events, each behind its offset, are to move the person."""
        self._pending[person] += acts

    def seen(self, person: bytes) -> bool:
        """Whether the person was looked at in this batch: then they have met all that is in force."""
        return person in self._due

    def hand_over(self, old: bytes, person: bytes, before: Mapping[bytes, Nodes], at: int, cause: Cause) -> None:
        """All that moved `old` moves `person` from `at` on; `before` are the identifiers of both until now."""
        # Both come to the event that joins them first, or the merge would be told of the day one of them last came by.
        live, clock = self._force.live, max(at, self._force.clock_at(cause.offset))
        ours, theirs = (self._until(who, before.get(who, ()), clock) for who in (person, old))
        self.moves.hand_over(old, person)
        self._open[old], self._open[person] = None, ours
        if live is None or theirs is None:
            return
        ours = ours or live.new()
        at, members = max(ours.at, theirs.at), both(ours.members, theirs.members)
        # Not every statistic can be joined: then what both did is counted anew, up to the event before the one that
        # joins them.
        if not live.merge(ours, theirs, person, cause, self.moves.fresh):
            ours.at, ours.members = at, members
            nodes = [node for who in (person, old) for node in before.get(who, ())]
            ours = self._refold(live, ours, person, nodes, cause.offset - 1, cause)
        self._open[person] = ours

    def settle(self) -> None:
        """All that was put down counts."""
        for person in dict.fromkeys((*self._pending, *self._open)):
            self.let_pass(person)

    def let_pass(self, person: bytes) -> None:
        """The person meets what is in force by now, and the time."""
        standing, live = self._grown(person), self._force.live
        if standing is not None and live is not None:
            self._fire(live, standing, person, self._force.clock)
        self._keep(person, standing)

    def catch_up(self, people: Mapping[bytes, Found]) -> None:
        """Many at once who have not met the latest signal, read back together."""
        if (live := self._force.live) is not None:
            counting: defaultdict[Live | None, dict[bytes, Found]] = defaultdict(dict)
            for person, found in people.items():
                counting[self._counting(person)][person] = found
            for counts, some in counting.items():
                for person, acts in read_back(self._reader, counts, some) if counts else ((one, []) for one in some):
                    self._open[person] = self._as_of_signal(live, person, acts)
        for person in people:
            self.let_pass(person)

    def foreign(self, person: bytes) -> bool:
        """Whether a person's slots are none, or of another program than this one."""
        value, live = self._hot.get(person), self._force.live
        return value is None or live is None or decode_head(value).key != live.key

    def unread(self, person: bytes) -> bool:
        """Whether what a person did must be read for them to meet the latest signal."""
        return self.foreign(person) and self._counting(person) is not None

    def writes(self) -> Writes:
        """What the batch changed, encoded for the store."""
        changes = {STANDING: self._rows, DUE: self._timers.writes, **self.moves.writes()}
        self._force.emit(self.moves.number)
        return changes

    # -- one person

    def _grown(self, person: bytes, nodes: Nodes | None = None) -> Standing | None:
        """The standing after all that was put down."""
        standing = self._open.pop(person) if person in self._open else self._caught_up(person, nodes)
        pending, live = self._pending.pop(person, ()), self._force.live
        if live is not None and pending:
            return self._count(live, standing or live.new(), person, pending, nodes)
        return standing

    def _until(self, person: bytes, nodes: Nodes, clock: int) -> Standing | None:
        """The standing after all that was put down, when it is `clock`."""
        standing, live = self._grown(person, nodes), self._force.live
        if standing is not None and live is not None:
            self._come_to(live, standing, person, clock)
        return standing

    def _count(
        self, live: Live, standing: Standing, person: bytes, acts: Sequence[tuple[int, Act]], nodes: Nodes | None
    ) -> Standing:
        clock, ticked, fresh = self._force.clock, self._force.ticked, self.moves.fresh
        for offset, act in acts:
            if ticked:
                clock = self._force.clock_at(offset)
            if standing.at < clock:
                self._come_to(live, standing, person, clock)
            try:
                in_turn = live.apply(standing, person, act, offset, fresh)
            except _ODD:
                # It is stored all the same: one odd event must not stop everybody's stream.
                self.unfolded += 1
                continue
            if not in_turn:
                nodes = self._nodes_of(person) if nodes is None else nodes
                standing = self._refold(live, standing, person, nodes, offset, Cause(offset, CORRECTED, act.message_id))
        return standing

    def _come_to(self, live: Live, standing: Standing, person: bytes, clock: int) -> None:
        """It is `clock` at least: what fell due by then happens at its own instant, and nothing before it any more."""
        self._fire(live, standing, person, clock)
        if 0 <= standing.at < clock:
            standing.at = clock

    def _fire(self, live: Live, standing: Standing, person: bytes, clock: int) -> None:
        # Edge by edge: the standing is left at its last edge, whether two ticks were met at once or one by one.
        while 0 < standing.due <= clock:
            live.advance(standing, person, standing.due, self.moves.fresh)

    def _refold(
        self, live: Live, standing: Standing, person: bytes, nodes: Nodes, through: int, cause: Cause
    ) -> Standing:
        acts = past(self._reader, self._index, live, nodes, through)
        return live.refold(standing, person, acts, standing.at, cause, self.moves.fresh)

    # -- whom the latest signal has not reached yet

    def _caught_up(self, person: bytes, nodes: Nodes | None) -> Standing | None:
        live, value = self._force.live, self._hot.get(person)
        if live is None:
            self._withdraw(person, value)
            return None
        standing = live.decode(value) if value is not None else None
        if standing is not None:
            self._due[person] = standing.due
            self._rebase(live, standing, person)
        elif value is not None or not self._force.swept(person):
            counting, acts = self._counting(person), list[Act]()
            if counting is not None:
                nodes = self._nodes_of(person) if nodes is None else nodes
                acts = past(self._reader, self._index, counting, nodes, self._force.latest.offset)
            standing = self._as_of_signal(live, person, acts)
        return standing

    def _rebase(self, live: Live, standing: Standing, person: bytes) -> None:
        if standing.baseline != live.baseline:
            signal = self._force.latest
            live.rebase(standing, person, signal.since, Cause(signal.offset, BASELINE), self.moves.fresh)

    def _as_of_signal(self, live: Live, person: bytes, acts: list[Act]) -> Standing | None:
        value, signal = self._hot.get(person), self._force.latest
        before = decode_head(value) if value is not None else None
        # From the encoded head: the timer of the slots of before goes, whatever program they were of.
        self._due[person] = before.due if before else 0
        if (graft := self._graft_of(person)) is not None and value is not None:
            old, cause = graft.before.decode(value), Cause(signal.offset, IN_FORCE)
            if old is not None:
                return graft.apply(old, person, acts, signal.since, cause, self.moves.fresh)
        # Whoever did nothing by then begins with their first event.
        if before is None and not acts:
            return None
        cause = Cause(signal.offset, IN_FORCE)
        return live.refold(before or live.new(), person, acts, signal.since, cause, self.moves.fresh)

    def _graft_of(self, person: bytes) -> Graft | None:
        graft, value = self._force.graft, self._hot.get(person)
        fits = graft is not None and value is not None and decode_head(value).key == graft.before.key
        return graft if fits else None

    def _counting(self, person: bytes) -> Live | None:
        """The program that counts a person's events, so that they meet the latest signal; None: no need to count."""
        graft = self._graft_of(person)
        return self._force.live if graft is None else graft.part

    def _withdraw(self, person: bytes, value: bytes | None) -> None:
        """Nothing is defined any more: whoever is in a segment leaves it."""
        if value is None:
            return
        before, signal = decode_head(value), self._force.latest
        self._due[person] = before.due
        cause, at = Cause(signal.offset, WITHDRAWN), max(signal.since, before.at)
        self.moves.fresh += [move(person, segment, False, at, cause) for segment in sorted(before.members)]

    def _keep(self, person: bytes, standing: Standing | None) -> None:
        due = standing.due if standing is not None else 0
        self._timers.move(person, self._due.get(person, 0), due)
        self._due[person] = due
        if standing is not None or self._hot.get(person) is not None:
            self._rows[person] = encode_standing(standing) if standing is not None else None
            self._hot.keep(person, self._rows[person])


def both(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    """The segments of either, with the earlier since.

    >>> both({"busy": 5, "new": 9}, {"busy": 3})
    {'busy': 3, 'new': 9}
    """
    return {segment: min(since for of in (a, b) if (since := of.get(segment)) is not None) for segment in {**a, **b}}
