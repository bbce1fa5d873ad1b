"""Counters and gauges of all processes, served by any of them at /metrics.

Each process adds to plain numbers in memory (0.1 us, which the hot path can afford) and writes them once a second to
its own small file in DIR/run/metrics; whoever is asked sums the files. A restarted process goes on from its file, so
counters do not jump back.

`METRICS` is the one list: name, kind, unit, labels, meaning, what to do. docs/guide/metrics.md is tested against it.
"""

import bisect
import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from tailorbird.shell.metric_list import METRICS, Metric

# Seconds; the last bucket of a Prometheus histogram is +Inf.
BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
_BY_NAME = {metric.name: metric for metric in METRICS}

_PAGE = os.sysconf("SC_PAGE_SIZE")

Labels = tuple[str, ...]


class Times(msgspec.Struct, array_like=True):
    """A histogram: how many fell into each bucket, and their sum in seconds."""

    counts: list[int]
    total: float = 0.0


class Numbers(msgspec.Struct):
    """What one process counted."""

    counters: dict[str, dict[Labels, float]] = {}
    gauges: dict[str, dict[Labels, float]] = {}
    times: dict[str, dict[Labels, Times]] = {}


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Numbers).decode


class Metrics:
    """The numbers of this process. `name` is its role and slot ("web-0"): one file, kept across restarts."""

    def __init__(self, folder: Path | None = None, name: str = "") -> None:
        self._path = None if folder is None else folder / f"{name}.msgpack"
        self._written = b""
        self._numbers = Numbers()
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._numbers = _read(self._path) or Numbers()
            self._numbers.gauges.clear()  # a gauge speaks of now

    def add(self, name: str, amount: float = 1, *labels: str) -> None:
        """Count `amount` more."""
        # The name is checked at its first count alone: this is asked several times for each call.
        of_name = self._numbers.counters.get(name)
        if of_name is None:
            of_name = self._numbers.counters.setdefault(_known(name, "counter"), {})
        of_name[labels] = of_name.get(labels, 0) + amount

    def set(self, name: str, value: float, *labels: str) -> None:
        """The present value."""
        self._numbers.gauges.setdefault(_known(name, "gauge"), {})[labels] = value

    def took(self, name: str, seconds: float, *labels: str) -> None:
        """One more duration."""
        of_name = self._numbers.times.setdefault(_known(name, "histogram"), {})
        times = of_name.get(labels)
        if times is None:
            times = of_name[labels] = Times([0] * (len(BUCKETS) + 1))
        times.counts[bisect.bisect_left(BUCKETS, seconds)] += 1
        times.total += seconds

    def timer(self, name: str, *labels: str) -> Callable[[float], None]:
        """`took` for one metric and its labels, looked up once: for the hot path."""
        self.took(name, 0, *labels)
        times = self._numbers.times[name][labels]
        counts = times.counts
        # It was called only to make the place: its duration of 0 is taken back.
        counts[0] -= 1

        def took(seconds: float) -> None:
            counts[bisect.bisect_left(BUCKETS, seconds)] += 1
            times.total += seconds

        return took

    def write(self) -> None:
        """Write the file, if anything changed. Never raises: numbers must not take the process down."""
        if self._path is None:
            return
        self.set("tailorbird_memory_bytes", _resident_bytes(), self._path.stem)
        data = _encode(self._numbers)
        if data == self._written:
            return
        # Replaced as a whole: whoever sums up the files never meets half of one.
        beside = self._path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            beside.write_bytes(data)
            beside.replace(self._path)
            self._written = data

    def write_every_second(self, stop: threading.Event) -> threading.Thread:
        """A thread that writes the file once a second until `stop` is set, and once more then."""
        thread = threading.Thread(target=self._write_until, args=(stop,), name="metrics", daemon=True)
        thread.start()
        return thread

    def _write_until(self, stop: threading.Event) -> None:
        while not stop.wait(1):
            self.write()
        self.write()

    @property
    def numbers(self) -> Numbers:
        return self._numbers


def _known(name: str, kind: Literal["counter", "gauge", "histogram"]) -> str:
    if _BY_NAME[name].kind != kind:
        raise ValueError(f"Metric {name} is a {_BY_NAME[name].kind}, not a {kind}: see metric_list.py.")
    return name


def _resident_bytes() -> int:
    """Of this process, in whole megabytes, so that an idle process has nothing to write."""
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:
        return 0
    return pages * _PAGE // 1_000_000 * 1_000_000


def _read(path: Path) -> Numbers | None:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return _decode(path.read_bytes())
    return None


def forget_gauges(folder: Path) -> None:
    """Before any process of a folder starts: a gauge speaks of now, and a worker less must leave none behind.

    Counters stay. Halves of files that a killed process left go as well.
    """
    for path in list(folder.glob("*")):
        numbers = _read(path) if path.suffix == ".msgpack" else None
        with contextlib.suppress(OSError):
            if path.suffix != ".msgpack":
                path.unlink()
            elif numbers is not None and numbers.gauges:
                numbers.gauges.clear()
                beside = path.with_suffix(f".{os.getpid()}")
                beside.write_bytes(_encode(numbers))
                beside.replace(path)


def exposition(folder: Path) -> bytes:
    """The text that Prometheus reads, summed over the processes."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(_Sum(folder))  # type: ignore[arg-type]  # needs only collect()
    return generate_latest(registry)


class _Sum:
    """Collects the files of one folder for prometheus_client."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.glob("*.msgpack")) if folder.is_dir() else []
        self._all = [numbers for path in files if (numbers := _read(path))]

    def collect(self) -> Iterator[object]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

        for metric in METRICS:
            about = (metric.name, metric.meaning)
            if metric.kind == "histogram":
                histogram = HistogramMetricFamily(*about, labels=metric.labels)
                for labels, times in self._times(metric).items():
                    histogram.add_metric(labels, _cumulative(times), times.total)
                yield histogram
            elif metric.kind == "counter":
                yield _filled(CounterMetricFamily(*about, labels=metric.labels), self._sum("counters", metric.name))
            else:
                yield _filled(GaugeMetricFamily(*about, labels=metric.labels), self._sum("gauges", metric.name))

    def _sum(self, kind: Literal["counters", "gauges"], name: str) -> dict[Labels, float]:
        total: dict[Labels, float] = {}
        for numbers in self._all:
            for labels, value in getattr(numbers, kind).get(name, {}).items():
                total[labels] = total.get(labels, 0) + value
        return total

    def _times(self, metric: Metric) -> dict[Labels, Times]:
        total: dict[Labels, Times] = {}
        for numbers in self._all:
            for labels, times in numbers.times.get(metric.name, {}).items():
                so_far = total.setdefault(labels, Times([0] * len(times.counts)))
                so_far.counts = [a + b for a, b in zip(so_far.counts, times.counts, strict=True)]
                so_far.total += times.total
        return total


def _filled(family: Any, values: dict[Labels, float]) -> Any:
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


def _cumulative(times: Times) -> list[tuple[str, float]]:
    buckets, so_far = [], 0
    for bound, count in zip((*BUCKETS, None), times.counts, strict=True):
        so_far += count
        buckets.append(("+Inf" if bound is None else str(bound), float(so_far)))
    return buckets
