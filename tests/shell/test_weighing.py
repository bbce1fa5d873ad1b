"""What everyone leans to: told to the log once a day, as the lake knows it."""

import json
from pathlib import Path

import pytest

from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.shell.engines import Engines
from tailorbird.shell.importing.catch_up import fold_and_seal
from tailorbird.shell.importing.sink import LogSink
from tailorbird.shell.layout import Layout
from tailorbird.shell.weighing import last, main, weigh, weigh_if_due

NOW = 1_795_000_000_000
SEEN = ("coffee", "coffee", "coffee", "tea")


@pytest.fixture
def engines(tmp_path: Path) -> Engines:
    made = Engines(Layout(tmp_path), writes_state=True)
    sink = LogSink(made.log, made.keys, BUILT_IN_PLAN, made.site_key, "web", lambda: NOW)
    call = {"type": "track", "userId": "1", "event": "Product Viewed"}
    sink.send([json.dumps({**call, "properties": {"product_id": "p", "category": one}}).encode() for one in SEEN])
    settle(made)
    return made


def settle(engines: Engines) -> None:
    assert fold_and_seal(engines, lambda offset, end: None)


def test_share_of_each_category_is_told_to_the_log(engines):
    assert weigh(engines, NOW)
    settle(engines)
    assert (last(engines).version, last(engines).at) == (1, NOW)
    assert last(engines).body["category"] == pytest.approx({"coffee": 0.75, "tea": 0.25})


def test_it_is_weighed_once_a_day(engines):
    when = (NOW, NOW + HOUR_MS, NOW + DAY_MS - 2 * HOUR_MS, NOW + DAY_MS)
    weighed = []
    for now in when:
        weighed.append(weigh_if_due(engines, now))
        settle(engines)
    assert (weighed, last(engines).version) == ([True, False, False, True], 2)


def test_where_nothing_was_touched_nothing_is_told(tmp_path):
    empty = Engines(Layout(tmp_path), writes_state=True)
    assert (weigh_if_due(empty, NOW), empty.log.end()) == (False, 0)


def test_without_a_state_it_says_so_and_fails(tmp_path, capsys):
    assert main(["--data", str(tmp_path / "shop")]) == 1
    assert "start the stream worker" in capsys.readouterr().err
