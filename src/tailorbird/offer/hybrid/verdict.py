"""What came of the gate of the trees: kept with a model, so it needs nothing that the gate needs."""

import msgspec


class Verdict(msgspec.Struct, frozen=True):
    """Whether trees serve, and why: the mean gain over the blend with its 95 % interval."""

    accepted: bool
    why: str
    people: int = 0  # who judged
    blend: float = 0.0
    trees: float = 0.0
    low: float = 0.0
    high: float = 0.0

    @property
    def told(self) -> str:
        """In one line.

        >>> Verdict(True, "better than the blend", 4640, 0.195, 0.2007, 0.0044, 0.0069).told
        'better than the blend, .2007 beside .1950, +.0057 [+.0044, +.0069] on 4,640 held out'
        >>> Verdict(False, "not tried").told
        'not tried'
        """
        if not (self.blend or self.trees):
            return self.why
        gain, low, high = (
            f"{value:+.4f}".replace("0.", ".") for value in (self.trees - self.blend, self.low, self.high)
        )
        trees, blend = (f"{value:.4f}".lstrip("0") for value in (self.trees, self.blend))
        return f"{self.why}, {trees} beside {blend}, {gain} [{low}, {high}] on {self.people:,} held out"
