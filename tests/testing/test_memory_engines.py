"""The twins in memory keep the same contracts as the engines on disk."""

import pytest

from tailorbird import testing


class TestMemoryLog(testing.LogContract):
    @pytest.fixture
    def engine(self):
        return testing.MemoryLog()


class TestMemoryState(testing.StateContract):
    @pytest.fixture
    def engine(self):
        return testing.MemoryState()


class TestMemoryLake(testing.LakeContract):
    @pytest.fixture
    def engine(self):
        return testing.MemoryLake()


class TestMemoryKeys(testing.KeysContract):
    @pytest.fixture
    def engine(self):
        return testing.MemoryKeys()


class TestMemoryDefinitions(testing.DefinitionsContract):
    @pytest.fixture
    def engine(self):
        return testing.MemoryDefinitions()


class TestMemoryCatalogue(testing.CatalogueContract):
    @pytest.fixture
    def engine(self):
        return testing.MemoryCatalogue()
