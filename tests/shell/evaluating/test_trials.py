from pathlib import Path

import pytest

from tailorbird.errors import BadRequest
from tailorbird.shell.evaluating import trials


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_ids_may_be_anything(tmp_path: Path) -> None:
    train = written(tmp_path / "t.csv", "user,item\nann,x\nann,y\nbob,x\n")
    test = written(tmp_path / "u.csv", "user,item\nbob,y\ncarl,x\nbob,new\n")
    trial = trials.collaborative(train, test, 20, None)
    assert [trial.asked.of_row(r).tolist() for r in range(2)] == [[0], []]
    assert (trial.start.tolist(), trial.target.tolist()) == ([0, 2, 3], [1, -1, 0])
    assert not trial.known.ordered


def test_what_only_the_test_names_is_no_candidate(tmp_path: Path) -> None:
    data = written(tmp_path / "d.csv", "user,position,item\n1,2,30\n1,0,10\n1,1,20\n2,0,20\n2,1,10\n")
    trial = trials.next_item(data, 10, None)
    assert (trial.known.items, trial.target.tolist()) == (2, [-1, 0])
    assert [trial.asked.of_row(r).tolist() for r in range(2)] == [[0, 1], [1]]


def test_attributes_bring_items_that_nobody_met(tmp_path: Path) -> None:
    data = written(tmp_path / "d.csv", "user,position,item\n1,0,10\n1,1,20\n1,2,30\n")
    items = written(tmp_path / "items.json", '{"10": ["red"], "20": ["red", "red"], "99": ["blue"]}')
    trial = trials.next_item(data, 10, items)
    assert (trial.known.items, trial.target.tolist()) == (3, [-1])  # 10, 20 and 99
    assert trial.known.attributes is not None
    assert trial.known.attributes.toarray().tolist() == [[0, 1], [0, 2], [1, 0]]


def test_attributes_of_other_items_are_refused(tmp_path: Path) -> None:
    data = written(tmp_path / "d.csv", "user,position,item\n1,0,10\n1,1,20\n")
    with pytest.raises(BadRequest, match="describes no item of the data"):
        trials.next_item(data, 10, written(tmp_path / "items.json", '{"7": ["red"]}'))


def test_a_basket_is_what_one_took_at_one_time(tmp_path: Path) -> None:
    rows = "1,7,100,a\n1,7,100,b\n1,7,100,a\n1,8,100.5,c\n1,9,1e9,a\n1,9,1e9,c\n"
    trial = trials.baskets(written(tmp_path / "d.csv", "household,basket,time,product\n" + rows), 10, None)
    assert trial.asked.of_row(0).tolist() == [0, 1, 2]
    assert trial.target.tolist() == [0, 2]
    first, same, second = trial.asked.at.tolist()
    assert first == same < second


def test_sessions_without_times_follow_each_other_as_in_the_file(tmp_path: Path) -> None:
    train = written(tmp_path / "t.csv", "session,position,item\nz,1,b\nz,0,a\ny,0,c\ny,1,a\n")
    test = written(tmp_path / "u.csv", "prefix,position,item\n0,0,a\n0,1,unknown\n0,2,b\n")
    trial = trials.sessions(train, test, 20, None)
    assert (trial.known.item.tolist(), trial.known.at.tolist()) == ([0, 1, 2, 0], [0, 0, 1, 1])
    assert (trial.asked.of_row(0).tolist(), trial.target.tolist()) == ([0], [1])
    assert trial.asked.at.tolist() == [1.0]


def test_text_that_is_no_time_is_refused(tmp_path: Path) -> None:
    data = written(tmp_path / "d.csv", "user,position,item\n1,soon,10\n1,later,20\n")
    with pytest.raises(BadRequest, match="'soon' is neither a number nor a time"):
        trials.next_item(data, 10, None)
