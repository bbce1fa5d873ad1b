"""Static lists: what is sent, who stands in a file, and who is on one in the end."""

import json

import pytest

from tailorbird.collect.accept import accept
from tailorbird.collect.draft import Call
from tailorbird.collect.plan import BUILT_IN_PLAN
from tailorbird.collect.seal import seal
from tailorbird.errors import BadRequest
from tailorbird.shell.embedded.parquet_lake import ParquetLake
from tailorbird.shell.lists import checked_name, joined, left, names_of, on_lists, snapped, snapshot_of
from tailorbird.shell.ports import LinkChange

SITE_KEY = b"k" * 32


def said(calls, at: int = 1_000) -> list:
    body = b'{"batch":[' + b",".join(calls) + b"]}"
    return accept("/v1/batch", body, Call(at, "cli"), BUILT_IN_PLAN, SITE_KEY).drafts


@pytest.mark.parametrize("named", ["userId:42", "anonymousId:a1", "email:ann@example.com", "deviceId:d1"])
def test_any_identifier_can_be_put_on_a_list(named):
    [draft] = said(joined("spring", [named]))
    assert (draft.event, draft.plain_properties) == ("List Joined", {"list": "spring"})
    assert draft.secret.identifiers == [tuple(named.split(":"))]


def test_bare_lines_are_of_the_type_that_was_asked_for():
    lines = ["42", "", "# the loyal ones", ' "43" ', "anonymousId:a1", "http://x"]
    assert list(names_of(lines)) == ["userId:42", "userId:43", "anonymousId:a1", "userId:http://x"]
    assert list(names_of(["a@x.org"], "email")) == ["email:a@x.org"]


def test_snapshot_taken_twice_says_the_same_messages():
    snapshot = snapshot_of("lapsed", 3, now=1_795_000_000_000)
    first, again = (list(snapped(snapshot, {b"p" * 16: "userId:42"})) for _ in range(2))
    assert first == again
    assert json.loads(first[0])["properties"] == {"list": "lapsed@2026-11-18", "segment": "lapsed", "version": 3}


def test_two_lists_of_the_same_people_are_two_things():
    assert next(joined("a", ["userId:1"])) != next(joined("a", ["userId:1"]))


@pytest.mark.parametrize("name", ["", "Spring", "a b", "x" * 65, "a@tomorrow", "'; drop"])
def test_odd_names_are_refused(name):
    with pytest.raises(BadRequest, match="cannot be named"):
        checked_name(name)


def test_last_word_says_who_is_on_a_list(tmp_path):
    lake = ParquetLake(tmp_path / "lake")
    assert on_lists(lake) == []
    drafts = [
        *said(joined("spring", ["userId:1", "userId:2"]), at=1_000),
        *said(left("spring", ["userId:1"]), at=2_000),
        *said(joined("autumn", ["userId:1"]), at=3_000),
    ]
    events = [(10 * (i + 1), seal(draft, b"s" * 16)) for i, draft in enumerate(drafts)]
    links = [LinkChange(event.leaf, event.leaf, 0, 0) for _, event in events]
    lake.seal(events, links, 100)
    assert [(row["list"], row["people"], row["changed_at"]) for row in on_lists(lake)] == [
        ("autumn", 1, 3_000),
        ("spring", 1, 2_000),
    ]
    lake.close()
