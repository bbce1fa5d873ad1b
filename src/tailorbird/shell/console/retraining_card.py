"""When the next training is due, and what set the last ones off."""

from tailorbird.shell.config import Batch, load_settings
from tailorbird.shell.console import numbers
from tailorbird.shell.console.desk import Desk
from tailorbird.shell.console.markup import Content, div, pill, table
from tailorbird.shell.console.parts import card, heading, html
from tailorbird.shell.training.watched import Trigger, Watched, read_watched

_SHOWN = 8
_TONES = {"drift": "warn", "drop": "bad", "schedule": "info", "refit": "quiet"}


def watched(desk: Desk) -> tuple[Watched, str]:
    """What watching has seen, and by which settings, in a sentence."""
    return read_watched(desk.layout.models), plan_of(load_settings(desk.layout.root).batch)


def plan_of(batch: Batch) -> str:
    """When trainings and refits come by themselves."""
    hour = f", at {batch.train_hour}:00 UTC" if batch.train_hour >= 0 else ""
    trained = f"every {batch.train_every_h:g} hours{hour}" if batch.train_every_h else "when somebody asks"
    change = "; on drift, or a drop of CTR or conversion" if batch.train_on_change else ""
    refits = f"; refits every {batch.refit_every_h:g} hours" if batch.refit_every_h else ""
    return f"Trained {trained}{change}{refits}."


def retraining_card(found: tuple[Watched, str], now: int) -> None:
    """The plan, and the latest triggers, newest first."""
    seen, plan = found
    with card(flush=bool(seen.triggers)):
        html(heading("Retraining", plan))
        if seen.triggers:
            rows = [_row(trigger, now) for trigger in reversed(seen.triggers[-_SHOWN:])]
            html(table(["When", "", "Because"], rows))
        else:
            html(div("Nothing has set a training off yet.", cls="tb-quiet"))


def _row(trigger: Trigger, now: int) -> list[Content]:
    return [numbers.ago(trigger.at, now), pill(trigger.kind, _TONES[trigger.kind]), trigger.why]
