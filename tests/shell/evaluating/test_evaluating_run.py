"""`auto` from end to end on a small world; what it says must hold for any data of the kind."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from tailorbird.errors import BadRequest
from tailorbird.offer.hybrid.served import KEEPS
from tailorbird.offer.judge.questions import Trial
from tailorbird.shell.evaluating import trials
from tailorbird.shell.evaluating.run import Options, lines_of

pytestmark = pytest.mark.slow
PEOPLE, ITEMS = 150, 60


def walks(path: Path, seed: int = 0) -> Path:
    """People who mostly walk on to the next item of a circle."""
    rng = np.random.default_rng(seed)
    rows = ["user,position,item"]
    for person in range(PEOPLE):
        place = int(rng.integers(0, ITEMS))
        for position in range(int(rng.integers(4, 9))):
            place = (place + (1 if rng.random() < 0.8 else int(rng.integers(0, ITEMS)))) % ITEMS
            rows.append(f"p{person},{position},i{place}")
    path.write_text("\n".join(rows))
    return path


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return trials.next_item(walks(tmp_path_factory.mktemp("walks") / "d.csv"), 10, None)


@pytest.fixture(scope="module")
def lines(trial: Trial) -> dict[str, dict]:
    return {line["model"]: line for line in lines_of(trial, Options(budget_s=3_000), lambda text: None)}


def test_auto_is_above_popularity_and_every_scorer_is_shown(lines: dict[str, dict]) -> None:
    assert list(lines)[-2:] == ["auto", "served"]
    assert lines["auto"]["ndcg@10"] > 2 * lines["popular"]["ndcg@10"]
    assert set(lines["auto"]["weights"]) <= set(lines)


def test_what_visitors_get_keeps_what_auto_promises_and_says_by_what_path(lines: dict[str, dict]) -> None:
    served = lines["served"]
    by_table = served["by"] == "one table, the path of requests"
    assert by_table or served["away"] or served["ndcg@10"] == pytest.approx(lines["auto"]["ndcg@10"], abs=1e-4)
    assert by_table == ((served["table_keeps"] or 0.0) >= KEEPS)
    assert served["of_auto"] >= 0.95


def test_each_line_says_by_which_rules_it_was_counted(lines: dict[str, dict]) -> None:
    for line in lines.values():
        assert {"protocol", "people", "items", "seconds", "peak_mb", "masked", "ties", "validation"} <= line.keys()
        msgspec.json.encode(line)


def test_the_same_seed_gives_the_same_figures(trial: Trial, lines: dict[str, dict]) -> None:
    again = {line["model"]: line for line in lines_of(trial, Options(budget_s=3_000), lambda text: None)}
    assert {name: line["ndcg@10"] for name, line in again.items()} == {n: one["ndcg@10"] for n, one in lines.items()}


def test_a_tiny_budget_still_answers_and_says_what_it_left_out(trial: Trial) -> None:
    lines = {line["model"]: line for line in lines_of(trial, Options(budget_s=0.001), lambda text: None)}
    assert lines["auto"]["dropped"]
    assert "no time" in next(iter(lines["auto"]["dropped"].values()))


def test_one_model_alone_is_the_line_it_has_beside_auto(trial: Trial, lines: dict[str, dict]) -> None:
    [alone] = lines_of(trial, Options(model="popular"), lambda text: None)
    assert alone["people"] == lines["popular"]["people"]


def test_an_unknown_model_is_refused_with_the_known_ones(trial: Trial) -> None:
    with pytest.raises(BadRequest, match=r"no model 'magic' for next-item on this data. Known: auto, all, popular"):
        list(lines_of(trial, Options(model="magic"), print))


def test_too_little_data_to_choose_on_is_answered_with_equal_weights(tmp_path: Path) -> None:
    train, test = tmp_path / "t.csv", tmp_path / "u.csv"
    train.write_text("user,item\n1,a\n1,b\n2,a\n2,c\n3,b\n")
    test.write_text("user,item\n1,c\n2,b\n4,z\n")
    small = trials.collaborative(train, test, 20, None)
    lines = {line["model"]: line for line in lines_of(small, Options(budget_s=60), lambda text: None)}
    assert 0 < lines["auto"]["recall@20"] <= 1
    assert lines["served"]["people"] == 3


def test_data_that_asks_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("user,position,item\nann,1,tea\nbob,1,pie\n")
    nobody = trials.next_item(tmp_path / "d.csv", 10, None)
    for model in ("auto", "popular"):
        with pytest.raises(BadRequest, match="asks nothing"):
            list(lines_of(nobody, Options(model), lambda text: None))
