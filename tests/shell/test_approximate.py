"""An index for many vectors tells how much of the truth it finds."""

import sys

import numpy as np
import pytest

from tailorbird.errors import MissingExtra
from tailorbird.offer.vectors.exact import Vectors
from tailorbird.shell import approximate
from tailorbird.shell.approximate import Approximate, nearest_by

VECTORS = np.random.default_rng(0).normal(size=(3_000, 16)).astype(np.float32)


def test_the_index_finds_what_it_says_it_finds():
    pytest.importorskip("faiss")
    index = Approximate.of(VECTORS)
    rows, products = index.nearest(VECTORS[7], 5)
    assert index.recall > 0.9
    assert len(rows) == 5 and (np.diff(products) <= 0).all()
    np.testing.assert_allclose(products, VECTORS[rows] @ VECTORS[7], rtol=1e-5)


def test_only_many_vectors_need_an_index(monkeypatch):
    pytest.importorskip("faiss")
    assert isinstance(nearest_by(VECTORS), Vectors)
    monkeypatch.setattr(approximate, "SCANNED", 1_000)
    assert isinstance(nearest_by(VECTORS), Approximate)


def test_without_faiss_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(MissingExtra, match=r"tailorbird\[vectors\]"):
        Approximate.of(VECTORS)
