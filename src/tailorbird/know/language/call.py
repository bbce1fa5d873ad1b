"""One call as its builder sees it: each argument read as what its parameter takes."""

from dataclasses import replace

from sqlglot import exp

from tailorbird.know.language.arguments import put, written
from tailorbird.know.language.dialect import place
from tailorbird.know.language.functions import FUNCTIONS, Function
from tailorbird.know.language.kinds import Read, need, settle
from tailorbird.know.language.lengths import read_length, window
from tailorbird.know.language.mistake import Mistake, instead, shown
from tailorbird.know.language.reader import Reader
from tailorbird.know.language.schema import ANY_EVENT, SESSION
from tailorbird.know.language.scope import Event
from tailorbird.know.language.tree import And, Events, Expression, Property, Window


class Call:
    """The arguments of one call, by the names of its function's parameters."""

    def __init__(self, reader: Reader, function: Function, node: exp.Anonymous) -> None:
        self.reader, self.function, self.node = reader, function, node
        self.given = put(function, node)
        self.at = place(node)

    def has(self, name: str) -> bool:
        return name in self.given

    def only(self, name: str) -> exp.Expression:
        return self.given[name][0]

    def reads(self, name: str) -> list[Read]:
        return [self.reader.read(one) for one in self.given.get(name, ())]

    def read(self, name: str) -> Read:
        return self.reader.read(self.only(name))

    def words(self, name: str) -> str:
        """A text that is written out; raises Mistake for anything else."""
        node = self.only(name)
        if not (isinstance(node, exp.Literal) and node.is_string):
            raise Mistake(
                f"{name} of {self.function.name}() must be text in quotes.", written(self.function), place(node)
            )
        return str(node.this)

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number that is written out, within bounds."""
        value = getattr(self.read(name).tree, "value", None)
        if not isinstance(value, float) or not value.is_integer() or not least <= value <= most:
            between = f"a whole number from {least} to {most:,}"
            raise Mistake(f"{name} of {self.function.name}() must be {between}.", at=place(self.only(name)) or self.at)
        return int(value)

    def length(self, name: str) -> int:
        return read_length(self.words(name), place(self.only(name)))

    def window(self, name: str = "window") -> Window | None:
        """The window in its granules, or None where there is none."""
        granule = self.length("granularity") if self.has("granularity") else None
        if self.has(name):
            return window(self.length(name), granule, place(self.only(name)))
        if granule:
            raise Mistake("A granularity needs a window to divide.", written(self.function), self.at)
        return None

    def events(self, name: str = "event") -> tuple[Events, ...]:
        """The events named there; the call's own `where` and `each` hold for each of them."""
        return tuple(self.event(node) for node in self.given[name])

    def event(self, node: exp.Expression) -> Events:
        """One event, by name or as event(…)."""
        if isinstance(node, exp.Anonymous) and node.name.lower() == "event" and self.function.name != "event":
            events = Call(self.reader, FUNCTIONS["event"], node).events()[0]
        elif isinstance(node, exp.Literal) and node.is_string:
            events = Events(self._known(str(node.this), place(node)))
        else:
            raise Mistake("An event is named here, as text or event('Name', where => …).", at=place(node) or self.at)
        return self.filtered(events)

    def scope(self, events: Events) -> Event:
        return Event(self.reader.schema, events.name, events.each)

    def value(self, events: Events, name: str = "value") -> Read:
        """A property's name as text, or an expression over the properties."""
        node = self.only(name)
        inside = self.reader.inside(self.scope(events))
        if isinstance(node, exp.Literal) and node.is_string:
            path = tuple(str(node.this).split("."))
            return Read(inside.scope.name(path, place(node)), node, self.reader.around.text)
        return inside.read(node)

    def key(self, steps: tuple[Events, ...]) -> Expression | None:
        """The property that all steps must share, which each of them must have."""
        if not self.has("key"):
            return None
        # Read once a step: the same name may be of another kind in another event, or not be there.
        found = [settle(self.value(step, "key").tree, "text") for step in steps]
        if not all(isinstance(one, Property) and one == found[0] for one in found):
            raise Mistake("The key must be one property, of the same kind in all events.", at=place(self.only("key")))
        return found[0]

    def _known(self, name: str, at: int | None) -> str:
        if name not in self.reader.schema.events and name != ANY_EVENT:
            raise Mistake(
                f"{shown(name)} is no event: neither declared nor ever seen.",
                instead(name, self.reader.schema.events),
                at,
            )
        return name

    def filtered(self, events: Events) -> Events:
        """The events with this call's own `each` and `where`."""
        if self.has("each"):
            events = replace(events, each=self._list(events))
        if not self.has("where"):
            return events
        if events.name == SESSION:
            raise Mistake("A session has no filter: it is the start of a run of events.", at=self.at)
        own = need(self.reader.inside(self.scope(events)).read(self.only("where")), "boolean")
        return replace(events, where=own if events.where is None else And((events.where, own)))

    def _list(self, events: Events) -> str:
        name, lists = self.words("each"), self.reader.schema.lists(events.name)
        if events.each and events.each != name:
            raise Mistake(f"Its event already goes through {shown(events.each)}.", at=place(self.only("each")))
        if name not in lists:
            raise Mistake(
                f"{shown(events.name)} has no list of objects {shown(name)}.",
                instead(name, lists),
                place(self.only("each")),
            )
        return name
