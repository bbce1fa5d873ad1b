"""How much a person leans to each category or brand, in contacts that fade by half every so often.

Forward decay (Cormode, Shkapenyuk, Srivastava, Xu: "Forward Decay", ICDE 2009): each contact keeps the weight that it
has seen from a landmark. All fade alike, so shares do not change while nothing happens.
"""

from typing import ClassVar

from tailorbird.know.statistics.statistic import Statistic
from tailorbird.know.statistics.tally import CAP

EPOCH = 256  # half-lives from one landmark to the next: all statistics of one half-life share them, and floats carry it


class Leaning(Statistic):
    """Shares of faded contacts.

    >>> from tailorbird.know.statistics.statistic import of
    >>> leaning = of(Leaning, half_life=10)()
    >>> leaning.update(0, ("tea", 4.0)), leaning.update(10, ("jam", 2.0)), leaning.get(10)
    (True, True, {'tea': 0.5, 'jam': 0.5})
    """

    capped: ClassVar[bool] = True
    half_life: ClassVar[int] = 1

    landmark: int = -1
    total: float = 0.0
    weights: dict[str, float] = {}
    approximate: bool = False

    def update(self, at: int, value: tuple[str, float]) -> bool:
        self.lean(at, *value)
        return True

    def lean(self, at: int, name: str, weight: float) -> None:
        """One contact of this weight."""
        if at - self.landmark >= EPOCH * self.half_life or self.landmark < 0:
            self._move(at // (EPOCH * self.half_life) * EPOCH * self.half_life)
        age = (at - self.landmark) / self.half_life
        faded = weight * 2.0**age if age > -1000.0 else 0.0
        self.weights[name] = self.weights.get(name, 0.0) + faded
        self.total += faded
        if len(self.weights) > CAP:
            self._forget()

    def _move(self, landmark: int) -> None:
        """See everything from a later landmark, before numbers grow too large."""
        back = min((landmark - self.landmark) / self.half_life, 1074.0)
        self.weights = {name: weight * 2.0**-back for name, weight in self.weights.items()}
        self.total = sum(self.weights.values())
        self.landmark = landmark

    def _forget(self) -> None:
        weakest = sorted(self.weights, key=lambda name: (self.weights[name], name))
        for name in weakest[: CAP // 5]:
            del self.weights[name]
        self.total = sum(self.weights.values())
        self.approximate = True

    def revert(self, at: int, value: tuple[str, float]) -> bool:
        # Whether another contact with this name is left, with next to no weight, floats cannot tell.
        return False

    def __iadd__(self, other: "Leaning") -> "Leaning":
        if other.landmark > self.landmark:
            self._move(other.landmark)
        back = min((self.landmark - other.landmark) / self.half_life, 1074.0)
        for name, weight in other.weights.items():
            self.weights[name] = self.weights.get(name, 0.0) + weight * 2.0**-back
        self.total = sum(self.weights.values())
        self.approximate |= other.approximate
        while len(self.weights) > CAP:
            self._forget()
        return self

    def get(self, now: int) -> dict[str, float]:
        return {name: weight / self.total if self.total else 0.0 for name, weight in self.weights.items()}
