"""What a site declares in clusters.yaml is checked by name, value, place and next step."""

import pytest

from tailorbird.errors import BadDefinition
from tailorbird.know.cluster.definition import load_clustering, load_clusterings

TWO = {"trips": "orders('90 days')", "basket": {"sql": "average_basket", "transform": "log"}}

WRONG = [
    ({}, "has no features"),
    ({"features": {"trips": "orders()"}}, "has 1 features"),
    ({"features": {**TWO, "Big": "orders()"}}, "'Big' is no name"),
    ({"features": {**TWO, "x": 3}}, "Feature 'x' of cluster 'shoppers' is 3"),
    ({"features": {**TWO, "x": {"sql": "orders()", "wight": 2}}}, "unknown field 'wight'"),
    (
        {"features": {**TWO, "x": {"sql": "orders()", "impute": "guess"}}},
        "impute 'guess'.*Known: mean, mode, knn, model",
    ),
    ({"features": {**TWO, "x": {"sql": "orders()", "weight": 0}}}, "a weight that is not above 0"),
    ({"features": TWO, "k": [1, 5]}, r"has k \[1, 5\]"),
    ({"features": TWO, "k": [5, 3]}, r"has k \[5, 3\]"),
    ({"features": TWO, "outliers": 0.5}, "has outliers 0.5"),
    ({"features": TWO, "algorithm": "dbscan"}, "Known fields: features"),
    ({"features": TWO, "colour": "red"}, "colour"),
    ({"features": TWO, "retrain_days": 0}, "retrain_days 0"),
    ({"features": TWO, "embedding": {"dimensions": 12, "top": 12}}, "an embedding of 12 dimensions"),
]


@pytest.mark.parametrize(("body", "message"), WRONG)
def test_wrong_clustering_is_refused_and_says_what_to_write(body, message):
    with pytest.raises(BadDefinition, match=message):
        load_clustering("shoppers", body)


def test_short_form_of_a_feature_is_its_expression():
    found = load_clustering("shoppers", {"features": TWO})
    assert [(one.name, one.sql, one.transform) for one in found.features] == [
        ("trips", "orders('90 days')", "none"),
        ("basket", "average_basket", "log"),
    ]


def test_clusterings_of_a_file_are_known_by_name():
    assert list(load_clusterings({"a": {"features": TWO}, "b": {"features": TWO}})) == ["a", "b"]
