"""Arrays that stay for many calls, lent to the kernel by their addresses.

To look at an array that it is given takes numba 70 to 150 ns, each time, and the kernel takes 24: a fifth of its time.
A list of addresses is one array. Each list is written and read by two functions that stand side by side here.

An address keeps nothing alive. Whoever lends holds the arrays for as long as the list is in use: `Joint` and `Columns`
hold both, and a list that is made for one call lies beside its arrays.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numba import carray, njit, types  # type: ignore[attr-defined]  # carray, in the manual among the public names
from numba.extending import intrinsic

from tailorbird.offer.recommend.kernel_words import Desks, Doubles, Fading, Floats, Ints, Longs, Near, Past, Shop, Tops


def _of(kind: Any, dimensions: int = 1) -> Any:
    """Arrays of one kind, one number behind the other: all others are refused, as their addresses would be misread."""
    return types.Array(kind, dimensions, "C", readonly=True)


_together: Callable[[list[Any]], Any] = cast("Any", types.Tuple)
ints, floats, doubles, lent = _of(types.int32), _of(types.float32), _of(types.float64), types.int64[::1]
fading, desks = _together([doubles] * 2 + [types.float64] * 3), _together([floats, _of(types.float32, 2)])
near = _together([_of(types.int64), ints, floats, types.float64, types.int64])
tops = _together([ints, _of(types.int32, 2), floats])


def _pointer(context: Any, address: Any) -> Any:
    """An address as a pointer. For compiled code only."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.intp), code


pointer: Callable[[Any], Any] = cast("Any", intrinsic(_pointer))


@njit(cache=True)
def _at(array: Any) -> np.int64:
    return np.int64(array.ctypes.data)


@njit(cache=True)
def _bits(number: float) -> np.int64:
    return np.float64(number).view(np.int64)


@njit(cache=True)
def _number(bits: int) -> float:
    return np.int64(bits).view(np.float64)


@njit(cache=True)
def _ints(address: int, count: int) -> Ints:
    return carray(pointer(address), (count,), np.int32)


@njit(cache=True)
def _floats(address: int, count: int) -> Floats:
    return carray(pointer(address), (count,), np.float32)


@njit(cache=True)
def _doubles(address: int, count: int) -> Doubles:
    return carray(pointer(address), (count,), np.float64)


@njit(lent(ints, floats), cache=True)
def lend_pair(slots: Ints, values: Floats) -> Longs:
    """Slots and values, of any lengths."""
    return np.array([_at(slots), len(slots), _at(values), len(values)])


@njit(cache=True)
def pair_of(lent: Longs) -> tuple[Ints, Floats]:
    return _ints(lent[0], lent[1]), _floats(lent[2], lent[3])


@njit(lent(_together([ints, _of(types.int8), doubles])), cache=True)
def lend_past(past: Past) -> Longs:
    """A history."""
    slots, kinds, times = past
    return np.array([len(slots), _at(slots), _at(kinds), _at(times)])


@njit(cache=True)
def past_of(lent: Longs) -> Past:
    size = lent[0]
    return _ints(lent[1], size), carray(pointer(lent[2]), (size,), np.int8), _doubles(lent[3], size)


@njit(lent(fading, near, tops, ints, desks), cache=True)
def lend_shop(fading: Fading, near: Near, tops: Tops, row_of: Ints, desks: Desks) -> Longs:
    """What is of the joint. Numbers that are no whole ones are written down bit by bit."""
    return np.array([
        _at(fading[0]), _at(fading[1]), len(fading[0]),
        _bits(fading[2]), _bits(fading[3]), _bits(fading[4]),
        _at(near[0]), len(near[0]), _at(near[1]), _at(near[2]), len(near[1]),
        _bits(near[3]), near[4],
        _at(tops[0]), len(tops[0]), _at(tops[1]), len(tops[1]), _at(tops[2]), len(tops[2]),
        _at(row_of), len(row_of), _at(desks[0]), _at(desks[1]), len(desks[1]),
    ])  # fmt: skip


@njit(cache=True)
def shop_of(lent: Longs) -> Shop:
    slots, ranks = lent[20], lent[18]
    fading = (
        _doubles(lent[0], lent[2]), _doubles(lent[1], lent[2]), _number(lent[3]), _number(lent[4]), _number(lent[5])
    )  # fmt: skip
    start = carray(pointer(lent[6]), (lent[7],), np.int64)
    near = start, _ints(lent[8], lent[10]), _floats(lent[9], lent[10]), _number(lent[11]), lent[12]
    best = carray(pointer(lent[15]), (lent[16], ranks), np.int32)
    tops = _ints(lent[13], lent[14]), best, _floats(lent[17], ranks)
    desks = _floats(lent[21], slots), carray(pointer(lent[22]), (lent[23], 3), np.float32)
    return fading, near, tops, _ints(lent[19], slots), desks
