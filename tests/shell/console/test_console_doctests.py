"""The examples of those console modules that need no extra."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["numbers", "mask", "markup", "feed", "rows", "theme"])
def test_examples_hold(name):
    module = importlib.import_module(f"tailorbird.shell.console.{name}")
    assert doctest.testmod(module) == doctest.TestResults(failed=0, attempted=doctest.testmod(module).attempted)
    assert doctest.testmod(module).attempted
