"""The shape of the tree, read from its imports: data flows one way through it."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parent.parent / "src" / "tailorbird"
CORE = ("collect", "consent", "know", "offer", "prove")
PURE_LIBRARIES = {"numpy", "scipy", "numba", "msgspec", "sqlglot", "jinja2", "cryptography", "yaml"}
# What may be imported from where, by folder or root module: only what lies to the left in the flow.
ALLOWED = {
    "collect": {"events", "errors", "collect"},
    "consent": {"events", "errors", "consent"},
    "know": {"events", "errors", "collect", "consent", "know"},
    "offer": {"events", "errors", "collect", "consent", "know", "offer"},
    "prove": {"events", "errors", "collect", "consent", "know", "offer", "prove"},
}
UNSAFE = {"pickle", "shelve", "marshal", "dill", "joblib"}


def imported_modules(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name, so that a reader sees the room it comes from"
            names.add(node.module or "")
    return names


def python_files(folder: str) -> list[Path]:
    return sorted((SRC / folder).rglob("*.py"))


@pytest.mark.parametrize("folder", CORE)
def test_core_imports_only_what_lies_to_its_left(folder: str) -> None:
    for path in python_files(folder):
        for name in imported_modules(path):
            if name == "tailorbird" or name.startswith("tailorbird."):
                room = [*name.split("."), ""][1]
                assert room in ALLOWED[folder], f"{path} imports {name}"


@pytest.mark.parametrize("folder", CORE)
def test_core_touches_neither_clock_nor_disk_nor_socket(folder: str) -> None:
    import sys

    forbidden = {"time", "os", "socket", "pathlib", "subprocess", "asyncio", "threading", "random", "secrets", "io"}
    for path in python_files(folder):
        for name in imported_modules(path):
            top = name.split(".")[0]
            assert top not in forbidden, f"{path} imports {name}: hand it in from shell"
            assert top in PURE_LIBRARIES | set(sys.stdlib_module_names) | {"tailorbird"}, f"{path} imports {name}"


def test_nothing_is_unpickled_from_disk() -> None:
    for path in python_files("."):
        assert not imported_modules(path) & UNSAFE, path


def test_every_file_can_be_read_in_one_sitting() -> None:
    long = {str(p.relative_to(SRC)): n for p in python_files(".") if (n := len(p.read_text().splitlines())) > 400}
    assert not long


def test_package_and_modules_say_what_they_are() -> None:
    silent = [str(p.relative_to(SRC)) for p in python_files(".") if not ast.get_docstring(ast.parse(p.read_text()))]
    assert not silent


def test_no_two_files_of_tests_have_one_name():
    names = [path.name for path in Path(__file__).parent.rglob("test_*.py")]
    assert {name for name in names if names.count(name) > 1} == set(), "pytest imports them by name: rename one"
