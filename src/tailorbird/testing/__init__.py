"""For your own tests: contract suites for engines, in-memory twins, a fixed clock, a make-believe shop.

    MemoryLog MemoryState MemoryKeys ...     engines without a disk
    LogContract StateContract ...            what each engine must do: inherit in a test class, override `engine`
    FixedClock                               time that moves when told
    shop                                     a few people, items and events

The contracts need pytest and are loaded when first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tailorbird.testing.clock import FixedClock
from tailorbird.testing.memory_catalogue import MemoryCatalogue
from tailorbird.testing.memory_definitions import MemoryDefinitions
from tailorbird.testing.memory_keys import MemoryKeys
from tailorbird.testing.memory_lake import MemoryLake
from tailorbird.testing.memory_log import MemoryLog
from tailorbird.testing.memory_state import MemoryState

if TYPE_CHECKING:
    from tailorbird.testing.catalogue_contract import CatalogueContract
    from tailorbird.testing.definitions_contract import DefinitionsContract
    from tailorbird.testing.keys_contract import KeysContract
    from tailorbird.testing.lake_contract import LakeContract
    from tailorbird.testing.log_contract import LogContract
    from tailorbird.testing.state_contract import StateContract

__all__ = [
    "CatalogueContract",
    "DefinitionsContract",
    "FixedClock",
    "KeysContract",
    "LakeContract",
    "LogContract",
    "MemoryCatalogue",
    "MemoryDefinitions",
    "MemoryKeys",
    "MemoryLake",
    "MemoryLog",
    "MemoryState",
    "StateContract",
]

_CONTRACTS = {name: f"tailorbird.testing.{name.removesuffix('Contract').lower()}_contract" for name in __all__}


def __getattr__(name: str) -> Any:
    if name.endswith("Contract") and name in _CONTRACTS:
        return getattr(import_module(_CONTRACTS[name]), name)
    raise AttributeError(f"module 'tailorbird.testing' has no attribute {name!r}")
