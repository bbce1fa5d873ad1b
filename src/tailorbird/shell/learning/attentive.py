"""Training of the attentive model, with JAX. What comes out answers without it.

Histories are packed end to end into rows of 64, so that nothing is computed for padding; a contact attends to those
before it in its own history. Every next item is told from 512 random ones, shared by the batch (sampled softmax; with
few negatives and no correction models grow over-confident: Petrov & Macdonald, RecSys 2023). Vectors begin where items
stand near each other (first_vectors.py): a third of the epochs, and better ones. The model is a fading mean of the
parameters after each epoch, which is steadier than the last ones (Izmailov et al., 2018, "Averaging weights leads to
wider optima and better generalization"). What is known of items, their words, is added to their vectors, so items that
few have met borrow from what they are.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.errors import MissingExtra
from tailorbird.offer.retrievers.attentive import NAME, WINDOW, Attentive, assembled, restored
from tailorbird.offer.retrievers.histories import Histories
from tailorbird.offer.retrievers.retriever import Judge
from tailorbird.offer.retrievers.trying import Spent
from tailorbird.shell.learning.first_vectors import begun_with
from tailorbird.shell.learning.packing import batches, words_of

PATIENCE = 3  # looks without a gain, then training ends
STEPS, MOST_ROWS = 300, 64  # of an epoch; of a batch
LATEST = 0.3  # what the last epoch weighs in the mean over epochs that is the model


class AttentiveRecipe(msgspec.Struct, frozen=True, tag=NAME):
    """Settings; the number of epochs is what tuning chooses."""

    dimensions: int = 128
    heads: int = 2
    wide: int = 256
    dropout: float = 0.5
    rate: float = 1e-3
    rows: int = 8  # of 64 contacts, in a batch, at least: of more contacts so many that an epoch has some 300 steps
    negatives: int = 512
    epochs: int = 18
    look: int = 3  # epochs between two looks at the judge
    most: int = 30  # epochs

    @property
    def name(self) -> str:
        return NAME

    def fit(self, known: Histories, seed: int = 0) -> Attentive:
        """Raises MissingExtra where JAX is not installed."""
        for _, model in _trained(self, known, seed, self.epochs, self.epochs):
            return model
        raise AssertionError("unreachable: training gives a model after its last epoch")

    def tuned(self, known: Histories, judge: Judge, seed: int = 0) -> "AttentiveRecipe":
        """As many epochs as were best for the judge; of those there was time for, where it says that time is over."""
        return self.tuned_and_fitted(known, judge, seed)[0]

    def tuned_and_fitted(self, known: Histories, judge: Judge, seed: int = 0) -> tuple["AttentiveRecipe", Attentive]:
        """The same, with the model of that epoch: what training so many epochs once more would give."""
        best, chosen, kept, worse = -np.inf, self.epochs, None, 0
        for epochs, model in _trained(self, known, seed, self.most, self.look):
            try:
                quality = judge(model)
            except Spent:
                break
            if quality > best:
                best, chosen, kept, worse = quality, epochs, model, 0
            else:
                worse += 1
            if worse == PATIENCE:
                break
        return msgspec.structs.replace(self, epochs=chosen), kept or self.fit(known, seed)

    def restored(self, arrays: Mapping[str, NDArray[Any]]) -> Attentive:
        """From its arrays."""
        return restored(arrays)


def _trained(
    recipe: AttentiveRecipe, known: Histories, seed: int, epochs: int, look: int
) -> Iterator[tuple[int, Attentive]]:
    """(epochs so far, the model) every `look` epochs, and after the last."""
    try:
        import jax
    except ImportError:
        raise MissingExtra("The attentive sequence model", "sequence") from None
    from tailorbird.shell.learning.attentive_steps import begun, exported, nothing, stepping, towards

    words = words_of(known)
    state = begun(recipe, *begun_with(known, words, recipe.dimensions, seed), seed)
    step = stepping(recipe, known.items)
    # An epoch of some 300 steps whatever the data's size, up to what a batch may hold.
    rows = min(MOST_ROWS, max(recipe.rows, len(known.item) // (WINDOW * STEPS)))
    mean = nothing(state[0])
    for epoch in range(1, epochs + 1):
        for number, batch in enumerate(batches(known, words, rows, recipe.negatives, seed, epoch)):
            # A key for each step by its number: whoever trains longer has trained the same until there.
            state = step(state, batch, jax.random.fold_in(jax.random.key(seed), epoch * 1_000_000 + number))
        # The mean begins with nothing, so the first epochs weigh 1, 1/2, 1/3: a plain mean until LATEST is more.
        mean = towards(mean, state[0], max(LATEST, 1 / epoch))
        if epoch % look == 0 or epoch == epochs:
            yield epoch, assembled(exported(mean, known, words))
