"""Compile one typed module, in a process of its own: the compiler's memory goes back, and its crash harms nothing.

    python -m tailorbird.shell.native.build OUTPUT     the module comes on standard input

Needs the extra `native` (Cython) and the system's C compiler.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

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
# -O2 takes thrice the time for nothing that can be measured.
# No multiplication joined with an addition: that rounds once where Python rounds twice.
FLAGS = ("-O1", "-fwrapv", "-fno-strict-aliasing", "-ffp-contract=off", "-w")


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


def build(name: str, files: Mapping[str, str], output: Path) -> None:
    """Compile NAME.py among `files` (file name -> text) to `output`, which appears whole or not at all."""
    from Cython.Compiler.Main import CompilationOptions, default_options
    from Cython.Compiler.Main import compile as to_c

    with tempfile.TemporaryDirectory(dir=output.parent) as folder:
        place = Path(folder)
        for file, text in files.items():
            (place / file).write_text(text, "utf-8")
        options = CompilationOptions(default_options, compiler_directives=DIRECTIVES, language_level=3)
        result = to_c(str(place / f"{name}.py"), options, full_module_name=name)
        if result.num_errors:
            raise SystemExit(f"Cython refused {name}: {result.num_errors} errors")
        made = place / output.name
        include = f"-I{sysconfig.get_path('include')}"
        shared = (sysconfig.get_config_var("CCSHARED") or "-fPIC").split()
        command = [*compiler(), *shared, *FLAGS, include, f"-I{place}", str(place / f"{name}.c"), "-o", str(made)]
        subprocess.run(command, check=True)  # noqa: S603  # Python's own compiler, our own file
        made.chmod(0o600)
        os.replace(made, output)  # noqa: PTH105


def main() -> None:
    """Compile what standard input says."""
    name, files = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=tuple[str, dict[str, str]])
    build(name, files, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
