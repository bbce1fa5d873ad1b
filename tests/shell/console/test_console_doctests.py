"""The examples of those console modules that need no extra."""

import doctest
import importlib

import pytest

NAMES = ["numbers", "mask", "markup", "feed", "rows", "theme"]
BUILDER = ["atom", "editing", "forms", "lengths", "operators", "reading", "tokens", "writing"]


@pytest.mark.parametrize("name", ["segments.held", *NAMES] + [f"builder.{name}" for name in BUILDER])
def test_examples_hold(name):
    module = importlib.import_module(f"tailorbird.shell.console.{name}")
    assert doctest.testmod(module) == doctest.TestResults(failed=0, attempted=doctest.testmod(module).attempted)
    assert doctest.testmod(module).attempted
