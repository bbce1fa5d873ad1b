"""What was said about consent and is not folded yet: heard by the fold's own rule."""

from tailorbird.collect.identifiers import hash_identifier
from tailorbird.events import encode_record
from tailorbird.shell.http.unfolded import Unfolded
from tailorbird.testing.histories import SITE_KEY, START, event
from tailorbird.testing.memory_log import MemoryLog

PHONE, ANN = ("anonymousId", "phone"), ("userId", "ann")


def heard(*words):
    """Whether analytics is granted, after each of (who, granted) was said, a second after the one before."""
    log = MemoryLog()
    for number, (who, granted) in enumerate(words):
        said = event(number, who, "Consent Changed", at=START + number * 1_000, consent={"analytics": granted})
        end = log.append([encode_record(said)])
    hashes = [hash_identifier(SITE_KEY, *one) for one in (PHONE, ANN)]
    for order in (hashes, hashes[::-1]):
        yield Unfolded(log).said(0, end, order)["analytics"].granted


def test_of_words_under_several_identifiers_the_latest_holds():
    assert list(heard(([ANN, PHONE], True), ([PHONE], False))) == [False, False]
    assert list(heard(([PHONE], False), ([ANN, PHONE], True))) == [True, True]
