"""Docs that match the code: no dead link, and no setting, metric or command without its line."""

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PAGES = sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"), *TOP.glob("examples/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


def guide(name: str) -> str:
    return (TOP / "docs" / "guide" / f"{name}.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = [target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()]
    assert not dead


def test_every_setting_has_its_line() -> None:
    from tailorbird.shell.config import every_setting

    assert [setting.key for setting in every_setting() if setting.key not in guide("settings")] == []


def test_every_metric_has_its_line() -> None:
    from tailorbird.shell.metric_list import METRICS

    assert [metric.name for metric in METRICS if metric.name not in guide("metrics")] == []


def test_every_command_has_its_line() -> None:
    from typer.main import get_command

    from tailorbird.shell.cli.main import app

    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in commands if f"tailorbird {name}" not in guide("cli")] == []


def test_every_decision_page_names_the_losing_option() -> None:
    silent = [page.name for page in (TOP / "docs" / "why").glob("*.md") if "osing option" not in page.read_text()]
    assert not silent


def test_every_guide_is_reachable_from_the_readme() -> None:
    readme = (TOP / "README.md").read_text()
    lost = [p.name for p in (TOP / "docs" / "guide").glob("*.md") if f"docs/guide/{p.name}" not in readme]
    assert not lost
