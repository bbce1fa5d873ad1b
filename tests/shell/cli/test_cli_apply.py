"""The site folder: compared, checked as a whole, applied."""

from pathlib import Path

import pytest

from tailorbird.errors import BadDefinition
from tailorbird.shell.embedded.sqlite_definitions import SqliteDefinitions
from tailorbird.shell.site import apply, compare, read_site

GOOD = {
    "events.yaml": "events: {Quiz Done: {properties: {score: integer}}}",
    "placements.yaml": "home: {limit: 8}\npets: {recipe: popular, only: {category: [PET FOOD]}}",
    "consent.yaml": "purposes: {messaging: {default: denied}}",
}


@pytest.fixture
def definitions(tmp_path):
    return SqliteDefinitions(tmp_path / "definitions.sqlite")


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_yaml", ".yaml")).write_text(text)
    return folder


def put(definitions, folder: Path) -> list[str]:
    changes = compare(definitions, read_site(folder))
    apply(definitions, changes, "test")
    return [f"{change.verb} {change.kind} {change.name}" for change in changes]


@pytest.fixture
def site(tmp_path) -> Path:
    return write(tmp_path / "site", **GOOD)


def test_every_file_becomes_definitions(definitions, site):
    assert put(definitions, site) == [
        "add plan events", "add placement home", "add placement pets", "add consent consent",
    ]  # fmt: skip
    assert definitions.get("placement", "home").body == {"limit": 8}


def test_applying_twice_changes_nothing(definitions, site):
    put(definitions, site)
    assert put(definitions, site) == []


def test_placement_gone_from_the_file_is_removed(definitions, site):
    put(definitions, site)
    assert put(definitions, write(site, placements_yaml="home: {limit: 9}")) == [
        "change placement home",
        "remove placement pets",
    ]


def test_file_that_is_not_there_leaves_its_definitions_alone(definitions, site):
    put(definitions, site)
    (site / "consent.yaml").unlink()
    assert put(definitions, site) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("placements.yaml", "home: {limit: 0}", "placements.yaml: Placement 'home' has limit 0"),
        ("events.yaml", "events: {E: {properties: {p: colour}}}", "events.E.properties.p.type is 'colour'"),
        ("consent.yaml", "purposes: {messaging: {default: maybe}}", "'maybe'"),
        ("events.yaml", "events: [", "events.yaml cannot be read as YAML: line 1"),
        ("events.yaml", "- a", "not a list"),
        ("event.yaml", "{}", "Known files: events.yaml"),
    ],
)
def test_wrong_file_is_refused_and_nothing_is_applied(definitions, site, name, text, says):
    (site / name).write_text(text)
    with pytest.raises(BadDefinition) as refused:
        put(definitions, site)
    assert says in str(refused.value)
    assert definitions.all("placement") == []


def test_dates_in_yaml_compare_equal_when_read_again(definitions, site):
    write(site, placements_yaml="home: {title: 2024-05-01}")
    put(definitions, site)
    assert put(definitions, site) == []
