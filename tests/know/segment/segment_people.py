"""One person and what they do, for tests of segments: definitions as a site writes them, events by one line."""

from dataclasses import dataclass, field
from typing import Any

from tailorbird.events import DAY_MS, HOUR_MS, Event
from tailorbird.know.language.program import load
from tailorbird.know.language.schema import Purpose, schema_of
from tailorbird.know.language.tree import Program
from tailorbird.know.segment.live import Live, compile_live
from tailorbird.know.segment.move import Cause, Move
from tailorbird.know.segment.standing import Standing

NOW = 1_780_000_000_000 // DAY_MS * DAY_MS + 9 * HOUR_MS
PERSON = b"p" * 16
FIELDS = {"price": "number", "category": "text", "brand": "text", "cart_id": "text", "gift": "boolean"}


def program(segments: dict[str, str], traits: dict[str, str] | None = None) -> Program:
    schema = schema_of().plain()
    schema["events"] = {**schema["events"], "Viewed": FIELDS, "Added": FIELDS, "Bought": {**FIELDS, "products": "list"}}
    schema["elements"] = {**schema["elements"], "Bought": {"products": {"price": "number", "category": "text"}}}
    schema["traits"] = {"country": "text", "born": "time", "vip": "boolean"}
    schema["purposes"] = {"messaging": {"default": Purpose().default, "lasts": DAY_MS}}
    return load({"segments": segments, "traits": traits or {}, "schema": schema})


def event(name: str, at: int, **said: Any) -> Event:
    """`name` is a track call's event; "page" and "identify" are calls of their own."""
    type_ = name if name in ("page", "identify", "group") else "track"
    traits, consent = said.pop("traits", {}), said.pop("consent", {})
    own = name if type_ == "track" else ""
    return Event("web", f"{name} {at}", type_, own, b"L" * 16, [], at, at + 5, said, {}, traits, consent, b"")


@dataclass
class Someone:
    """A person with live segments."""

    live: Live
    standing: Standing
    moves: list[Move] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def does(self, name: str, at: int = NOW, **said: Any) -> "Someone":
        """One event; a late one is folded in its turn, as the stream worker does."""
        one = event(name, at, **said)
        self.events.append(one)
        if not self.live.apply(self.standing, PERSON, one, len(self.events), self.moves):
            ordered = sorted(self.events, key=lambda known: known.timestamp)
            cause = Cause(len(self.events), "an event came late")
            self.standing = self.live.refold(self.standing, PERSON, ordered, self.standing.at, cause, self.moves)
        return self

    def waits(self, to: int) -> "Someone":
        self.live.advance(self.standing, PERSON, to, self.moves)
        return self

    def is_in(self, segment: str = "s") -> bool:
        return segment in self.standing.members

    def told(self) -> list[tuple[str, bool, int]]:
        return [(move.segment, move.entered, move.at) for move in self.moves]


def someone(segment: str = "", traits: dict[str, str] | None = None, **segments: str) -> Someone:
    """A person at a site with these segments; the one without a name is `s`."""
    live = compile_live(program({"s": segment, **segments} if segment else segments, traits))
    return Someone(live, live.new())
