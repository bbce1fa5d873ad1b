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
