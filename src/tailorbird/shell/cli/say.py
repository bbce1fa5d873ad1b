"""Talking to the person at the terminal: results on standard output, everything else on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_PLAIN_EVERY_S = 5.0  # into a file or a pipe goes a line now and then instead of a bar


class Step(Protocol):
    """Moves a bar on."""

    def __call__(self, part: float, done: int, rest: str = "", /) -> None:
        """The part done (0 to 1), how many things that is, and a word beside it."""


@cache
def err() -> "Console":
    """Standard error, coloured if it is a terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


@cache
def out() -> "Console":
    """Standard output, coloured if it is a terminal."""
    from rich.console import Console

    # Where there is no terminal Rich would fold lines at 80 columns; what is piped into grep has to stay whole.
    return Console(highlight=False, soft_wrap=True)


def note(text: str) -> None:
    """A line about what goes on; no mark-up, for it may hold names with brackets."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> None:
    """The one line that an error is."""
    print(f"{_red('error:')} {text}", file=sys.stderr, flush=True)


def table(*columns: str, title: str | None = None) -> "Table":
    """An empty table in the house style; columns that start with '>' are for numbers."""
    from rich.table import Table
    from rich.text import Text

    made = Table(title=title, box=None, pad_edge=False, title_justify="left", header_style="bold")
    for column in columns:
        right = column.startswith(">")
        made.add_column(Text(column.removeprefix(">")), justify="right" if right else "left", overflow="fold")
    return made


@contextmanager
def progress(what: str, unit: str, total: int | None = None) -> Iterator[Step]:
    """A bar with rate and what is left; call the step with the part done (0 to 1) and how many."""
    if err().is_terminal:
        with _bar(what, unit, total) as step:
            yield step
    else:
        yield _Lines(what, unit, total, sys.stderr)


@contextmanager
def _bar(what: str, unit: str, total: int | None) -> Iterator[Step]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
        TextColumn("[dim]{task.fields[rest]}"),
    )
    rate = Rate()
    with Progress(*columns, console=err(), transient=False) as bar:
        task = bar.add_task(what, total=1.0, rate="", rest="")

        def step(part: float, done: int, rest: str = "", /) -> None:
            bar.update(task, completed=part, rate=_so_far(done, total, unit, rate.of(done)), rest=rest)

        yield step


class _Lines:
    """Progress as plain lines."""

    def __init__(self, what: str, unit: str, total: int | None, stream: TextIO) -> None:
        self._what, self._unit, self._total, self._stream = what, unit, total, stream
        self._rate, self._said = Rate(), time.monotonic()

    def __call__(self, part: float, done: int, rest: str = "", /) -> None:
        so_far = _so_far(done, self._total, self._unit, self._rate.of(done))
        now = time.monotonic()
        if now - self._said < _PLAIN_EVERY_S:
            return
        self._said = now
        tail = f"  {rest}" if rest else ""
        print(f"{self._what} {part:.0%}  {so_far}{tail}", file=self._stream, flush=True)


def _so_far(done: int, total: int | None, unit: str, rate: float) -> str:
    """How many of how many, and how fast.

    >>> _so_far(1_000, 2_000, "events", 500.0), _so_far(1_500_000, None, "bytes", 0.0)
    ('1,000 of 2,000 events, 500/s', '1.5 MB')
    """
    if unit == "bytes":
        counted = amount(done) if total is None else f"{amount(done)} of {amount(total)}"
        return f"{counted}, {amount(rate)}/s" if rate else counted
    counted = f"{done:,} {unit}" if total is None else f"{done:,} of {total:,} {unit}"
    return f"{counted}, {rate:,.0f}/s" if rate else counted


class Rate:
    """Things a second over the last few seconds, whatever number the counting started from."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, window_s: float = 5.0) -> None:
        self._clock, self._window_s = clock, window_s
        self._seen: list[tuple[float, int]] = []

    def of(self, done: int) -> float:
        """The rate, now that `done` things are done."""
        now = self._clock()
        # A window and not the mean since the beginning: it says how fast it goes now.
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] > self._window_s:
            self._seen.pop(0)
        since, before = self._seen[0]
        span = now - since
        return (done - before) / span if span > 0 else 0.0


def seconds(span: float) -> str:
    """A length of time for people.

    >>> seconds(0.34), seconds(9.04), seconds(75), seconds(4000)
    ('0.3 s', '9.0 s', '1 min 15 s', '1 h 6 min')
    """
    if span < 60:
        return f"{span:.1f} s"
    minutes, rest = divmod(round(span), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def amount(size: float) -> str:
    """Bytes for people.

    >>> amount(999), amount(1_500_000), amount(2e12)
    ('999 B', '1.5 MB', '2.0 TB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def json_text(value: Any) -> str:
    """Indented JSON, for --json."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _red(text: str) -> str:
    return f"\x1b[1;31m{text}\x1b[0m" if sys.stderr.isatty() else text
