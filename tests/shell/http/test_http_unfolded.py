"""What was said about consent and is not folded yet: heard by the fold's own rule."""

import pytest

from tailorbird.collect.identifiers import hash_identifier
from tailorbird.events import encode_record
from tailorbird.know.profile import Consent, Profile
from tailorbird.offer.recommend.person import Person
from tailorbird.shell.http.decide import Decide
from tailorbird.shell.http.lookup import Found
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


@pytest.mark.parametrize(
    ("known", "late", "granted"),
    [((False, 2_000), (True, 1_000), False), ((True, 1_000), (False, 2_000), False),
     ((False, 1_000), (True, 2_000), True), ((True, 1_000), (False, 1_000), False),
     ((False, 1_000), (True, 1_000), False)],
    ids=["said before, arrived later", "later no", "later yes", "at once no", "at once yes"],
)  # fmt: skip
def test_late_words_hold_by_when_they_were_said(known, late, granted):
    log = MemoryLog()
    said = event(1, [ANN], "Consent Changed", at=START + late[1], consent={"analytics": late[0]})
    end = log.append([encode_record(said)])
    ann = Person(Profile(b"p" * 16, consent={"analytics": Consent(known[0], START + known[1], "web")}))
    decide = Decide(*[None] * 4, Unfolded(log), *[None] * 2)
    allowed, _ = decide._allowed(ann, Found(b"p" * 16, ann, 0), list(said.identifiers), end)
    assert allowed.profile.consent["analytics"].granted == granted
