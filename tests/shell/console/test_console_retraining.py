"""What the console says of trainings to come."""

import pytest

pytest.importorskip("nicegui")

from tailorbird.shell.config import Batch
from tailorbird.shell.console.retraining_card import plan_of


def test_the_plan_says_what_comes_by_itself() -> None:
    assert plan_of(Batch()) == "Trained every 24 hours; on drift, or a drop of CTR or conversion; refits every 6 hours."
    assert plan_of(Batch(train_every_h=0, train_on_change=False)) == "Trained when somebody asks; refits every 6 hours."
