"""The examples of docs/guide/language: read from their page, and asked of both engines and of the slow oracle.

An example is a YAML block with `ask` (an expression), `events`, and `answers`: what it gives at a time for each person.
`plan`, `segments`, `traits` and `baseline` are there where they are needed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import yaml

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call
from tailorbird.collect.plan import TrackingPlan
from tailorbird.collect.seal import seal
from tailorbird.events import Event
from tailorbird.know.language.program import check
from tailorbird.know.language.schema import schema_of
from tailorbird.know.language.tree import Program
from tailorbird.know.segment.live import compile_live
from tailorbird.shell.history import ask
from tailorbird.testing.histories import KEY, SITE_KEY
from tailorbird.testing.memory_lake import MemoryLake
from tailorbird.testing.slow_segments import traits, view_of

FOLDER = Path(__file__).parents[2] / "docs" / "guide" / "language"
ENVELOPE = ("at", "who", "event", "type", "name", "traits", "context", "consent")
Answers = dict[str, Any]  # of everyone who did something by then


def examples(page: Path) -> Iterator["Example"]:
    """The blocks of a page that ask something."""
    for block in re.findall(r"^```yaml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL):
        body = yaml.safe_load(block)
        if "ask" in body:
            yield Example(body)


def ms(text: str) -> int:
    """`2026-03-02 09:00`, in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@dataclass(frozen=True)
class Example:
    body: Mapping[str, Any]

    @cached_property
    def plan(self) -> TrackingPlan:
        return TrackingPlan.load(self.body.get("plan", {}))

    @cached_property
    def program(self) -> Program:
        asked = {**self.body.get("traits", {}), "answer": self.body["ask"]}
        return check(asked, self.body.get("segments", {}), schema_of(self.plan))

    @cached_property
    def events(self) -> list[Event]:
        return [self._received(number, said) for number, said in enumerate(self.body["events"])]

    @property
    def answers(self) -> dict[int, Answers]:
        return {ms(at): answers for at, answers in self.body["answers"].items()}

    def live(self, now: int) -> Answers:
        """What the generated function says, event by event and then by the clock."""
        live = compile_live(self.program, self.body.get("baseline"))
        found = {}
        for leaf, (who, events) in self._people(now).items():
            standing = live.new()
            for number, event in enumerate(events):
                assert live.apply(standing, leaf, event, number, [])
            live.advance(standing, leaf, now, [])
            found[who] = live.values(standing, leaf, now)["answer"]
        return found

    def batch(self, now: int) -> Answers:
        """What DuckDB says over the lake."""
        lake, names = MemoryLake(), {leaf: who for leaf, (who, _) in self._people(now).items()}
        lake.seal(list(enumerate(self.events, 1)), [], len(self.events))
        rows = ask(lake, self.program, now=now, baseline=self.body.get("baseline"))
        return {names[row["person"]]: row["trait_answer"] for row in rows if row["person"] in names}

    def slow(self, now: int) -> Answers:
        """What the oracle says, straight from the meaning of the tree."""
        baseline = self.body.get("baseline", {})
        return {
            who: traits(self.program, view_of(self.program, leaf, events, now, baseline))["answer"]
            for leaf, (who, events) in self._people(now).items()
        }

    def _people(self, now: int) -> dict[bytes, tuple[str, list[Event]]]:
        people: dict[bytes, tuple[str, list[Event]]] = {}
        for said, event in zip(self.body["events"], self.events, strict=True):
            if event.timestamp <= now:
                people.setdefault(event.leaf, (said["who"], []))[1].append(event)
        return people

    def _received(self, number: int, said: Mapping[str, Any]) -> Event:
        """The event as a client would send it, through the real door."""
        properties = {name: value for name, value in said.items() if name not in ENVELOPE}
        type = said.get("type", "track")
        if type in ("track", "page", "screen") and "name" in said:
            properties["name"] = said["name"]
        context = {**said.get("context", {}), "consent": {"categoryPreferences": said.get("consent", {})}}
        at = ms(said["at"])
        body = {"type": type, "userId": said["who"], "messageId": f"m{number}", "timestamp": at, "context": context}
        body |= {name: said[name] for name in ("event", "traits") if name in said}
        body |= {"properties": properties} if properties else {}
        body |= {"name": said["name"]} if type in ("page", "screen") and "name" in said else {}
        call = Call(at, "web", may_derive=True)
        accepted = accept("/v1/batch", msgspec.json.encode({"batch": [body]}), call, self.plan, SITE_KEY)
        assert not accepted.rejected, accepted.rejected
        return seal(accepted.drafts[0], KEY, nonce=number.to_bytes(12, "big"))
