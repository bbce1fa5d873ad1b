"""What every process does first: read its arguments, set up logs and metrics, listen for the request to stop.

python -m tailorbird.shell.processes.web --data DIR [--slot N] [--set http.port=8800]...
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tailorbird.collect.seal import let_go_of_keys
from tailorbird.errors import TailorbirdError
from tailorbird.shell.config import Settings, as_environment, load_settings
from tailorbird.shell.layout import Layout
from tailorbird.shell.logs import Logger, configure, trace_of
from tailorbird.shell.metrics import Metrics
from tailorbird.shell.ports import KEYS_HELD_S


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the group: where it works, how, and when it shall end."""

    role: str
    layout: Layout
    settings: Settings
    logger: Logger
    metrics: Metrics
    stop: threading.Event  # set when it shall finish what is under way and end
    listen_on: int | None = None  # inherited socket


def begin(role: str, argv: Sequence[str] | None = None) -> Process:
    """The process of that role as its command line wants it. SIGTERM and SIGINT set `stop`."""
    parser = argparse.ArgumentParser(prog=f"python -m tailorbird.shell.processes.{role}")
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--slot", type=int, default=0, help="which of several processes of this role")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting: http.port=8800")
    parser.add_argument("--listen-on", type=int, help="file descriptor of a listening socket")
    arguments = parser.parse_args(argv)
    settings = load_settings(arguments.data, arguments=arguments.set)
    # Jobs read the settings for themselves, and are told what this process was told.
    os.environ.update(as_environment(arguments.set))
    layout = Layout(arguments.data)
    layout.run.mkdir(parents=True, exist_ok=True)
    name = f"{role}-{arguments.slot}"
    process = Process(
        role,
        layout,
        settings,
        configure(name, settings.logs.level, settings.logs.format),
        Metrics(layout.run / "metrics", name),
        threading.Event(),
        arguments.listen_on,
    )
    _listen_for_stop(process.stop)
    threading.Thread(target=_forgetting, args=(process.stop,), name="keys", daemon=True).start()
    # A trace on many lines is for people at a terminal; these logs are read by machines, a line at a time.
    sys.excepthook = lambda _, error, __: _last_words(process.logger, error)
    return process


def _forgetting(stop: threading.Event, every_s: float = KEYS_HELD_S) -> None:
    while not stop.wait(every_s):
        let_go_of_keys()


def _last_words(logger: Logger, error: BaseException) -> None:
    """One line like all others, for what ends the process; what we raise on purpose says what to do."""
    if isinstance(error, TailorbirdError | OSError):
        logger.emit("process_failed", detail=str(error))
    else:
        logger.emit("process_failed", trace=trace_of(error))


def _listen_for_stop(stop: threading.Event) -> None:
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
