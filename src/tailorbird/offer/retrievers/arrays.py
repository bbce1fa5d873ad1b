"""What retrievers keep: arrays locked against writing, named for storage and checked when they come back."""

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tailorbird.errors import Corrupt

Array = NDArray[Any]
Anything = TypeVar("Anything", bound=np.generic)


def locked(array: NDArray[Anything]) -> NDArray[Anything]:
    """The same values, in one block of memory, which nobody can write into. What was given stays as it is."""
    # It may hand back the very array that was given; so a view is locked, and not that.
    own = np.ascontiguousarray(array).view()
    own.flags.writeable = False
    return own


def locked_sparse(matrix: csr_array) -> csr_array:
    """The same matrix, whose three arrays nobody can write into; columns in 32 bits, starts in 64."""
    start, column = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32)
    return _assembled(locked(start), locked(column), locked(matrix.data), matrix.shape)


def named(name: str, matrix: csr_array) -> dict[str, Array]:
    """A sparse matrix as arrays to store: NAME_start, NAME_column, NAME_value."""
    return {f"{name}_start": matrix.indptr, f"{name}_column": matrix.indices, f"{name}_value": matrix.data}


def stored(arrays: Mapping[str, Array], name: str, *shape: int) -> Array:
    """The array of that name, locked; -1 in `shape` stands for any length. Raises Corrupt where it does not fit."""
    if name not in arrays:
        raise Corrupt(f"Array '{name}' is missing. There are: {', '.join(arrays) or 'none'}. Train the model again.")
    array = arrays[name]
    if len(array.shape) != len(shape) or any(w not in (-1, h) for h, w in zip(array.shape, shape, strict=True)):
        raise Corrupt(f"Array '{name}' has the shape {array.shape}, expected {shape}. Train the model again.")
    return locked(array)


def stored_sparse(arrays: Mapping[str, Array], name: str, width: int) -> csr_array:
    """The matrix that `named` took apart, `width` columns wide; raises Corrupt where its parts do not fit together."""
    start = stored(arrays, f"{name}_start", -1)
    column = stored(arrays, f"{name}_column", -1)
    value = stored(arrays, f"{name}_value", len(column))
    if len(start) == 0 or start[0] != 0 or start[-1] != len(column) or (np.diff(start) < 0).any():
        raise Corrupt(f"The rows of '{name}' do not cover its {len(column)} values. Train the model again.")
    # Compiled walks look at no bounds: a wrong column would read, or write, somewhere in memory.
    if len(column) and not 0 <= column.min() <= column.max() < width:
        raise Corrupt(f"'{name}' names columns outside of its {width}. Train the model again.")
    return _assembled(start, column, value, (len(start) - 1, width))


def _assembled(start: Array, column: Array, value: Array, shape: tuple[int, int]) -> csr_array:
    """Scipy's own door would copy the columns into the width of the starts; this leaves all as it is, mapped or not."""
    matrix = csr_array(shape, dtype=value.dtype)
    matrix.indptr, matrix.indices, matrix.data = start, column, value
    return matrix
