"""The attentive model: the contract, what training learns, and that the two forms of it, numpy's and JAX's, are one."""

import sys

import numpy as np
import pytest
from scipy.sparse import csr_array

from tailorbird.errors import MissingExtra
from tailorbird.offer.retrievers.attentive import WINDOW
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.shell.learning.attentive import AttentiveRecipe
from tailorbird.shell.learning.first_vectors import begun_with
from tailorbird.shell.learning.packing import batches, stream, words_of
from tailorbird.testing.retriever_contract import RetrieverContract, crowd

SMALL = AttentiveRecipe(
    dimensions=16, wide=32, dropout=0.1, rate=0.01, rows=2, negatives=32, epochs=12, look=6, most=12
)


@pytest.mark.slow
class TestAttentive(RetrieverContract):
    @pytest.fixture
    def recipe(self):
        pytest.importorskip("jax")
        return SMALL


@pytest.mark.slow
def test_serving_says_what_training_said():
    jnp = pytest.importorskip("jax.numpy")
    import jax

    from tailorbird.shell.learning.attentive_steps import _states, begun, exported

    known = crowd()
    words = words_of(known)
    recipe = SMALL
    parameters = begun(recipe, *begun_with(known, words, recipe.dimensions), seed=3)[0]
    parameters["bias"] = jnp.asarray(np.random.default_rng(0).normal(size=(recipe.heads, WINDOW)), jnp.float32)
    from tailorbird.offer.retrievers.attentive import assembled, lately

    model = assembled(exported(parameters, known, words))
    row = np.arange(WINDOW)
    history = (row * 5 % 23).astype(np.int32)
    still = AttentiveRecipe(**{field: getattr(recipe, field) for field in recipe.__struct_fields__} | {"dropout": 0.0})
    said = _states(still, parameters, model.vectors[history][None], np.zeros((1, WINDOW)), jax.random.key(0))
    asked = Histories.of([history[: length + 1].tolist() for length in row], known.items)
    np.testing.assert_allclose(model.state(*lately(asked, row)), said[0], rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_an_item_is_near_those_that_share_its_words():
    pytest.importorskip("jax")
    vectors = SMALL.fit(crowd()).vectors
    unmet, even, odd = vectors[20], vectors[0:20:2].mean(0), vectors[1:20:2].mean(0)  # 20 is even, and nobody met it
    assert unmet @ even > unmet @ odd


def test_the_stream_has_each_contact_with_its_next_one():
    known = Histories.of([[3, 1, 2], [], [5], [4, 0]], items=6)
    seen, following, whose = stream(known, np.random.default_rng(0))
    assert sorted(zip(whose.tolist(), seen.tolist(), following.tolist(), strict=True)) == [
        (0, 1, 2),
        (0, 3, 1),
        (3, 4, 0),
    ]


def test_a_batch_names_items_by_their_place():
    known = crowd()
    batch = next(batches(known, words_of(known), rows=2, negatives=8, seed=0, epoch=1))
    real = batch.whose >= 0
    following = {
        (a, b) for row in range(len(known)) for a, b in zip(known.of_row(row), known.of_row(row)[1:], strict=False)
    }
    pairs = set(zip(batch.items[batch.seen][real].tolist(), batch.items[batch.next][real].tolist(), strict=True))
    assert pairs <= following and len(batch.negative) == 8


def test_the_rarest_words_are_kept():
    words = csr_array(np.array([[1, 1, 0], [1, 0, 1], [1, 0, 0]], np.float32))
    known = Histories(np.array([0]), np.zeros(0, np.int32), 3, attributes=words)
    found = words_of(known)
    assert found.word[0].tolist() == [1, 0]
    np.testing.assert_allclose((found.weight**2).sum(1), 1, rtol=1e-6)


def test_without_jax_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(MissingExtra, match=r"tailorbird\[sequence\]"):
        SMALL.fit(crowd())
