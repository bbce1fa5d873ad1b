"""The ten steps, wired together: read this first.

     1  accept       collect.accept     bytes of an HTTP call -> drafts, or a reason why not
     2  log          collect.seal       drafts -> sealed events, on disk before the answer
        ----------- here the log lies in between: whatever follows can be done again from it -----------
        once         know.seen          a message that was counted is not counted again
     3  identity     know.identity      the event's identifiers -> one person
     4  profile      know.fold          person + event -> what is known of the person
     5  segment      know               (to come: live membership in groups)
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
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tailorbird.consent.purpose import Policy, may
from tailorbird.know.heading import Heading, read_heading
from tailorbird.know.identity import Identity
from tailorbird.know.index import Index
from tailorbird.know.living import SILENCE, Living, Unseal
from tailorbird.know.seen import Seen
from tailorbird.know.tables import PROFILE, Reader, Writes

Batch = Sequence[tuple[int, bytes]]  # (offset, encoded record) in the order of the log

# What is decoded of so many events stays in the processor's cache until they are through: a third faster than a
# batch of ten thousand in one go.
AT_ONCE = 250


class Stepped(NamedTuple):
    """What one batch does to the state, and what became of its records."""

    changes: Writes
    outcomes: Counter[str]  # "kept", "unfolded", "duplicate", "consent", "rejected", "decided", "signal", "foreign"
    day: int  # the latest day of receipt among its events, 0 if there were none


class Fold:
    """Steps 2 to 5. One instance a partition: it keeps what is hot at hand."""

    def __init__(self, unseal: Unseal, policy: Policy) -> None:
        self.unseal = unseal
        self.obey(policy)
        self.forget()

    def obey(self, policy: Policy) -> None:
        """Ask for consent by this policy from the next batch on."""
        self.policy = policy
        self.by_default = may("analytics", {}, policy, now=0).allowed

    def forget(self) -> None:
        """Drop all that is at hand: after a commit that failed, the store is right and memory is not."""
        self.identity = Identity()
        self.people = Living(self.unseal)

    def step(self, reader: Reader, batch: Batch) -> Stepped:
        """The changes that these records of the log make to the state that `reader` shows."""
        index, seen, outcomes = Index(), Seen(reader), Counter[str]()
        self.identity.begin(reader)
        self.people.begin(reader)
        for start in range(0, len(batch), AT_ONCE):
            records = sort_out(batch[start : start + AT_ONCE], index, outcomes)
            outcomes.update(self.take(records, index, seen))
        profiles = self.people.changed()
        outcomes += Counter(kept=-self.people.unfolded, unfolded=self.people.unfolded)
        changes = seen.writes() | self.identity.writes | index.writes(reader) | {PROFILE: profiles}
        return Stepped(changes, outcomes, seen.day)

    def take(self, records: Sequence[tuple[int, bytes, Heading]], index: Index, seen: Seen) -> Iterator[str]:
        """Some events through the steps, each with what became of it."""
        events = [event for _, _, event in records]
        messages = seen.look_up(events)  # 2: each message once
        # All reading at once: a lookup in a sorted batch costs a fraction of one that stands alone.
        self.people.look_up(self.identity.look_up(events))
        for (offset, payload, event), message in zip(records, messages, strict=True):
            outcome = "duplicate" if seen.again(*message) else self.event(offset, payload, event)
            if outcome == "kept":
                seen.count(*message)
                index.keep(offset, payload, event)
            else:
                # Noted until sealed: the sealer reads the log by itself and must come to the same verdict.
                index.drop(offset, outcome)
            yield outcome

    def event(self, offset: int, payload: bytes, event: Heading) -> str:
        """One event through the steps: "kept", or "consent" where it must not be counted (law 7)."""
        # Asked before linking: a refused event must not even join two identifiers. A yes or no is always heard.
        if not (event.consent or self.allowed(event)):
            return "consent"
        told = self.identity.resolve(event, offset)  # 3: whose is it, and who proved to be the same person?
        # Before the event counts, so that what was done as a stranger comes before the login.
        for other in told.merged:
            self.people.hand_over(other, told.person)
        if event.consent and not self.heard(told.person, event):
            return "kept"
        self.people.put_down(told.person, payload, told.joined)  # 4: it counts for what is known of them
        return "kept"

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


def sort_out(batch: Batch, index: Index, outcomes: Counter[str]) -> list[tuple[int, bytes, Heading]]:
    """The events of a batch; decisions and rejected calls go straight to the index."""
    events = []
    for offset, payload in batch:
        record = read_heading(payload)
        if isinstance(record, Heading) and record.identifiers:
            events.append((offset, payload, record))
        else:
            outcomes[index.other(offset, payload, record)] += 1
    return events
