"""What every retriever must do, as tests to inherit: give a `recipe` fixture with settings that suit a tiny catalogue.

The world: 60 people of two tastes, even and odd items, who mostly walk on to the next item of their taste. Three items
were met by nobody. Everything handed in is locked, so whoever writes into it fails.
"""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from scipy.sparse import csr_array

from tailorbird.errors import Corrupt
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.retriever import Recipe, Retriever, TunesAsItFits

ITEMS = 23
UNMET = (20, 21, 22)


def locked(some: Histories) -> Histories:
    """The same, and nobody can write into it."""
    for array in (some.start, some.item, some.at):
        if array is not None:
            array.flags.writeable = False
    return some


def crowd(people: int = 60, seed: int = 4) -> Histories:
    """People of two tastes: person p walks over the items of p's parity in steps of two, and jumps at times."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        steps = np.where(rng.random(rng.integers(4, 9)) < 0.7, 1, rng.integers(0, 10))
        rows.append([int(2 * place + person % 2) for place in (rng.integers(0, 10) + np.cumsum(steps)) % 10])
    some = Histories.of(rows, ITEMS)
    words = csr_array(np.eye(2, dtype=np.float32)[np.arange(ITEMS) % 2])
    at = np.sort(rng.random(len(some.item))).astype(np.float32)
    return locked(replace(some, at=at, attributes=words, vectors=words.toarray()))


def asking(known: Histories, rows: list[list[int]]) -> Histories:
    """Histories over the catalogue of `known`, just before its end."""
    some = Histories.of(rows, known.items)
    # Behind all that was learned from, or a retriever that fades by age would be asked about its own past.
    at = np.linspace(0.9, 1, len(some.item), dtype=np.float32) if known.at is not None else None
    return locked(replace(some, at=at, attributes=known.attributes, vectors=known.vectors))


def share_of_own_taste(retriever: Retriever) -> float:
    """A judge: how much of ten people's best five items have their taste."""
    asked = crowd(10, seed=5)
    best = np.argsort(-retriever.scores(asked), axis=1, kind="stable")[:, :5]
    return float(np.mean(best % 2 == np.arange(10)[:, None] % 2))


class RetrieverContract:
    """Inherit, override `recipe`, and pytest runs them all on your retriever."""

    # The scores of a history are the sum of those of its items, so that each item is a true reason.
    additive = False
    personal = True  # the history matters
    tolerance = 1e-6  # of the largest score

    @pytest.fixture
    def recipe(self) -> Recipe:
        raise NotImplementedError("Override the fixture `recipe` with one that gives a recipe for a tiny catalogue.")

    @pytest.fixture
    def known(self) -> Histories:
        return crowd()

    @pytest.fixture
    def fitted(self, recipe: Recipe, known: Histories) -> Retriever:
        return recipe.fit(known, seed=1)

    def close(self, left: object, right: object) -> None:
        scale = max(1e-9, float(np.abs(np.asarray(right)).max(initial=0)))
        np.testing.assert_allclose(left, right, rtol=0, atol=self.tolerance * scale)

    def test_every_item_has_a_finite_score_in_float32(self, fitted: Retriever, known: Histories) -> None:
        scores = fitted.scores(known)
        assert (scores.shape, scores.dtype) == ((len(known), ITEMS), np.float32)
        assert np.isfinite(scores).all()

    def test_own_taste_scores_higher(self, fitted: Retriever, known: Histories) -> None:
        if self.personal:
            assert share_of_own_taste(fitted) > 0.7

    def test_empty_history_has_an_answer(self, fitted: Retriever, known: Histories) -> None:
        assert np.isfinite(fitted.scores(asking(known, [[], [0], []]))).all()

    def test_nobody_asking_is_no_row(self, fitted: Retriever, known: Histories) -> None:
        assert fitted.scores(asking(known, [])).shape == (0, ITEMS)

    def test_item_that_nobody_met_is_no_trouble(self, fitted: Retriever, known: Histories) -> None:
        alone, beside = fitted.scores(asking(known, [list(UNMET), [0, 2, *UNMET]]))
        assert np.isfinite(alone).all()
        assert np.isfinite(beside).all()

    def test_history_of_10_000_contacts_has_an_answer(self, fitted: Retriever, known: Histories) -> None:
        assert np.isfinite(fitted.scores(asking(known, [[2 * (k % 10) for k in range(10_000)]]))).all()

    def test_catalogue_of_one_item_has_an_answer(self, recipe: Recipe) -> None:
        known = locked(Histories.of([[0], [0, 0], []], items=1))
        assert np.isfinite(recipe.fit(known).scores(known)).all()

    def test_without_any_contact_all_is_defined(self, recipe: Recipe) -> None:
        for rows in ([], [[], []]):
            scores = recipe.fit(locked(Histories.of(rows, items=5))).scores(Histories.of([[], [1]], items=5))
            assert np.isfinite(scores).all()

    def test_bag_without_times_has_an_answer(self, fitted: Retriever, known: Histories) -> None:
        bag = replace(asking(known, [[0, 2], [3, 1]]), ordered=False, at=None)
        assert np.isfinite(fitted.scores(bag)).all()

    def test_one_asked_alone_has_the_row_of_the_batch(self, fitted: Retriever) -> None:
        asked = crowd(30, seed=6)
        batch = fitted.scores(asked)
        for row in range(len(asked)):
            self.close(fitted.scores(asked.part(row, row + 1))[0], batch[row])

    def test_same_seed_gives_the_same_arrays(self, recipe: Recipe, fitted: Retriever, known: Histories) -> None:
        first, second = fitted.arrays(), recipe.fit(known, seed=1).arrays()
        assert list(first) == list(second)
        for name, array in first.items():
            np.testing.assert_array_equal(array, second[name], err_msg=name)

    def test_arrays_are_read_only(self, fitted: Retriever) -> None:
        assert not [name for name, array in fitted.arrays().items() if array.flags.writeable]

    def test_stored_arrays_give_the_same_answers(self, recipe: Recipe, fitted: Retriever, known: Histories) -> None:
        stored = {name: np.array(array) for name, array in fitted.arrays().items()}
        again = recipe.restored(stored)
        np.testing.assert_array_equal(again.scores(known), fitted.scores(known))
        assert again.name == fitted.name == recipe.name

    def test_missing_array_is_corrupt(self, recipe: Recipe, fitted: Retriever) -> None:
        for name in fitted.arrays():
            rest = {other: array for other, array in fitted.arrays().items() if other != name}
            with pytest.raises(Corrupt, match=name):
                recipe.restored(rest)

    def test_recipe_can_be_stored(self, recipe: Recipe) -> None:
        assert msgspec.json.decode(msgspec.json.encode(recipe), type=type(recipe)) == recipe

    def test_tuned_is_not_worse_for_its_judge(self, recipe: Recipe, fitted: Retriever, known: Histories) -> None:
        tuned = recipe.tuned(known, share_of_own_taste, seed=1)
        assert type(tuned) is type(recipe)
        assert share_of_own_taste(tuned.fit(known, seed=1)) >= share_of_own_taste(fitted) - 1e-9

    def test_what_the_search_ends_with_is_what_its_settings_give(self, recipe: Recipe, known: Histories) -> None:
        if isinstance(recipe, TunesAsItFits):
            tuned, retriever = recipe.tuned_and_fitted(known, share_of_own_taste, seed=1)
            again = tuned.fit(known, seed=1).arrays()
            for name, array in retriever.arrays().items():
                np.testing.assert_array_equal(array, again[name])

    def test_taking_an_item_out_takes_its_term_out(self, fitted: Retriever, known: Histories) -> None:
        if self.additive:
            whole, without, term = fitted.scores(asking(known, [[0, 6, 3], [0, 3], [6]]))
            self.close(whole - without, term)
