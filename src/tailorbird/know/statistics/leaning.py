"""How much a person leans to some categories or brands, in contacts that fade by half every so often.

Forward decay (Cormode, Shkapenyuk, Srivastava, Xu: "Forward Decay", ICDE 2009): each contact keeps the weight that it
has seen from a landmark. All fade alike, so shares do not change while nothing happens.
"""

from typing import ClassVar

from tailorbird.know.statistics.statistic import Statistic

# Half-lives from one landmark to the next: all statistics of one half-life share them, and floats carry it.
EPOCH = 256


class Leaning(Statistic):
    """Faded contacts: of all names together, and of each one that a definition asks for.

    >>> from tailorbird.know.statistics.statistic import of
    >>> leaning = of(Leaning, half_life=10, asked=("tea",))()
    >>> leaning.update(0, ("tea", 4.0)), leaning.update(10, ("jam", 2.0)), leaning.get(10)
    (True, True, {'tea': 0.5})
    """

    half_life: ClassVar[int] = 1
    asked: ClassVar[tuple[str, ...]] = ()

    landmark: int = -1
    total: float = 0.0
    weights: dict[str, float] = {}

    def update(self, at: int, value: tuple[str, float]) -> bool:
        self.lean(at, *value)
        return True

    def lean(self, at: int, name: str, weight: float) -> None:
        """One contact of this weight."""
        if at - self.landmark >= EPOCH * self.half_life or self.landmark < 0:
            self._move(at // (EPOCH * self.half_life) * EPOCH * self.half_life)
        age = (at - self.landmark) / self.half_life
        faded = weight * 2.0**age if age > -1000.0 else 0.0
        self.total += faded
        if name in self.asked:
            self.weights[name] = self.weights.get(name, 0.0) + faded

    def _move(self, landmark: int) -> None:
        """See everything from a later landmark, before numbers grow too large."""
        back = 2.0 ** -min((landmark - self.landmark) / self.half_life, 1074.0)
        self.weights = {name: weight * back for name, weight in self.weights.items()}
        self.total *= back
        self.landmark = landmark

    def revert(self, at: int, value: tuple[str, float]) -> bool:
        # Whether another contact with this name is left, with next to no weight, floats cannot tell.
        return False

    def __iadd__(self, other: "Leaning") -> "Leaning":
        if other.landmark > self.landmark:
            self._move(other.landmark)
        back = 2.0 ** -min((self.landmark - other.landmark) / self.half_life, 1074.0)
        for name, weight in other.weights.items():
            self.weights[name] = self.weights.get(name, 0.0) + weight * back
        self.total += other.total * back
        return self

    def get(self, now: int) -> dict[str, float]:
        return {name: weight / self.total if self.total else 0.0 for name, weight in self.weights.items()}
