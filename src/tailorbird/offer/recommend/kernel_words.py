"""What the compiled inner loops of serving take and give, in their own few words."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Kinds: TypeAlias = NDArray[np.int8]
Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Question: TypeAlias = tuple[float, int, float, bool]  # now in ms, lines wanted, worth of a category, is it personal
Past: TypeAlias = tuple[Ints, Kinds, Doubles]  # slots of the history (-1: unknown), kinds, times in ms
Fading: TypeAlias = tuple[
    Doubles, Doubles, float, float, float
]  # long and live worth by kind, rates per ms, live floor
Near: TypeAlias = tuple[
    Longs, Ints, Floats, float, int
]  # start, neighbours, nearness, how near is typical, and how many neighbours a contact of long ago speaks for
Tops: TypeAlias = tuple[Ints, Ints, Floats]  # category of each shelf row; each one's best slots, -1 behind; rank values
Part: TypeAlias = tuple[Ints, Floats, float]  # slots (-1: unknown), values, and what these are multiplied by
Parts: TypeAlias = tuple[Part, Part, Part]  # of the terms PART_TERMS
Base: TypeAlias = tuple[Floats, Ints, float]  # by slot; the slots that it proposes, each once; none is above this
Doors: TypeAlias = tuple[Ints, Bools, Bools]  # shelf row of each slot; open slots; allowed shelf rows, empty for all
Desks: TypeAlias = tuple[Floats, Floats]  # working memory by slot and by category; all zero before and after
Found: TypeAlias = tuple[Ints, Floats]  # see the columns below
Shop: TypeAlias = tuple[
    Fading, Near, Tops, Ints, Desks
]  # what is of the joint; the Ints are the shelf row of each slot
