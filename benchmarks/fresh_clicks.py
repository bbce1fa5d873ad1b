"""What a fresh history is worth where people click: a day of a shop's visits replayed, click by click.

Before each click but the first of a visit (a sample, evenly over the day) the page is asked for by the function that
answers visitors, with the clicks of the visit until then, and with those until 10 seconds, a minute and 10 minutes
before. The tables are of the days before; the weights say what little there is to say of a visit: what goes with its
clicks, the last ones most, then what is popular. The data are the open set yoochoose, of which each click has its time;
they lie in the folder that TAILORBIRD_DATA names, else this is skipped.
"""

from itertools import groupby
from operator import itemgetter
from os import environ
from pathlib import Path

from benchmarks.table import Row, row
from tailorbird.events import Item
from tailorbird.know.profile import RECENT_ITEMS, Profile, Touch
from tailorbird.offer.recommend.evaluate import evaluate
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.interactions import Interactions
from tailorbird.offer.recommend.model import Manifest, Weights
from tailorbird.offer.recommend.replay import Case
from tailorbird.offer.shelf import Shelf

OPEN_SET = Path("sessions", "yoochoose_100k")
MOMENTS = 2000
AGES = {"10 s": 10_000, "1 min": 60_000, "10 min": 600_000}  # ms
WEIGHTS = Weights(item=1.0, again=0.0, segment=0.0, popular=0.01, trending=0.01, half_life_days=0.01)
Click = tuple[str, str, int]  # visit, item, ms


def run() -> list[Row]:
    folder = Path(environ.get("TAILORBIRD_DATA", "")) / OPEN_SET
    if not (folder / "train.parquet").exists():
        return [row("fresh clicks: skipped, TAILORBIRD_DATA does not name the open sets", 0.0, "", "", True)]
    known, asked = clicks(folder / "train.parquet"), clicks(folder / "test.parquet")
    shelf = Shelf(Item(item) for item in sorted({item for _, item, _ in known}))
    lines = Interactions.of([(visit, item, "viewed", at) for visit, item, at in known])
    model = fit(lines, known[-1][2] + 1, Manifest("clicks", weights=WEIGHTS))

    def ndcg(age: int) -> float:
        return float(evaluate(model, shelf, moments(asked, age))["ndcg@20"])

    fresh = ndcg(0)
    rows = [row(f"NDCG@20 of the next of {MOMENTS:,} clicks, history at 0 s", fresh, "", "", True)]
    for name, age in AGES.items():
        late = ndcg(age)
        rows.append(row(f"the same, history frozen {name} before (beside: 0 s)", late, "", "<= that at 0 s",
                        late <= fresh + 1e-3, fresh))  # fmt: skip
    return rows


def clicks(path: Path) -> list[Click]:
    """Every click, by visit and time."""
    from pyarrow import parquet

    columns = (parquet.read_table(path, columns=[name])[name].to_pylist() for name in ("SessionId", "ItemId", "Time"))
    found = ((str(visit), str(item), int(1000 * at)) for visit, item, at in zip(*columns, strict=True))
    return sorted(found, key=itemgetter(2))


def moments(asked: list[Click], age: int) -> list[Case]:
    """At most so many clicks behind the first of their visit, each with the visit as it was known `age` ms before.

    Of a click at the same instant nothing is known at 0 s either.
    """
    found = []
    for _, visit in groupby(sorted(asked, key=itemgetter(0, 2)), itemgetter(0)):
        touches = [Touch(item, "viewed", at) for _, item, at in visit]
        for place, touch in enumerate(touches[1:], 1):
            seen = [one for one in touches[:place] if one.at < touch.at and one.at <= touch.at - age]
            found.append(Case(Profile(b"visit", recent=seen[-RECENT_ITEMS:]), touch.at, frozenset({touch.item})))
    found.sort(key=lambda case: case.now)
    step = max(1, len(found) // MOMENTS)
    return found[::step][:MOMENTS]
