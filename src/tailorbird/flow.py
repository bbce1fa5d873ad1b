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
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from tailorbird.consent.purpose import Policy, may
from tailorbird.events import Decided, Event, Rejected, Secret, decode_record
from tailorbird.know.fold import fold, hear
from tailorbird.know.identity import Identity
from tailorbird.know.index import Index
from tailorbird.know.living import Living
from tailorbird.know.seen import Seen
from tailorbird.know.tables import DROPPED, PROFILE, Reader, Writes, offset_key

Unseal = Callable[[Event], Secret | None]  # opens the sealed part; None once its key is destroyed
TELLING = frozenset({"identify", "alias", "group"})  # calls whose sealed part says something each time


class Stepped(NamedTuple):
    """What one batch does to the state, and what became of its records."""

    changes: Writes
    outcomes: Counter[str]  # "kept", "duplicate", "consent", "rejected", "decided", "foreign"
    day: int  # the latest day of receipt among its events, 0 if there were none


class Fold:
    """Steps 2 to 5. One instance a partition: it keeps what is hot at hand."""

    def __init__(self, unseal: Unseal, policy: Policy) -> None:
        self.unseal = unseal
        self.policy = policy
        self.forget()

    def forget(self) -> None:
        """Drop all that is at hand: after a commit that failed, the store is right and memory is not."""
        self.identity = Identity()
        self.people = Living()

    def step(self, reader: Reader, batch: Sequence[tuple[int, bytes]]) -> Stepped:
        """The changes that these records of the log make to the state that `reader` shows."""
        records = [(offset, payload, read(payload)) for offset, payload in batch]
        events = [record for _, _, record in records if record.__class__ is Event]
        self.index, self.seen = Index(), Seen(reader, events)
        self.identity.look_up(reader, events)
        self.people.look_up(reader, self.identity.persons(events))
        outcomes: Counter[str] = Counter()
        dropped: dict[bytes, bytes | None] = {}
        for offset, payload, record in records:
            outcome = HANDLERS[record.__class__](self, offset, payload, record)
            outcomes[outcome] += 1
            if outcome in LEFT_OUT:
                dropped[offset_key(offset)] = outcome.encode()
        changes = {**self.seen.writes, **self.identity.writes, **self.index.writes(reader)}
        return Stepped({**changes, PROFILE: self.people.changed(), DROPPED: dropped}, outcomes, self.seen.day)

    def event(self, offset: int, payload: bytes, event: Event) -> str:
        """One event through the steps; what became of it."""
        if self.seen.again(event):
            return "duplicate"
        if not event.consent and self.refused(event):  # what says yes or no is always heard
            return "consent"
        self.seen.count(event)
        told = self.identity.resolve(event, offset)
        for other in told.merged:
            self.people.hand_over(other, told.person)
        profile = self.people.take(told.person)
        hear(profile, event)
        telling = told.joined or event.type in TELLING
        if not event.consent or may("analytics", profile.consent, self.policy, event.received_at).allowed:
            fold(profile, event, self.unseal(event) if telling else None, told.joined)
        self.index.event(offset, event, payload)
        return "kept"

    def refused(self, event: Event) -> bool:
        """Whether anybody whom the event may be about does not want to be counted (law 7)."""
        known = self.identity.known(event)
        consents = [profile.consent for person in known if (profile := self.people.peek(person))]
        return not all(may("analytics", said, self.policy, event.received_at).allowed for said in consents or [{}])

    def decided(self, offset: int, payload: bytes, decided: Decided) -> str:
        self.index.decided(offset, decided, payload)
        return "decided"

    def rejected(self, offset: int, payload: bytes, rejected: Rejected) -> str:
        self.index.rejected(offset, rejected, payload)
        return "rejected"

    def foreign(self, offset: int, payload: bytes, record: None) -> str:
        return "foreign"


Handler = Callable[[Fold, int, bytes, Any], str]
HANDLERS: dict[type, Handler] = {
    Event: Fold.event,
    Decided: Fold.decided,
    Rejected: Fold.rejected,
    type(None): Fold.foreign,
}
LEFT_OUT = frozenset({"duplicate", "consent", "foreign"})  # of the lake


def read(payload: bytes) -> Event | Decided | Rejected | None:
    """The record, or None for bytes that are none: they must not stop the stream."""
    try:
        return decode_record(payload)
    except msgspec.DecodeError:
        return None
