"""Settings: file < environment < argument, and whatever is unknown is refused by name."""

from pathlib import Path

import pytest

from tailorbird.errors import BadDefinition
from tailorbird.shell.config import Settings, every_setting, load_settings


def test_argument_beats_environment_beats_file(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("http: {port: 1, workers: 2, host: '::1'}")
    found = load_settings(tmp_path, {"TAILORBIRD_HTTP_PORT": "3", "TAILORBIRD_HTTP_WORKERS": "4"}, ["http.port=5"]).http
    assert (found.port, found.workers, found.host) == (5, 4, "::1")


def test_empty_file_and_foreign_variables_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("# nothing yet\n")
    assert load_settings(tmp_path, {"TAILORBIRD_DATA": "/x", "HOME": "/"}) == Settings()


@pytest.mark.parametrize(
    ("argument", "said"),
    [("http.prt=1", "prt"), ("nothing.x=1", "nothing"), ("http.port=many", "http.port"), ("http.port", "http.port"),
     ("http.workers=0", ">= 1"), ("logs.level=loud", "loud")],
)  # fmt: skip
def test_wrong_argument_is_named_with_what_is_known(argument: str, said: str) -> None:
    with pytest.raises(BadDefinition, match=said):
        load_settings(None, {}, [argument])


@pytest.mark.parametrize("text", ["- a list", "http: [", "http: 5", "\x00"])
def test_file_that_is_no_settings_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.yaml").write_text(text)
    with pytest.raises(BadDefinition, match=r"settings\.yaml"):
        load_settings(tmp_path, {})


def test_wrong_environment_is_named() -> None:
    with pytest.raises(BadDefinition, match="environment"):
        load_settings(None, {"TAILORBIRD_HTTP_PORTT": "1"})


def test_lists_and_null_can_be_given_as_text() -> None:
    found = load_settings(None, {}, ['http.cors_origins=["https://a", "https://b"]', "console.port=null"])
    assert found.http.cors_origins == ("https://a", "https://b")
    assert found.console.port is None


def test_every_setting_says_what_it_does() -> None:
    assert all(len(setting.doc) > 10 for setting in every_setting())
