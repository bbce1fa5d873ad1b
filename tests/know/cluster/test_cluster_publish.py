"""The published SQL says of everyone the very cluster that the centroid function says."""

import duckdb
import numpy as np
import pytest

from tailorbird.know.cluster.definition import load_clustering
from tailorbird.know.cluster.publish import published
from tailorbird.know.language.program import check
from tailorbird.know.language.schema import Schema
from tailorbird.shell.clustering.training import Table, train
from tailorbird.testing.planted import planted, with_gaps

NAMES = ["visits", "basket", "fresh"]
PLAIN = {name: {"sql": name} for name in NAMES}
LOGGED = {**PLAIN, "visits": {"sql": "visits", "transform": "log"}, "basket": {"sql": "basket", "transform": "log"}}
MODELLED = {**LOGGED, "basket": {"sql": "basket", "transform": "log", "impute": "model", "weight": 2}}


def model_of(features, values, **fields):
    definition = load_clustering("shoppers", {"features": features, "k": [3, 4], **fields})
    return train(definition, Table([b""] * len(values), values, [], 0), "1")


def by_sql(model, values):
    """Of each person the label, as DuckDB works it out from a table of the features."""
    made = published(model)
    columns = {name: values[:, place] for place, name in enumerate(NAMES)}
    with duckdb.connect() as connection:
        connection.sql("CREATE TABLE people (visits DOUBLE, basket DOUBLE, fresh DOUBLE)")
        rows = [[None if np.isnan(x) else float(x) for x in row] for row in zip(*columns.values(), strict=True)]
        connection.executemany("INSERT INTO people VALUES (?, ?, ?)", rows)
        tests = [f"({body['sql']}) AS {name}" for name, body in made.segments.items()]
        label = made.traits["shoppers"]["sql"].replace("segment('", "(").replace("')", ")")
        return [
            row[0]
            for row in connection.sql(f"SELECT {label} FROM (SELECT *, {', '.join(tests)} FROM people)").fetchall()
        ]


@pytest.mark.parametrize("algorithm", ["kmeans", "minibatch", "mixture", "hierarchical"])
@pytest.mark.parametrize("features", [PLAIN, LOGGED, MODELLED], ids=["plain", "logged", "modelled"])
def test_sql_and_centroid_function_agree_about_everyone(algorithm, features):
    values = with_gaps(planted(400)[0], 1, 0.15)
    model = model_of(features, values, algorithm=algorithm, outliers=0.03)
    later = with_gaps(planted(300, seed=77)[0] * 1.3, 1, 0.3, seed=5)
    assert by_sql(model, later) == [model.label(cluster) for cluster in model.assign(later).tolist()]


def test_who_is_far_from_all_belongs_to_none():
    values = planted(300)[0]
    model = model_of(PLAIN, values, outliers=0.02)
    strange = np.array([[30.0, 80.0, 0.5]])
    assert by_sql(model, strange) == ["Unlike the others"]
    assert model.assign(strange).tolist() == [-1]


def test_published_definitions_read_as_a_site_would_write_them():
    made = published(model_of(MODELLED, planted(300)[0], people="visits >= 1"))
    schema = Schema.of({"traits": dict.fromkeys(NAMES, "number")})
    program = check(made.traits, made.segments, schema)
    assert [one.name for one in program.segments] == ["shoppers_c1", "shoppers_c2", "shoppers_c3"]
    assert [(one.name, one.expression.kind) for one in program.traits] == [("shoppers", "text")]


def test_label_with_a_quote_stays_text():
    model = model_of(PLAIN, planted(300)[0])
    clusters = [type(one)(**{**_fields(one), "label": f"Anna's {one.key}"}) for one in model.manifest.clusters]
    values = planted(10, seed=3)[0]
    assert set(by_sql(model.told(clusters=clusters), values)) <= {
        "Anna's c1",
        "Anna's c2",
        "Anna's c3",
        "Unlike the others",
    }


def _fields(one):
    return {name: getattr(one, name) for name in one.__struct_fields__}
