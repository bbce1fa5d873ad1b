"""The ten steps, wired together: read this first.

     1  accept       collect.accept     bytes of an HTTP call -> drafts, or a reason why not
     2  log          collect.seal       drafts -> sealed events, on disk before the answer
        ----------- here the log lies in between: whatever follows can be done again from it -----------
        once         know.seen          a message that was counted is not counted again
     3  identity     know.identity      the event's identifiers -> one person
     4  profile      know.fold          person + event -> what is known of the person
     5  segment      know.standings     person + event + time -> which segments they enter and leave
        ----------- here the state lies in between: web workers read it, nobody else writes it ---------
     6  recommend    offer.recommend    profile + catalogue + models -> scored items with reasons
     7  decide       offer.decide       placement + context -> one decision, through one gate
     8  experiment   offer              (to come: variants and holdouts)
     9  message      offer              (to come: e-mail, push, webhooks)
    10  prove        prove              what was shown, joined with what was done

Consent (`consent.purpose.may`) is asked where a step would use a person's data. `Fold.step` below is steps 2 to 5: it
takes a batch of the log and a snapshot of the state and gives the changes, without clock, disk or chance. So replaying
the log gives the state that grew live, whatever the batches (law 3). `shell.run` is the loop around it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tailorbird.consent.purpose import Policy, may
from tailorbird.events import Signal
from tailorbird.know.force import Compile, Force, compiled
from tailorbird.know.heading import Heading, read_deed, read_headings
from tailorbird.know.identity import Identity, Told
from tailorbird.know.index import Index
from tailorbird.know.living import SILENCE, Joined, Living, Unseal
from tailorbird.know.seen import Message, Seen
from tailorbird.know.segment.move import MERGED, Cause
from tailorbird.know.sieve import Sieve
from tailorbird.know.slices import Slice, drain, sweep
from tailorbird.know.standings import Standings
from tailorbird.know.tables import META, PROFILE, Reader, Writes

Batch = Sequence[tuple[int, bytes]]  # (offset, encoded record) in the order of the log

# What is decoded of so many events stays in the processor's cache until they are through: a third faster than a
# batch of ten thousand in one go.
AT_ONCE = 250


class Stepped(NamedTuple):
    """What one batch does to the state, and what became of its records."""

    changes: Writes
    # "kept", "unfolded", "duplicate", "consent", "rejected", "decided", "signal", "foreign"; besides: "unmoved"
    outcomes: Counter[str]
    day: int  # the latest day of receipt among its events, 0 if there were none
    taken: int  # so many of its records; the rest waits until what lies before it is done
    more: bool = False  # whether people still wait for the time or for a signal, though nothing new comes
    moves: int = 0  # people who entered or left a segment


class Fold:
    """Steps 2 to 5. One instance a partition: it keeps what is hot at hand."""

    def __init__(self, unseal: Unseal, policy: Policy, compile: Compile = compiled, size: Slice | None = None) -> None:
        self.unseal = unseal
        self.compile = compile
        self.size = size or Slice()
        self.obey(policy)
        self.forget()

    def obey(self, policy: Policy) -> None:
        """Ask for consent by this policy from the next batch on."""
        self.policy = policy
        self.by_default = may("analytics", {}, policy, now=0).allowed

    def forget(self) -> None:
        """Drop all that is at hand: after a commit that failed, the store is right and memory is not."""
        self.sieve = Sieve()
        self.identity = Identity()
        self.people = Living(self.unseal)
        self.force = Force(self.compile)
        self.standings = Standings(self.force)

    def step(self, reader: Reader, batch: Batch) -> Stepped:
        """The changes that these records of the log make to the state that `reader` shows."""
        index, seen, outcomes = Index(), Seen(reader, self.sieve), Counter[str]()
        self.sieve.begin()
        self.identity.begin(reader)
        self.people.begin(reader)
        self.force.begin(reader)
        self.standings.begin(reader, index, lambda person: self.identity.component(person).nodes)
        taken = self.take_all(reader, batch, index, seen, outcomes)
        profiles = self.people.changed()
        unfolded = self.people.unfolded
        # Counted as kept when they were put down; only now, with the profile open, is it known that a few cannot be
        # folded.
        outcomes += Counter(kept=-unfolded, unfolded=unfolded)
        changes = seen.writes() | self.identity.writes | index.writes(reader) | {PROFILE: profiles}
        more = self.move(reader, index, changes) if self.force.worked else False
        # Last: to move people changes what is in force, too (how far the sweep is, how many moves there were).
        changes[META] = self.force.writes
        if self.standings.unfolded:
            outcomes["unmoved"] = self.standings.unfolded
        return Stepped(changes, outcomes, seen.day, taken, more, self.standings.moves.count)

    def take_all(self, reader: Reader, batch: Batch, index: Index, seen: Seen, outcomes: Counter[str]) -> int:
        """The records of a batch one by one, as far as no signal has to wait; how many."""
        taken = 0
        while taken < len(batch):
            # A signal that must wait for what lies before it ends the batch: the rest comes again with the next one.
            part = batch[taken : taken + AT_ONCE]
            records, through = self.sort_out(reader, part, index, outcomes, fresh=taken == 0)
            if taken == 0 and self.force.works:
                # After the first records: they may have been definitions, which decide how much of an event has to be
                # decoded.
                live = self.force.live
                self.people.share(self.standings, live.read_whole if live else read_deed)
            outcomes.update(self.take(records, index, seen))
            taken += through
            if through < len(part):
                break
        return taken

    def move(self, reader: Reader, index: Index, changes: Writes) -> bool:
        """Who moves because time passed or definitions changed; whether more wait."""
        self.standings.settle()
        drained = drain(reader, self.force, self.standings, self.size)
        swept = sweep(reader, index, self.force, self.standings, self.size)
        changes |= self.standings.writes()
        return drained or swept

    def take(self, records: Sequence[tuple[int, bytes, Heading]], index: Index, seen: Seen) -> Counter[str]:
        """Some events through the steps; what became of them."""
        events = [event for _, _, event in records]
        messages = seen.look_up(events)  # 2: each message once
        # All reading at once: a lookup in a sorted batch costs a fraction of one that stands alone.
        persons = self.identity.look_up(events)
        self.people.look_up(persons)
        if self.force.works:
            self.standings.look_up(persons)
        suspects, kept, outcomes = seen.suspects, list[Message](), Counter[str]()
        for record, message in zip(records, messages, strict=True):
            suspect = message[1] in suspects
            outcome = "duplicate" if suspect and seen.again(*message) else self.event(*record)
            if outcome == "kept":
                kept.append(message)
                index.keep(record)
                if suspect:
                    seen.count([message])  # at once: the next one may be the same
                continue
            outcomes[outcome] += 1
            # Noted until sealed: the sealer reads the log by itself and must come to the same verdict.
            index.drop(record[0], outcome)
        seen.count(kept)
        index.file()
        outcomes["kept"] = len(kept)
        return outcomes

    def event(self, offset: int, payload: bytes, event: Heading) -> str:
        """One event through the steps: "kept", or "consent" where it must not be counted (law 7)."""
        # Asked before linking: a refused event must not even join two identifiers. A yes or no is always heard.
        asks = self.people.said or not self.by_default  # mostly nobody at hand ever said a word
        if asks and not (event.consent or self.allowed(event)):
            return "consent"
        joined: Joined = ()
        person = self.identity.settled(event)  # 3: whose is it,
        if person is None:
            person, joined = self.link(offset, event)  # and who proved to be the same person?
        if not event.consent or self.heard(person, event):
            # 4 and 5: it counts for what is known of them, and may move them.
            self.people.put_down(person, offset, payload, joined)
        elif self.force.works:
            # 5: what is only heard counts for segments all the same, because they may ask what was said.
            self.people.put_down(person, offset, payload, None)
        return "kept"

    def link(self, offset: int, event: Heading) -> tuple[bytes, Joined]:
        """The person after linking what the event names together, and which of its identifiers are new to them."""
        told = self.identity.resolve(event, offset)
        if told.merged:
            self.merge(told, event, offset)
        return told.person, told.joined

    def merge(self, told: Told, event: Heading, offset: int) -> None:
        """Hand over what is known of persons who proved to be this one."""
        # Before the event counts, so that what was done as a stranger comes before the login.
        for other in told.merged:
            self.people.hand_over(other, told.person)
        before, at = dict(told.before), min(event.timestamp, event.received_at)
        # A site that never had a segment has no standings to hand over.
        for other in told.merged if self.force.worked else ():
            self.standings.hand_over(other, told.person, before, at, Cause(offset, MERGED, event.message_id))
            before[told.person] = (*before.get(told.person, ()), *before[other])

    def allowed(self, event: Heading) -> bool:
        """Whether nobody whom the event may be about has refused to be counted; silence is the site's default."""
        said = self.people.said
        words = [said[person] for person in self.identity.known(event) if person in said]
        # Whoever said something speaks for all: a new device that never said a word must not undo a no, nor a yes.
        if not words:
            return self.by_default
        return all(may("analytics", one, self.policy, event.received_at).allowed for one in words)

    def heard(self, person: bytes, event: Heading) -> bool:
        """Take in a yes or no, which is always kept; whether the rest of the event may be counted then."""
        self.people.hear(person, event)
        return may("analytics", self.people.said.get(person, SILENCE), self.policy, event.received_at).allowed

    def sort_out(
        self, reader: Reader, part: Batch, index: Index, outcomes: Counter[str], fresh: bool
    ) -> tuple[list[tuple[int, bytes, Heading]], int]:
        """The events among some records, and how many records that took; all others are heard or indexed at once."""
        events: list[tuple[int, bytes, Heading]] = []
        headings = read_headings([payload for _, payload in part])
        for number, ((offset, payload), record) in enumerate(zip(part, headings, strict=True)):
            if isinstance(record, Heading) and record.identifiers:
                events.append((offset, payload, record))
                continue
            idle = fresh and number == 0
            if isinstance(record, Signal) and not self.force.hear(reader, offset, record, idle):
                return events, number
            outcomes[index.other(offset, payload, record)] += 1
        return events, len(part)
