"""Tell the processor which line of memory comes next, so that it is there when it is asked for.

A model's tables are larger than any cache, and the neighbours of each item of a history lie somewhere else in them.
Numba has no word for it; LLVM, which it compiles with, has (language reference, "llvm.prefetch"). With 50 items of
history that were not asked for lately, it takes a quarter off the time of `kernel.score`.
"""

from collections.abc import Callable
from typing import Any, cast

from numba import types
from numba.core.cgutils import ir  # type: ignore[attr-defined]  # llvmlite, in the version that it needs
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

READ, KEEP, DATA = 0, 3, 1
BYTE, INT = ir.IntType(8).as_pointer(), ir.IntType(32)
KIND = ir.FunctionType(ir.VoidType(), [BYTE, INT, INT, INT])


def _prefetch(context: Any, array: Any, place: Any) -> Any:
    """Begin to fetch the line with `array[place]`; changes nothing, whatever the place. For compiled code only."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        held = make_array(signature.args[0])(context, builder, given[0])  # type: ignore[no-untyped-call]
        word = builder.module.declare_intrinsic("llvm.prefetch", [BYTE], KIND)
        at = builder.bitcast(builder.gep(held.data, [given[1]]), BYTE)
        builder.call(word, [at, INT(READ), INT(KEEP), INT(DATA)])
        return context.get_dummy_value()

    return types.void(array, place), code


prefetch: Callable[[Any, Any], None] = cast("Any", intrinsic(_prefetch))
