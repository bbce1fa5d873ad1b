"""Who may serve: the table of promotion.py, row by row."""

import pytest

from tailorbird.offer.recommend.lineage import Data, Lineage
from tailorbird.offer.recommend.measured import EVERYONE, Difference, Part, Report
from tailorbird.offer.recommend.model import Manifest
from tailorbird.offer.recommend.promotion import verdict

CHAMPION = Manifest("1", interactions=100, lineage=Lineage(Data(until=10)))


def trained(apart=None, *, blend=0.2, popular=0.1, contacts=100, until=20):
    against = {"champion": {"ndcg@20": apart}} if apart else {}
    part = Part(EVERYONE, 50, 40, {"champion": {"ndcg@20": 0.2}}, against)
    lines = [{"model": "blend", "ndcg@20": blend}, {"model": "popular", "ndcg@20": popular}]
    lineage = Lineage(Data(until=until))
    return Manifest("2", interactions=contacts, evaluation=lines, report=Report([part], "1"), lineage=lineage)


@pytest.mark.parametrize(
    ("model", "champion", "promoted", "because"),
    [
        (trained(contacts=0), None, False, "nothing was done"),
        (trained(blend=0.05), None, False, "below that of popularity"),
        (trained(), None, True, "nothing served before"),
        (trained(contacts=49), CHAMPION, False, "missing from the lake"),
        (trained(Difference(0.02, 0.01, 0.03)), CHAMPION, True, "better beyond noise"),
        (trained(Difference(0.02, 0.01, 0.03), until=10), CHAMPION, True, "better beyond noise"),
        (trained(Difference(-0.02, -0.03, -0.01)), CHAMPION, False, "worse beyond noise"),
        (trained(Difference(0.001, -0.01, 0.012)), CHAMPION, True, "knows later days"),
        (trained(Difference(0.001, -0.01, 0.012), until=10), CHAMPION, False, "knows nothing later"),
        (trained(Difference(-0.005, -0.01, 0.001)), CHAMPION, False, "lower by more than 2%"),
        (trained(Difference(0.0)), CHAMPION, True, "too few people"),
    ],
)
def test_the_rules(model, champion, promoted, because):
    found = verdict(model, champion)
    assert found.promoted == promoted and because in found.why
