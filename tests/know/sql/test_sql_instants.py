"""Many instants in one query give what one after the other gives, however they are summed up."""

from random import Random

from sql_case import ANN, NOW, did, lake_of

from tailorbird.events import DAY_MS
from tailorbird.know.language.program import load
from tailorbird.know.sql.columns import needs
from tailorbird.know.sql.compiled import compile_sql, needed
from tailorbird.shell.history import ask, over
from tailorbird.testing import MemoryLake
from tailorbird.testing.agreement import SCHEMA, same
from tailorbird.testing.drawn_definitions import draw_definitions
from tailorbird.testing.drawn_lives import END, draw_lives

TEXTS = {
    "often": "count('Product Viewed', '3 days') >= 2",
    "wide": "distinct('Product Viewed', 'category', '4 days') >= 2 or distinct('Product Viewed', 'brand') = 1",
    "mean": "avg('Product Viewed', 'price', '3 days') > 2 and max('Product Viewed', 'price') < 9",
    "leaning": "affinity('category', 'tea', half_life => '1 day') > 0.6",
    "steady": "periods('Product Viewed', of => 3, every => '1 day') >= 2",
    "late": "days_since('Product Viewed') >= 1",
    "kept": "held(count('Product Viewed', '48 hours', granularity => '1 day') > 0, for => '2 days')",
}
LAST = NOW // DAY_MS * DAY_MS
INSTANTS = [*(LAST - back * DAY_MS - 1 for back in range(8)), LAST, LAST - 3 * DAY_MS]


def at_instants(lake: MemoryLake, program: object, instants: list[int], step: int) -> dict[tuple[bytes, int], object]:
    """(person, now) -> the row."""
    probes = f"SELECT DISTINCT person, now FROM history, UNNEST({instants}) AS instants(now)"
    sql = compile_sql(program, probes="probes", step=step)  # type: ignore[arg-type]
    rows = lake.query(over(lake, sql, needs(needed(program)), probes=probes))  # type: ignore[arg-type]
    return {(row["person"], row["now"]): {k: v for k, v in row.items() if k != "now"} for row in rows}


def viewed(days_ago: float, category: str, price: float, brand: str = "b") -> object:
    return did("Product Viewed", days_ago, category=category, price=price, brand=brand)


def test_by_steps_or_not_by_steps_is_the_same_as_one_by_one() -> None:
    program = load({"segments": TEXTS, "schema": SCHEMA.plain()})
    chance = Random(7)
    edges = [(NOW - LAST) / DAY_MS + back for back in (1, 3)]  # exactly on an edge
    days = [chance.uniform(0.6, 9) for _ in range(25)]
    lake = lake_of(
        *(viewed(day, chance.choice(("tea", "milk", "soap")), n % 11) for n, day in enumerate([*edges, *days]))
    )
    stepped, plain = (at_instants(lake, program, INSTANTS, step) for step in (DAY_MS, 0))
    assert stepped.keys() == plain.keys()
    for instant in INSTANTS:
        alone = [row for row in ask(lake, program, now=instant) if row["person"] == ANN]
        assert [stepped[ANN, instant]] == [plain[ANN, instant]] == (alone or [plain[ANN, instant]])


def test_drawn_definitions_agree_with_themselves_at_any_instant() -> None:
    draw = Random(11)
    drawn, lives = draw_definitions(draw, 6), draw_lives(draw, 3)
    program = load({"traits": drawn.traits, "segments": drawn.segments, "schema": SCHEMA.plain()})
    events = {(event.source, event.message_id): event for event in reversed(lives.events)}
    lake = lake_of(*events.values())
    instants = [END // DAY_MS * DAY_MS - back * DAY_MS - 1 for back in (0, 4, 11)]
    stepped = at_instants(lake, program, instants, DAY_MS)
    for instant in instants:
        for row in ask(lake, program, now=instant):
            other = stepped[row["person"], instant]
            assert all(same(value, other[name]) for name, value in row.items() if name != "person")  # type: ignore[index]
