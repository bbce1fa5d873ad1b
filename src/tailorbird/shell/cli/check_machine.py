"""What doctor looks at outside the data folder: Python, packages, disk, ports."""

import errno
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from tailorbird import flow
from tailorbird.shell.cli.finding import Finding, bad, note, ok
from tailorbird.shell.cli.say import amount
from tailorbird.shell.config import Settings
from tailorbird.shell.layout import Layout

LITTLE_BYTES = 2_000_000_000
TOO_LITTLE_BYTES = 200_000_000
# The name, and the extra of the marker: `nicegui>=2.10; extra == "console"`.
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)[^;]*(?:;.*extra == [\"'](\w+)[\"'])?")


def check_machine(layout: Layout, settings: Settings) -> Iterator[Finding]:
    """Everything around the data folder."""
    yield ok("python", sys.version.split()[0])
    yield from check_packages()
    yield check_compiled()
    yield check_disk(layout.root)
    yield check_port("API port", settings.http.host, settings.http.port, layout)


def check_packages() -> Iterator[Finding]:
    """Whether all that Tailorbird needs is installed, and which extras are."""
    missing = {extra: list(_missing(extra)) for extra in ("", "console", "demo")}
    if missing[""]:
        yield bad("packages", f"missing: {', '.join(missing[''])}", "pip install tailorbird")
    else:
        yield ok("packages", "all are installed")
    for extra in ("console", "demo"):
        if missing[extra]:
            yield note(f"extra {extra}", "not installed", f"pip install 'tailorbird[{extra}]' if you want it")
        else:
            yield ok(f"extra {extra}", "installed")


def check_compiled() -> Finding:
    """Whether what runs for each event and each answer was compiled at install (docs/why/123)."""
    if Path(flow.__file__).suffix != ".py":
        return ok("hot modules", "compiled")
    todo = "For a fifth more speed: have a C compiler and Python's headers, and install again, not editable."
    return note("hot modules", "run as Python", todo)


def _missing(extra: str) -> Iterator[str]:
    for line in requires("tailorbird") or ():
        match = _REQUIREMENT.match(line)
        if match is None or (match[2] or "") != extra or match[1] == "tailorbird":
            continue
        try:
            version(match[1])
        except PackageNotFoundError:
            yield match[1]


def check_disk(folder: Path) -> Finding:
    """Room for the log and the lake."""
    # The folder may not be there yet: what counts is the disk that it would be made on.
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < TOO_LITTLE_BYTES:
        return bad("disk", f"{amount(free)} free", "Make room now: a full disk answers 503 and takes no event.")
    if free < LITTLE_BYTES:
        return note("disk", f"{amount(free)} free", "Make room soon; a year of a middling shop is some 1 GB.")
    return ok("disk", f"{amount(free)} free")


def check_port(what: str, host: str, port: int, layout: Layout) -> Finding:
    """Whether `serve` can listen, or does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As `serve` does: old connections do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            return ok(what, f"{port} is free")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                told = f"cannot listen on {host}:{port}: {error.strerror or error}"
                return bad(what, told, "Serve with another --host or --port.")
    if running(layout):
        return ok(what, f"{port} is in use while a server runs on this folder")
    return note(what, f"{port} is taken by another program", "Stop it, or serve with --port.")


def running(layout: Layout) -> bool:
    """Whether a server holds this data folder."""
    import fcntl

    try:
        # A lock ends with its process, however that ends; a file with a pid would outlive a kill -9.
        with (layout.run / "serve.lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
