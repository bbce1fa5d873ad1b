"""Which items a placement allows at all: its rules in one, as the shelf marks them and as the gate asks again."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Protocol

from tailorbird.events import Item
from tailorbird.offer.rules.wishes import compiled


class OnItems(Hashable, Protocol):
    """A condition on items: equal ones are one to a shelf."""

    def matches(self, item: Item) -> bool: ...


@dataclass(frozen=True, slots=True)
class Allowed:
    """What must hold, what must not, and what is out by its id."""

    must: tuple[OnItems, ...]
    never: OnItems | None
    exclude: frozenset[str]
    known: int = field(init=False, repr=False, compare=False)  # the hash, which goes through every text of the rules

    def __post_init__(self) -> None:
        # Worked out once: a shelf looks its masks up by this with every decision.
        object.__setattr__(self, "known", hash((self.must, self.never, self.exclude)))

    def __hash__(self) -> int:
        return self.known

    @classmethod
    def of(cls, only: OnItems | None, never: OnItems | None, rule: str, exclude: tuple[str, ...]) -> "Allowed":
        """Of the fields of a placement; raises Mistake for a rule that cannot be read.

        >>> two = Allowed.of(None, None, "price < 2", ("7",))
        >>> two.matches(Item("1", price=1.0)), two.matches(Item("7", price=1.0)), two.matches(Item("1"))
        (True, False, False)
        """
        must = [only] if only is not None else []
        if rule:
            must.append(compiled(rule))
        return cls(tuple(must), never, frozenset(exclude))

    def matches(self, item: Item) -> bool:
        """Whether the item may stand there."""
        if item.id in self.exclude or (self.never is not None and self.never.matches(item)):
            return False
        return all(one.matches(item) for one in self.must)
