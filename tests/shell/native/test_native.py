"""A compiled program does what its text does as Python: the same bytes and moves; where it cannot, Python goes on."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from tailorbird.errors import Unavailable
from tailorbird.events import Event
from tailorbird.know.language.program import check, load
from tailorbird.know.language.schema import schema_of
from tailorbird.know.segment import live as lives_home
from tailorbird.know.segment.live import Live, compile_live
from tailorbird.know.segment.move import Cause
from tailorbird.know.segment.native import Typed
from tailorbird.know.segment.standing import encode_standing
from tailorbird.shell.cli.check_data import _native
from tailorbird.shell.engines import Engines
from tailorbird.shell.layout import Layout
from tailorbird.shell.native import folder as places
from tailorbird.shell.native import native as home
from tailorbird.shell.native.build import compiler, cython_version
from tailorbird.shell.native.native import Native, native_of
from tailorbird.testing.drawn_definitions import draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.drawn_words import UNDECLARED, plan, policy
from tailorbird.testing.slow_rows import at_of

SCHEMA = schema_of(plan(), policy(), UNDECLARED)
BASELINE = {"category": {"shoes": 0.3, "coffee": 0.2}, "brand": {"acme": 0.2}}
SEEDS = range(int(os.environ.get("TAILORBIRD_SEEDS", "12")))  # more of them in a long run
compiles = pytest.mark.skipif(not (cython_version() and compiler()), reason="needs the extra native, and a C compiler")


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "NICE", 0)
    home._loaded.clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("native") / "native"


def compiled(live: Live, folder: Path) -> Live:
    told: list[tuple[str, str]] = []
    native = Native(folder, lambda event, detail: told.append((event, detail)))
    for _ in range(3):
        native.look(live)
        native.wait()
    native.close()
    assert live.adopted, told
    return live


def looked(live: Live, folder: Path) -> list[str]:
    """What is told of a program that is looked at until nothing more happens."""
    told: list[str] = []
    native = Native(folder, lambda event, detail: told.append(f"{event}: {detail}"))
    for _ in range(4):
        native.look(live)
        native.wait()
    return told


def small(version: int = 0, shoes: float = 0.3) -> Live:
    segments = {"s": "count('Product Viewed', '7 days') > 1", "leans": "affinity('category', 'shoes') > 0.5"}
    return compile_live(check({}, segments, SCHEMA), {"category": {"shoes": shoes}}, version)


def viewed(at: int = 1_780_000_000_000) -> Event:
    return Event("web", f"m{at}", "track", "Product Viewed", b"L" * 16, [], at, at, {}, {}, {}, {}, b"")


class Twins:
    """One person twice: moved by Python, and by what was compiled."""

    def __init__(self, plain: Live, made: Live, person: bytes) -> None:
        self.lives, self.person = (plain, made), person
        self.standings = [live.new() for live in self.lives]
        self.moves: tuple[list, list] = ([], [])
        self.heard: list[Event] = []

    def hear(self, event: Event) -> None:
        self.heard.append(event)
        in_turn = [
            live.apply(standing, self.person, event, len(self.heard), moves)
            for live, standing, moves in zip(self.lives, self.standings, self.moves, strict=True)
        ]
        assert in_turn[0] == in_turn[1]
        if not in_turn[0]:
            self.refold()
        self.compare()

    def refold(self) -> None:
        ordered = sorted(self.heard, key=at_of)
        self.standings = [
            live.refold(standing, self.person, ordered, standing.at, Cause(), moves)
            for live, standing, moves in zip(self.lives, self.standings, self.moves, strict=True)
        ]

    def advance(self, to: int) -> None:
        for live, standing, moves in zip(self.lives, self.standings, self.moves, strict=True):
            live.advance(standing, self.person, to, moves)
        self.compare()

    def compare(self) -> None:
        assert self.moves[0] == self.moves[1]
        plain, made = map(encode_standing, self.standings)
        assert plain == made
        self.standings = [live.decode(plain) for live in self.lives]


@compiles
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_over_the_whole_grammar_the_bytes_are_those_of_python(seed: int, folder: Path) -> None:
    draw = Random(seed)
    drawn = draw_definitions(draw, 4)
    program = load({"traits": drawn.traits, "segments": drawn.segments, "schema": SCHEMA.plain()})
    plain, made = compile_live(program, BASELINE), compiled(compile_live(program, BASELINE), folder)
    lives = draw_lives(draw, 20)
    by_person: defaultdict[bytes, list[Event]] = defaultdict(list)
    for event in lives.events:
        by_person[event.leaf].append(event)
    for person, events in by_person.items():
        twins = Twins(plain, made, person)
        for event in events:
            if draw.random() < 0.3:
                twins.advance(event.received_at)
            twins.hear(event)
        for probe in lives.probes:
            twins.advance(probe)
        twins.refold()
        twins.compare()
    assert made.adopted


@compiles
@pytest.mark.slow
def test_another_baseline_takes_over_and_the_one_before_goes_on_as_python(folder: Path) -> None:
    first, second = compiled(small(), folder), compiled(small(version=1, shoes=0.9), folder)
    assert not first.adopted and second.adopted
    again = compiled(first, folder)
    assert again.adopted and not second.adopted


@compiles
@pytest.mark.slow
def test_standings_stay_good_when_the_program_is_written_anew(folder: Path) -> None:
    before = small()
    standing = before.new()
    assert before.apply(standing, b"p" * 16, viewed(), 1, [])
    lives_home._generate.cache_clear()
    after = compiled(small(), folder)
    assert after.module is not before.module
    assert after.apply(standing, b"p" * 16, viewed(1_780_000_000_001), 2, []) and "s" in standing.members


@compiles
@pytest.mark.slow
def test_what_is_on_disk_is_taken_up_at_once_unless_others_may_write_there(folder: Path) -> None:
    compiled(small(), folder)
    home._loaded.clear()
    live = small(version=2)
    native = Native(folder)
    native.look(live)
    assert live.adopted
    native.close()
    home._loaded.clear()
    folder.chmod(0o770)
    told: list[str] = []
    assert native_of(True, folder, lambda event, detail: told.append(detail)) is None
    folder.chmod(0o700)
    assert "can be touched by others" in told[0]


@compiles
@pytest.mark.slow
def test_a_trial_ends_with_a_clean_stop_or_when_enough_was_served(folder: Path) -> None:
    compiled(small(), folder)
    for end in (Native.close, lambda native: native.served(home.TRIAL_EVENTS)):
        home._loaded.clear()
        native = Native(folder)
        native.look(small(version=3))
        native.served(1)
        assert list(folder.glob("*.trial"))
        end(native)
        assert not list(folder.glob("*.trial"))


@compiles
@pytest.mark.slow
def test_what_other_segments_served_ends_no_trial(folder: Path) -> None:
    compiled(small(), folder)
    home._loaded.clear()
    native, live = Native(folder), small(version=4)
    native.look(live)
    native._failed.add((other := compile_live(check({}, {"o": "count('Cart Viewed') > 1"}, SCHEMA))).key)
    native.look(other)
    native.served(home.TRIAL_EVENTS)
    assert list(folder.glob("*.trial"))
    native.look(live)
    native.served(home.TRIAL_EVENTS)
    assert not list(folder.glob("*.trial"))


@compiles
@pytest.mark.slow
def test_a_process_that_died_on_trial_never_loads_it_again(tmp_path: Path) -> None:
    # A real one: in a process of its own the module reads memory that is not there, at the first event.
    script = """if True:
        from dataclasses import replace
        from pathlib import Path
        from test_native import home, looked, small, viewed
        text = home.typed(small().module)
        deadly = text.text.replace("(p, act, at):", "(p, act, at):\\n    import ctypes; ctypes.string_at(0)")
        home.typed = lambda module: replace(text, text=deadly)
        live = small()
        print(*looked(live, Path("data/native")), flush=True)
        live.apply(live.new(), b"p" * 16, viewed(), 1, [])
        print("lives")
    """
    command, environment = [sys.executable, "-c", script], {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    first, second, third = (
        subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        for _ in range(3)
    )
    assert first.returncode == -signal.SIGSEGV and first.stdout.startswith("program_compiled"), first
    for later in (second, third):
        assert later.returncode == 0 and later.stdout.startswith("program_not_compiled: a process died"), later
        assert later.stdout.endswith("lives\n")
    (tmp_path / "data").rename(tmp_path / "shop")
    [finding] = _native(Engines(Layout(tmp_path / "shop")))
    assert finding.level == "note" and "run as Python" in finding.found


@compiles
@pytest.mark.slow
def test_what_raises_hands_the_batch_back_to_python(folder: Path) -> None:
    live = compiled(small(), folder)
    with pytest.raises(Unavailable, match="run as Python again"):
        live.apply(live.new(), b"p" * 16, viewed(at="soon"), 1, [])
    assert not live.adopted and "TypeError" in looked(live, folder)[0]
    assert live.apply(live.new(), b"p" * 16, viewed(), 1, [])


@compiles
def test_what_does_not_compile_is_told_once_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Typed("broken", "def f(:", "", "", {})
    monkeypatch.setattr(home, "typed", lambda module: broken)
    live = small()
    [told] = looked(live, tmp_path / "native")
    assert told.startswith("program_not_compiled") and not live.adopted
    assert not list((tmp_path / "native").iterdir())


@compiles
def test_a_folder_that_goes_while_a_compiler_works_on_it_stops_nobody(tmp_path: Path) -> None:
    told: list[str] = []
    native = Native(tmp_path / "native", lambda event, detail: told.append(event))
    live = small()
    native.look(live)
    shutil.rmtree(tmp_path / "native")
    native.wait()
    for _ in range(3):
        native.look(live)
    native.close()
    assert told == ["program_not_compiled"] and not live.adopted


@compiles
def test_what_cannot_be_loaded_is_dropped(tmp_path: Path) -> None:
    native, live = Native(tmp_path / "native"), small()
    place = native._folder.place(home.typed(live.module))
    place.write_bytes(b"half of one")
    place.chmod(0o600)
    assert "ImportError" in looked(live, tmp_path / "native")[0]
    assert not list((tmp_path / "native").iterdir())


def gone(pid: int) -> bool:
    """Whether a process ends within a few seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


BOUNDED = """if True:
    import subprocess
    from tailorbird.shell.native import build
    build.WITHIN_S = {within_s}
    build.bounded()
    child = subprocess.Popen(["sleep", "60"])
    print(child.pid, flush=True)
    child.wait(timeout=60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_compiler_that_takes_too_long_is_ended_with_all_it_began() -> None:
    command = [sys.executable, "-c", BOUNDED.format(within_s=1)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, process_group=0) as child:
        assert child.stdout is not None
        sleeps = int(child.stdout.readline())
        assert child.wait(timeout=30) == -signal.SIGKILL and gone(sleeps)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's word of a parent's end is Linux's")
def test_a_compiler_ends_with_who_began_it() -> None:
    inner = f"subprocess.Popen([sys.executable, '-c', {BOUNDED.format(within_s=60)!r}], process_group=0).wait()"
    command = [sys.executable, "-c", f"import subprocess, sys; {inner}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        sleeps = int(parent.stdout.readline())
        parent.kill()
        assert gone(sleeps)


def test_what_is_too_long_for_a_compiler_stays_with_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "LONGEST", 10)
    assert looked(small(), tmp_path / "native")[0].endswith("of at most 10")


def test_who_has_no_compiler_or_wants_none_runs_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert native_of(False, tmp_path, print) is None
    monkeypatch.setattr(home, "cython_version", str)
    assert native_of(True, tmp_path, print) is None
