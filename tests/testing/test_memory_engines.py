"""The twins in memory keep the same contracts as the engines on disk."""

import pytest

from tailorbird.testing import KeysContract, LogContract, MemoryKeys, MemoryLog, MemoryState, StateContract


class TestMemoryLog(LogContract):
    @pytest.fixture
    def engine(self):
        return MemoryLog()


class TestMemoryState(StateContract):
    @pytest.fixture
    def engine(self):
        return MemoryState()


class TestMemoryKeys(KeysContract):
    @pytest.fixture
    def engine(self):
        return MemoryKeys()
