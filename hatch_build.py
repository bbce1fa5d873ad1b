"""Compiles the hot modules while a wheel is built, where there is a C compiler; elsewhere they run as Python.

Which they are stands in pyproject.toml; why, and what it gains, in docs/why/123. `TAILORBIRD_COMPILE=0` keeps Python.
"""

import os
import re
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILD = Path(".build")
DIRECTIVES = {
    "language_level": "3",
    "annotation_typing": False,  # an annotated int may be as long as Python's are
}
# In `A if c else (b or (x and not y))` Cython 3.1 takes a C truth for an object: a warning, and the end of the process.
FLAGS = ["-O2", "-g0", "-Werror=int-to-pointer-cast"] if os.name == "posix" else []


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls; an editable install stays Python, so that what is edited is what runs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or os.environ.get("TAILORBIRD_COMPILE") == "0":
            return
        os.chdir(self.root)
        modules = self.config.get("compiled", [])
        made = compiled(modules)
        print(f"{len(made)} of {len(modules)} hot modules of tailorbird compiled", file=sys.stderr)
        if made:
            build_data["force_include"].update({str(path): inside for path, inside in made.items()})
            build_data["pure_python"], build_data["infer_tag"] = False, True


def compiled(modules: list[str]) -> dict[Path, str]:
    """The extension modules that could be built, and each one's place in the wheel."""
    sources = {name: Path("src", *name.split(".")).with_suffix(".py") for name in modules}
    try:
        build(sources)
    except Exception as error:  # whatever stops a compiler, or that there is none, stops no install
        print(f"tailorbird stays Python where it was not compiled: {error}", file=sys.stderr)
    made: dict[str, tuple[Path, str]] = {}
    for name, source in sources.items():
        place = name.replace(".", "/") + sysconfig.get_config_var("EXT_SUFFIX")
        steps = [source, BUILD / "c" / source.with_suffix(".c"), BUILD / "lib" / place]
        if (types := source.with_suffix(".pxd")).exists():
            steps = [*sorted((types, source), key=age), *steps[1:]]
        # In order of age: an older one is yesterday's, of other source.
        if all(step.exists() for step in steps) and steps == sorted(steps, key=age):
            made[name] = steps[-1].absolute(), place
    # What knows the inside of another's objects cannot even be imported where the other stayed Python.
    while alone := [name for name in made if inside_of(sources[name]) & sources.keys() - made.keys()]:
        for name in alone:
            del made[name]
    return dict(made.values())


def inside_of(source: Path) -> set[str]:
    """The modules whose classes the types beside this one know from the inside."""
    types = source.with_suffix(".pxd")
    return set(re.findall(r"^from (\S+) cimport", types.read_text(), re.MULTILINE)) if types.exists() else set()


def age(path: Path) -> float:
    """When it was last written."""
    return path.stat().st_mtime


def build(sources: dict[str, Path]) -> None:
    """Python to C to extension modules under .build/lib, anew where something changed. Raises what the tools raise."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    cores = os.cpu_count() or 1
    wanted = [Extension(name, [str(path)], extra_compile_args=FLAGS) for name, path in sources.items()]
    extensions = cythonize(
        wanted, build_dir=BUILD / "c", nthreads=cores, compiler_directives=DIRECTIVES, quiet=True, exclude_failures=True
    )
    command = Distribution({"ext_modules": extensions}).get_command_obj("build_ext")
    command.build_temp, command.build_lib, command.parallel = str(BUILD / "o"), str(BUILD / "lib"), cores
    command.ensure_finalized()
    command.run()
