"""What senders write can never become markup."""

from tailorbird.events import Event
from tailorbird.shell.console.feed import entry_of
from tailorbird.shell.console.markup import join, table, tag
from tailorbird.shell.console.rows import feed_row, plain_pairs
from tailorbird.shell.console.unseal import opened_secret

HOSTILE = "<img src=x onerror=alert(1)>"
EVENT = Event(HOSTILE, HOSTILE, "track", HOSTILE, b"L" * 16, [], 5, 6, {HOSTILE: HOSTILE}, {}, {}, {}, b"")


def test_a_hostile_event_is_text_in_its_row():
    assert "<img" not in feed_row(entry_of(1, EVENT))


def test_a_hostile_event_is_text_in_its_details():
    assert "<img" not in join([name, value] for name, value in plain_pairs(entry_of(1, EVENT)))


def test_hostile_sealed_values_are_text_when_opened():
    assert "<img" not in opened_secret({"properties": {HOSTILE: [HOSTILE]}, "as received": HOSTILE})


def test_hostile_cells_and_attributes_are_text():
    assert "<img" not in table([HOSTILE], [[HOSTILE]]) + tag("a", HOSTILE, title='"' + HOSTILE)
    assert tag("a", title='" onclick="x') == '<a title="&#34; onclick=&#34;x"></a>'
