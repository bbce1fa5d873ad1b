"""Ids in one array of bytes, and their places by hash, answer what a list and a dictionary answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.offer.recommend.ids import Ids, Places

TEXTS = st.lists(st.text(max_size=12), max_size=40, unique=True)


def stored(texts):
    encoded = [text.encode() for text in texts]
    return np.frombuffer(b"".join(encoded), np.uint8), np.array([len(one) for one in encoded], np.int32)


@given(TEXTS)
def test_ids_are_the_list_they_were_made_of(texts):
    ids = Ids(*stored(texts))
    assert (list(ids), len(ids), ids[:3]) == (texts, len(texts), texts[:3])
    assert ids == texts and ids != [*texts, "more"]
    assert [ids[place] for place in range(-len(texts), len(texts))] == texts + texts


@given(TEXTS, TEXTS)
def test_places_are_those_of_a_dictionary(texts, asked):
    place = {text: number for number, text in enumerate(texts)}
    assert Places(texts).of(asked + texts).tolist() == [place.get(text, -1) for text in asked + texts]


@pytest.mark.parametrize("lengths", [[3, 5], [3, 3], [9, -1], []], ids=["split letter", "short", "negative", "none"])
def test_lengths_that_do_not_fit_the_text_are_refused(lengths):
    text = np.frombuffer("te\xe4bread".encode(), np.uint8)
    with pytest.raises(ValueError, match=r"codec|lengths"):
        Ids(text, np.array(lengths, np.int32))


def test_no_place_is_outside():
    ids = Ids(*stored(["tea"]))
    with pytest.raises(IndexError):
        ids[1]
