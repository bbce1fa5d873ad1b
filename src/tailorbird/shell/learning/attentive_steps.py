"""The steps of training: parameters, loss and Adam in JAX. Only `attentive.py` calls this, when JAX is there."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from tailorbird.offer.retrievers.attentive import SMALL, WINDOW
from tailorbird.offer.retrievers.histories import Floats, Histories
from tailorbird.shell.learning.packing import Batch, Words

if TYPE_CHECKING:
    from tailorbird.shell.learning.attentive import AttentiveRecipe

Parameters = dict[str, Any]
KEEP, KEEP_SQUARES, TINY = 0.9, 0.98, 1e-8  # Adam (Kingma & Ba, 2015)
FIRST = 0.02  # what chance adds to vectors before training: little, so that it is soon forgotten
CHUNK = 4_096  # items whose vectors are put together at once


def begun(
    recipe: "AttentiveRecipe", item: Floats, word: Floats, seed: int
) -> tuple[Parameters, Parameters, Parameters, Any]:
    """(parameters, first and second moments, steps so far) from vectors of `first_vectors.py`."""
    chance = np.random.default_rng(seed)
    d, wide = recipe.dimensions, recipe.wide

    def drawn(*shape: int) -> Any:
        return jnp.asarray(chance.normal(0, shape[0] ** -0.5, shape), jnp.float32)

    parameters = {
        # The 1 in front: `drawn` divides by the root of the first length, and this is to have deviation 1.
        "item": item + FIRST * drawn(1, *item.shape)[0], "word": word + FIRST * drawn(1, *word.shape)[0],
        "attend": drawn(d, 3 * d), "mix": drawn(d, d),
        "bias": jnp.zeros((recipe.heads, WINDOW)), "widen": drawn(d, wide), "narrow": drawn(wide, d),
        "gains": jnp.ones((3, d)),
    }  # fmt: skip
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    return parameters, zeros, jax.tree.map(jnp.zeros_like, parameters), jnp.zeros((), jnp.int32)


def stepping(recipe: "AttentiveRecipe", items: int) -> Callable[..., Any]:
    """The compiled step: (state, batch, key) -> state. Items that a batch does not name keep their vectors and moments
    (lazy Adam): a step costs the same for any catalogue.
    """
    # So many items stand behind each negative: their sum is that of all, and models do not grow over-confident.
    loss = partial(_loss, recipe, np.log(max(1.0, items / recipe.negatives)))

    def step(state: Any, batch: Batch, key: Any) -> Any:
        *tables, count = state
        parameters, means, squares = ({**one, "item": one["item"][batch.items]} for one in tables)
        slopes = jax.grad(loss)(parameters, batch, key)
        count = count + 1
        means = jax.tree.map(lambda m, g: KEEP * m + (1 - KEEP) * g, means, slopes)
        squares = jax.tree.map(lambda s, g: KEEP_SQUARES * s + (1 - KEEP_SQUARES) * g * g, squares, slopes)
        # Both moments begin at 0: Adam's correction for that, put into the rate.
        rate = recipe.rate * jnp.sqrt(1 - KEEP_SQUARES**count) / (1 - KEEP**count)
        moved = jax.tree.map(lambda p, m, s: p - rate * m / (jnp.sqrt(s) + TINY), parameters, means, squares)
        # Items that fill the batch up are the last one again: their places are outside, and writing there does nothing.
        first = jnp.concatenate([jnp.ones(1, bool), batch.items[1:] != batch.items[:-1]])
        where = jnp.where(first, batch.items, items)
        return *(
            {**new, "item": old["item"].at[where].set(new["item"], mode="drop")}
            for old, new in zip(tables, (moved, means, squares), strict=True)
        ), count

    # The state given is not used again: the new one is written into its memory.
    return jax.jit(step, donate_argnums=0)


def nothing(parameters: Parameters) -> Parameters:
    """Zeros of the same shapes."""
    return jax.tree.map(jnp.zeros_like, parameters)  # type: ignore[no-any-return]


def towards(mean: Parameters, now: Parameters, share: float) -> Parameters:
    """(1 - share) mean + share now."""
    return jax.tree.map(lambda a, b: (1 - share) * a + share * b, mean, now)  # type: ignore[no-any-return]


def _loss(recipe: "AttentiveRecipe", correction: float, parameters: Parameters, batch: Batch, key: Any) -> Any:
    """Sampled softmax: each next item against the shared negatives, which stand for all items."""
    vectors = _vectors(parameters, batch)
    state = _states(recipe, parameters, vectors[batch.seen], batch.whose, key)
    right = (state * vectors[batch.next]).sum(-1)
    wrong = jnp.einsum("rwd,nd->rwn", state, vectors[batch.negative]) + correction
    # What was drawn and is the very next item is no negative.
    wrong = jnp.where(batch.next[:, :, None] == batch.negative, -jnp.inf, wrong)
    every = jnp.concatenate([right[:, :, None], wrong], axis=-1)
    each = jax.nn.logsumexp(every, axis=-1) - right
    real = batch.whose >= 0
    # The last batch of an epoch is filled up: what fills it is nobody's, and does not count.
    return jnp.where(real, each, 0).sum() / real.sum()


def _states(recipe: "AttentiveRecipe", parameters: Parameters, x: Any, whose: Any, key: Any) -> Any:
    """What is expected after each contact, as `Attentive.state` says it for the last one."""
    rows, w, d = x.shape
    first, second, third = jax.random.split(key, 3)
    x = _dropped(x * np.float32(np.sqrt(d)), recipe.dropout, first)
    y = _normed(x, parameters["gains"][0]) @ parameters["attend"]
    query, keys, value = (part.reshape(rows, w, recipe.heads, -1) for part in jnp.split(y, 3, axis=-1))
    ago = jnp.arange(w)[:, None] - jnp.arange(w)[None]
    weight = jnp.einsum("rqhd,rkhd->rhqk", query, keys) / np.sqrt(d / recipe.heads)
    weight = weight + parameters["bias"][:, jnp.clip(ago, 0)]
    # Several histories lie in one row: each sees its own only, and nothing that comes later.
    visible = (ago >= 0) & (whose[:, :, None] == whose[:, None, :])
    weight = jax.nn.softmax(jnp.where(visible[:, None], weight, -1e9), axis=-1)
    heard = jnp.einsum("rhqk,rkhd->rqhd", weight, value).reshape(rows, w, d) @ parameters["mix"]
    z = x + _dropped(heard, recipe.dropout, second)
    wide = jax.nn.relu(_normed(z, parameters["gains"][1]) @ parameters["widen"])
    z = z + _dropped(wide @ parameters["narrow"], recipe.dropout, third)
    return _normed(z, parameters["gains"][2])


def _vectors(parameters: Parameters, batch: Batch) -> Any:
    """The own vectors of the items of the batch, and what their words say."""
    return parameters["item"] + jnp.einsum("uk,ukd->ud", batch.weight, parameters["word"][batch.word])


def _normed(x: Any, gain: Any) -> Any:
    return x / jnp.sqrt((x * x).mean(-1, keepdims=True) + SMALL) * gain


def _dropped(x: Any, share: float, key: Any) -> Any:
    kept = jax.random.bernoulli(key, 1 - share, x.shape)
    return jnp.where(kept, x / (1 - share), 0)


def exported(parameters: Parameters, known: Histories, words: Words) -> dict[str, Any]:
    """What `offer/retrievers/attentive.py` answers with: the words are added to the items once."""
    own, said = np.asarray(parameters["item"]), np.asarray(parameters["word"])
    vectors = own.copy()
    for begin in range(0, known.items, CHUNK):
        part = slice(begin, begin + CHUNK)
        vectors[part] += np.einsum("uk,ukd->ud", words.weight[part], said[words.word[part]])
    rest = {name: np.array(array) for name, array in parameters.items() if name not in ("item", "word")}
    return rest | {"vectors": vectors}
