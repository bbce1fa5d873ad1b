"""What the health page shows: processes, disks, sizes, and what went wrong so far."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from tailorbird.errors import TailorbirdError
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.metric_list import METRICS, Metric
from tailorbird.shell.metrics import Numbers

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TROUBLE = (
    "tailorbird_restarts",
    "tailorbird_log_failures",
    "tailorbird_decisions_unlogged",
    "tailorbird_decide_stale",
)
_PLACES = ("log", "state", "lake", "models", "keys")
_ROLES = ("supervisor", "web", "stream", "batch", "console", "training", "command")


class Process(NamedTuple):
    """One process of this data folder."""

    role: str
    pid: int
    memory_bytes: int
    cpu_s: float
    up_s: float


class Vitals(NamedTuple):
    """All of it, at one moment."""

    end: int
    folded: int
    archived: int
    free_bytes: int
    disk_bytes: int
    sizes: dict[str, int]
    processes: list[Process]
    troubles: list[tuple[Metric, float]]
    failed: int  # answers with status 500
    trouble: str = ""


def vitals(desk: Desk) -> Vitals:
    """Look at everything; some ms, more with many files in the lake."""
    layout, engines, trouble = desk.layout, desk.engines, ""
    end = folded = archived = 0
    try:
        end, archived = engines.log.end(), engines.lake.sealed()
        folded = engines.state.offset()
    except TailorbirdError as error:
        trouble = str(error)
    disk = shutil.disk_usage(layout.root)
    places = {
        "log": layout.log,
        "state": layout.state,
        "lake": layout.lake,
        "models": layout.models,
        "keys": layout.keys,
    }
    sizes = {name: on_disk(path) for name, path in places.items()}
    found = _metrics(layout.run / "metrics")
    processes = sorted(_processes(layout.root), key=lambda one: (_ROLES.index(one.role), one.pid))
    troubles = [
        (metric, total) for metric in METRICS if metric.name in _TROUBLE and (total := _sum(found, metric.name))
    ]
    return Vitals(end, folded, archived, disk.free, disk.total, sizes, processes, troubles, _failed(found), trouble)


def on_disk(folder: Path) -> int:
    """The bytes that a folder's files take up; a sparse file counts what is really there."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += 512 * os.stat(os.path.join(parent, name)).st_blocks  # noqa: PTH116, PTH118 - a Path per file is slow
            except FileNotFoundError:
                continue  # compaction took it away under our eyes
    return total


def _metrics(folder: Path) -> list[Numbers]:
    found = []
    for path in folder.glob("*.msgpack"):
        try:
            found.append(msgspec.msgpack.decode(path.read_bytes(), type=Numbers))
        except (OSError, msgspec.MsgspecError):
            continue
    return found


def _sum(found: list[Numbers], name: str) -> float:
    return sum(sum(numbers.counters.get(name, {}).values()) for numbers in found)


def _failed(found: list[Numbers]) -> int:
    of_route = [numbers.counters.get("tailorbird_http_requests", {}) for numbers in found]
    return int(sum(count for counts in of_route for labels, count in counts.items() if "500" in labels))


def _processes(root: Path) -> Iterator[Process]:
    """Those whose command line names this data folder."""
    with open("/proc/uptime") as file:  # noqa: PTH123
        uptime = float(file.read().split()[0])
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if (role := _role(words, entry, root)) is not None:
                yield _process(role, entry, uptime)
        except OSError:
            continue  # gone meanwhile, or not ours to read


def _role(words: list[str], entry: Path, root: Path) -> str | None:
    if "--data" not in words[:-1] or not any("tailorbird" in word for word in words[:4]):
        return None
    if ((entry / "cwd").resolve() / words[words.index("--data") + 1]).resolve() != root.resolve():
        return None
    module = next((word for word in words if word.startswith("tailorbird.shell.")), "")
    last = "console" if ".console" in module else module.rpartition(".")[2]
    if last in _ROLES:
        return last
    # Else a command, such as an import beside the server.
    return "supervisor" if {"serve", "demo"} & set(words[:4]) else "command"


def _process(role: str, entry: Path, uptime: float) -> Process:
    # Behind the name, which stands in brackets and may hold anything: utime and stime are then 11 and 12, the start 19.
    fields = (entry / "stat").read_text().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / _TICKS
    pages = int((entry / "statm").read_text().split()[1])
    return Process(role, int(entry.name), pages * _PAGE, cpu, uptime - int(fields[19]) / _TICKS)
