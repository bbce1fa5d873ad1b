"""Of the modules that a wheel has compiled: nothing is written there that Cython reads otherwise than Python does."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
HOOK = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]
MODULES = HOOK["custom"]["compiled"]


def misread(text: str) -> list[str]:
    """What asks a repeated list or tuple whether it is empty, or compares one: to Cython 3.2 it has its first length.

    >>> misread("before = [0] * n or None"), misread("before = [0] * n if n else None")
    (['[0] * n'], [])
    """
    return [ast.unparse(part) for node in ast.walk(ast.parse(text)) for part in _asked(node) if _repeated(part)]


def _asked(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of which only the truth counts, or that are compared."""
    if isinstance(node, ast.BoolOp):
        yield from node.values[:-1]  # the last one is taken as it is
    elif isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
        yield node.test
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare):
        yield from (node.left, *node.comparators)
    elif isinstance(node, ast.Call):
        yield from node.args if isinstance(node.func, ast.Name) and node.func.id == "bool" else ()


def _repeated(node: ast.AST) -> bool:
    """Whether there is such a product in it."""
    return any(
        isinstance(part, ast.BinOp)
        and isinstance(part.op, ast.Mult)
        and any(isinstance(side, ast.List | ast.Tuple) for side in (part.left, part.right))
        for part in ([node, node.left, node.right] if isinstance(node, ast.BinOp) else [])
    )


@pytest.mark.parametrize("module", MODULES)
def test_a_repeated_list_is_asked_for_its_length_by_nobody(module: str) -> None:
    found = misread(Path(TOP, "src", *module.split(".")).with_suffix(".py").read_text())
    assert not found, f"{module}: Cython takes {found[0]} for as long as it was before it was repeated"
