"""Vectors of any encoder: the contract, and that the newest item of a history leads."""

import numpy as np
import pytest

from tailorbird.offer.retrievers.embeddings import EmbeddingsRecipe, directions
from tailorbird.testing.retriever_contract import UNMET, RetrieverContract, asking, crowd


class TestEmbeddings(RetrieverContract):
    @pytest.fixture
    def recipe(self) -> EmbeddingsRecipe:
        return EmbeddingsRecipe()


def test_what_nobody_has_met_is_known_by_its_vector() -> None:
    known = crowd()
    scores = EmbeddingsRecipe().fit(known).scores(asking(known, [[0, 2]]))[0]
    even, odd, _ = UNMET
    assert scores[even] > 0 > scores[odd]


def test_an_item_without_a_vector_scores_nothing() -> None:
    vectors = np.array([[1, 0], [0, 1], [0, 0]], np.float32)
    assert not directions(vectors)[2].any()


def test_without_vectors_it_knows_nothing() -> None:
    from dataclasses import replace

    known = replace(crowd(), vectors=None)
    assert not EmbeddingsRecipe().fit(known).scores(asking(known, [[0, 2]])).any()
