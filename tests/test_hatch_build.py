"""A wheel's hot modules are compiled where that works, and stay Python where not: an install never fails by it."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
TOP = Path(__file__).parent.parent
PROJECT = """
[build-system]
requires = ["hatchling", "cython", "setuptools"]
build-backend = "hatchling.build"
[project]
name = "tailorbird"
version = "0.0.1"
[tool.hatch.build.targets.wheel]
packages = ["src/tailorbird"]
[tool.hatch.build.targets.wheel.hooks.custom]
compiled = ["tailorbird.good", "tailorbird.risky"]
"""
GOOD = '''"""Adds."""


def add(a: int, b: int) -> int:
    return a + b
'''
# What Cython 3.1 makes of the second line takes a C truth for an object.
RISKY = '''"""Judges."""


def judge(a, b, c, x, f):
    return a if c else (b or (x is not None and not f(x)))
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "tailorbird"
    package.mkdir(parents=True)
    shutil.copy(TOP / "hatch_build.py", tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    for name, text in {"__init__": "", "good": GOOD, "risky": RISKY}.items():
        (package / f"{name}.py").write_text(text)
    return tmp_path


def wheel(project: Path, **environment: str) -> Path:
    shutil.rmtree(project / "dist", ignore_errors=True)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", "dist", "."]
    subprocess.run(command, cwd=project, env={**os.environ, **environment}, check=True, timeout=120)
    [made] = (project / "dist").glob("*.whl")
    return made


def extensions(made: Path) -> list[str]:
    with zipfile.ZipFile(made) as inside:
        return sorted(Path(name).name.split(".")[0] for name in inside.namelist() if name.endswith((".so", ".pyd")))


def test_what_compiles_is_compiled_and_what_a_compiler_warns_of_stays_python(project: Path) -> None:
    made = wheel(project)
    assert "good" in extensions(made)
    with zipfile.ZipFile(made) as inside:
        inside.extractall(project / "installed")
    asked = (
        "from tailorbird import good, risky; print(good.__file__, good.add(2, 10**30), risky.judge(1, 0, 0, 5, str))"
    )
    told = subprocess.run([sys.executable, "-c", asked], env={**os.environ, "PYTHONPATH": str(project / "installed")},
                          check=True, capture_output=True, text=True).stdout  # fmt: skip
    assert ".py " not in told and told.endswith(f" {2 + 10**30} False\n")


def test_what_cython_refuses_stays_python_alone(project: Path) -> None:
    (project / "src/tailorbird/risky.py").write_text("this is no Python")
    assert extensions(wheel(project)) == ["good"]


def test_what_knows_the_inside_of_a_module_that_stays_python_stays_with_it(project: Path) -> None:
    package, settings = project / "src/tailorbird", project / "pyproject.toml"
    settings.write_text(settings.read_text().replace('"tailorbird.risky"', '"tailorbird.risky", "tailorbird.leaning"'))
    (package / "risky.pxd").write_text("cdef class Judge:\n    cdef object mood\n")
    (package / "leaning.py").write_text("from tailorbird.risky import Judge\n\n\ndef mood(of):\n    return of.mood\n")
    (package / "leaning.pxd").write_text("from tailorbird.risky cimport Judge\ncpdef mood(Judge of)\n")
    (package / "risky.py").write_text("class Judge:\n    def __init__(self):\n        self.mood = 1\n")
    assert extensions(wheel(project)) == ["good", "leaning", "risky"]
    (package / "risky.py").write_text("this is no Python")
    assert extensions(wheel(project)) == ["good"]


def test_what_no_longer_compiles_is_not_taken_from_yesterday(project: Path) -> None:
    assert "good" in extensions(wheel(project))
    (project / "src/tailorbird/good.py").write_text("this is no Python")
    assert "good" not in extensions(wheel(project))


@pytest.mark.parametrize("environment", [{"CC": "/nowhere/cc"}, {"TAILORBIRD_COMPILE": "0"}])
def test_without_a_compiler_the_wheel_is_pure(project: Path, environment: dict[str, str]) -> None:
    assert wheel(project, **environment).name.endswith("py3-none-any.whl")
