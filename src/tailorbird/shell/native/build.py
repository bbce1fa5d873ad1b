"""Compile one typed module, in a process of its own: the compiler's memory goes back, and its crash harms nothing.

    python -m tailorbird.shell.native.build FOLDER NAME OUTPUT

FOLDER has NAME.py, NAME.pxd and NAME.h; OUTPUT appears whole, or not at all. It takes the extra `native` (Cython) and
the system's C compiler, and ends, with all that it began, when its time is up or when who began it is gone.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tailorbird.shell.children import die_with_parent

WITHIN_S = 1800  # by the clock, in all: on a busy machine who gives way to all others waits most of the time
WORKS_S = 300  # of the processor, each process
MOST_BYTES = 3_000_000_000  # of address space, of each process; fifty segments take 350 MB
# What Python does and C would not: an error in place of a crash, indexes from the end, division that rounds down.
DIRECTIVES = {
    "language_level": 3,
    "annotation_typing": False,
    "infer_types": False,
    "binding": False,
    "nonecheck": True,
    "wraparound": True,
    "boundscheck": True,
    "cdivision": False,
}
# -O2 takes thrice the time for nothing that can be measured; nobody will debug it.
# No multiplication joined with an addition: that rounds once where Python rounds twice.
# A number that is taken for an object would end the process: what gcc sees of that is no warning.
FLAGS = (
    *("-O1", "-g0", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off"),
    *("-Werror=int-to-pointer-cast", "-Werror=int-conversion", "-Werror=incompatible-pointer-types"),
)


def cython_version() -> str:
    """The version of Cython at hand; "" for none."""
    try:
        return version("cython")
    except PackageNotFoundError:
        return ""


def compiler() -> list[str]:
    """The command that makes a shared library of a C file, as Python itself was built; empty where it is missing."""
    command = (sysconfig.get_config_var("LDSHARED") or "").split()
    return command if command and shutil.which(command[0]) else []


def build(folder: Path, name: str, output: Path) -> None:
    """Compile what stands in the folder."""
    _to_c(folder, name)
    made, include = folder / output.name, f"-I{sysconfig.get_path('include')}"
    shared = (sysconfig.get_config_var("CCSHARED") or "-fPIC").split()
    command = [*compiler(), *shared, *FLAGS, include, f"-I{folder}", str(folder / f"{name}.c"), "-o", str(made)]
    # With a time limit Python looks again and again: a signal right before a plain wait is heard only behind it.
    subprocess.run(command, check=True, timeout=WITHIN_S)  # noqa: S603  # Python's own compiler, our own file
    made.chmod(0o600)
    sync(made)
    made.replace(output)
    sync(output.parent)


def _to_c(folder: Path, name: str) -> None:
    from Cython.Compiler.Main import CompilationOptions, default_options
    from Cython.Compiler.Main import compile as to_c

    mend()
    options = CompilationOptions(default_options, compiler_directives=DIRECTIVES, language_level=3)
    result = to_c(str(folder / f"{name}.py"), options, full_module_name=name)
    if result.num_errors:
        raise SystemExit(f"Cython refused {name}: {result.num_errors} errors")


def mend() -> None:
    """Have Cython take all of an `and` or `or` for objects where one end of it is one.

    In `a if c else (b or (x is not None and not y))` it takes the inner `and` for a truth of C, and the whole for an
    object, and does not join the two (so to version 3.3 at least).
    """
    from Cython.Compiler.ExprNodes import BoolBinopNode

    wrapped = BoolBinopNode._wrap_operand

    def wrap(self: Any, operand: Any, env: Any) -> Any:
        made = wrapped(self, operand, env)
        return made.coerce_to(self.type, env) if self.type.is_pyobject and made.type != self.type else made

    BoolBinopNode._wrap_operand = wrap


def sync(path: Path) -> None:
    """See that it is on the disk: what is half written must not be found under its name after a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def bounded() -> None:
    """End all of this process's group when its time is up, or when its parent is gone; and let none of it grow."""
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, lambda *_: os.killpg(0, signal.SIGKILL))
    signal.alarm(WITHIN_S)
    resource.setrlimit(resource.RLIMIT_CPU, (WORKS_S, WORKS_S))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    # Not killed but told, because the compiler that it began must go, too.
    if (bind := die_with_parent(os.getppid(), signal.SIGTERM)) is not None:
        bind()


def main() -> None:
    """Compile what the command line says."""
    bounded()
    folder, name, output = sys.argv[1:]
    build(Path(folder), name, Path(output))


if __name__ == "__main__":
    main()
