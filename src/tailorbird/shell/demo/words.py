"""The tables of `words.toml`, which the demo's names are made from."""

import tomllib
from pathlib import Path
from typing import Any

TABLES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text())
