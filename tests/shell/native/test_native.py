"""A compiled program does what its text does as Python: the same bytes and moves; where it cannot, Python goes on."""

from collections import defaultdict
from pathlib import Path
from random import Random

import pytest

from tailorbird.errors import BadDefinition, MissingExtra
from tailorbird.events import Event
from tailorbird.know.language.program import check, load
from tailorbird.know.language.schema import schema_of
from tailorbird.know.segment.live import Live, compile_live
from tailorbird.know.segment.move import Cause
from tailorbird.know.segment.native import LAYOUT, Typed
from tailorbird.know.segment.standing import encode_standing
from tailorbird.shell.native import folder as places
from tailorbird.shell.native import native as home
from tailorbird.shell.native.build import compiler, cython_version
from tailorbird.shell.native.folder import Folder
from tailorbird.shell.native.native import Native, native_of
from tailorbird.testing.drawn_definitions import draw_definitions
from tailorbird.testing.drawn_lives import draw_lives
from tailorbird.testing.drawn_words import UNDECLARED, plan, policy
from tailorbird.testing.slow_rows import at_of

SCHEMA = schema_of(plan(), policy(), UNDECLARED)
BASELINE = {"category": {"shoes": 0.3, "coffee": 0.2}, "brand": {"acme": 0.2}}
compiles = pytest.mark.skipif(not (cython_version() and compiler()), reason="needs the extra native, and a C compiler")


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "NICE", 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("native") / "native"


def compiled(live: Live, folder: Path) -> Live:
    told: list[tuple[str, str]] = []
    native = Native(folder, lambda event, detail: told.append((event, detail)))
    for _ in range(3):
        native.look(live)
        native.wait()
    assert live.adopted, told
    return live


def small(text: str = "count('Product Viewed', '7 days') > 1", version: int = 0, shoes: float = 0.3) -> Live:
    leaning = "affinity('category', 'shoes') > 0.5"
    return compile_live(check({}, {"s": text, "leans": leaning}, SCHEMA), {"category": {"shoes": shoes}}, version)


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
@pytest.mark.parametrize("seed", range(2))
def test_over_the_whole_grammar_the_bytes_are_those_of_python(seed: int, folder: Path) -> None:
    draw = Random(seed)
    drawn = draw_definitions(draw, 4)
    program = load({"traits": drawn.traits, "segments": drawn.segments, "schema": SCHEMA.plain()})
    plain, made = compile_live(program, BASELINE), compiled(compile_live(program, BASELINE), folder)
    lives = draw_lives(draw, 40)
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
            values = [
                live.values(standing, person, probe)
                for live, standing in zip(twins.lives, twins.standings, strict=True)
            ]
            assert repr(values[0]) == repr(values[1])
        twins.refold()
        twins.compare()


@compiles
@pytest.mark.slow
def test_another_baseline_takes_over_and_the_one_before_goes_on_as_python(folder: Path) -> None:
    first, second = compiled(small(), folder), compiled(small(version=1, shoes=0.9), folder)
    assert not first.adopted and second.adopted
    again = compiled(first, folder)
    assert again.adopted and not second.adopted


@compiles
@pytest.mark.slow
def test_what_is_on_disk_is_taken_up_at_once(folder: Path) -> None:
    compiled(small(), folder)
    home._loaded.clear()
    live = small(version=2)
    Native(folder).look(live)
    assert live.adopted


@compiles
@pytest.mark.slow
def test_nothing_is_loaded_from_a_folder_that_others_may_write(folder: Path) -> None:
    compiled(small(), folder)
    home._loaded.clear()
    folder.chmod(0o770)
    told: list[str] = []
    live = small(version=3)
    Native(folder, lambda event, detail: told.append(f"{event}: {detail}")).look(live)
    folder.chmod(0o700)
    assert not live.adopted and "can be touched by others" in told[0]


@compiles
def test_what_does_not_compile_is_told_once_and_python_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "typed", lambda module: Typed("broken", "def f(:", "", LAYOUT, {}))
    told: list[str] = []
    native, live = Native(tmp_path / "native", lambda event, detail: told.append(event)), small()
    for _ in range(4):
        native.look(live)
        native.wait()
    assert told == ["program_not_compiled"] and not live.adopted


def test_what_is_too_long_for_a_compiler_stays_with_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "LONGEST", 10)
    told: list[str] = []
    Native(tmp_path, lambda event, detail: told.append(detail)).look(small())
    assert told[0].endswith("of at most 10")


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    Folder(tmp_path / "native")._own()
    assert (tmp_path / "native").stat().st_mode & 0o777 == 0o700


def test_who_insists_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "cython_version", lambda: "")
    assert native_of("auto", tmp_path, print) is None
    with pytest.raises(MissingExtra, match=r"tailorbird\[native\]"):
        native_of("on", tmp_path, print)
    monkeypatch.setattr(home, "cython_version", lambda: "3")
    monkeypatch.setattr(home, "compiler", list)
    with pytest.raises(BadDefinition, match="C compiler"):
        native_of("on", tmp_path, print)


def test_who_wants_none_gets_none(tmp_path: Path) -> None:
    assert native_of("off", tmp_path, print) is None
