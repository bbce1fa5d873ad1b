"""Item-to-item equals its formula, computed densely."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.offer.recommend.interactions import SESSION_GAP_MS, Interactions
from tailorbird.offer.recommend.item_to_item import WORTH, nearest, sessions_by_items
from tailorbird.offer.recommend.settings import Nearness

lines = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.sampled_from("abcdef"),
        st.sampled_from(["viewed", "added", "removed", "bought"]),
        st.integers(0, 6).map(lambda n: n * (SESSION_GAP_MS + 1)),
    ),
    min_size=1,
    max_size=40,
)


def dense(contacts, settings):
    """The formula of item_to_item.py on a full matrix of sessions x items."""
    session, worth = contacts.sessions(), WORTH[contacts.kind]
    x = np.zeros((session.max() + 1, len(contacts.ids)))
    np.maximum.at(x, (session, contacts.item), worth)
    size = np.maximum(1, (x > 0).sum(1))
    together = (x * size[:, None] ** -settings.size_power).T @ x
    mass = x.sum(0)
    near = together / (np.outer(mass**settings.own_power, mass**settings.other_power) + settings.shrink)
    np.fill_diagonal(near, 0)
    return near / (near.max() or 1)


@settings(max_examples=100, deadline=None)
@given(lines)
def test_matrix_equals_the_formula(contacts):
    contacts = Interactions.of(contacts)
    found, expected = nearest(contacts, Nearness()), dense(contacts, Nearness())
    full = np.zeros_like(expected)
    rows = np.repeat(np.arange(len(contacts.ids)), np.diff(found.start))
    full[rows, found.column] = found.value
    np.testing.assert_allclose(full, expected, rtol=1e-5, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(lines, st.integers(1, 3))
def test_rows_hold_the_nearest_first_and_no_more_than_asked(contacts, most):
    contacts = Interactions.of(contacts)
    found, expected = nearest(contacts, Nearness(neighbours=most)), dense(contacts, Nearness())
    for row in range(len(contacts.ids)):
        values = found.value[found.start[row] : found.start[row + 1]]
        np.testing.assert_allclose(values, -np.sort(-expected[row][expected[row] > 0])[:most], rtol=1e-5)


def test_of_an_endless_session_the_last_items_count():
    contacts = Interactions.of([("ann", f"i{n:03}", "bought", n) for n in range(50)])
    assert sessions_by_items(contacts, 10).column.tolist() == list(range(40, 50))


def test_of_a_long_session_the_items_met_last_count_whatever_their_numbers():
    backwards = Interactions.of([("ann", f"i{n:02}", "viewed", 50 - n) for n in range(50)])
    again = Interactions.of([("ann", f"i{n % 5}", "viewed", n) for n in (4, 3, 2, 1, 5, 6)])
    assert sessions_by_items(backwards, 10).column.tolist() == list(range(10))
    assert sessions_by_items(again, 2).column.tolist() == [0, 1]


def test_nothing_has_no_neighbours():
    assert len(nearest(Interactions.of([]), Nearness()).column) == 0
