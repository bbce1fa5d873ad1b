import re
from pathlib import Path

TOP = Path(__file__).parents[2]
SOURCES = [path.read_text() for path in (TOP / "src" / "tailorbird" / "collect").rglob("*.py")]
GUIDE = (TOP / "docs" / "guide" / "collect.md").read_text()


def test_every_reason_for_a_refusal_is_explained() -> None:
    reasons = {reason for source in SOURCES for reason in re.findall(r'Refused\(\s*"(\w+)"', source)}
    assert {reason for reason in reasons if f"| `{reason}` |" not in GUIDE} == set()
    assert len(reasons) == 13


def test_every_route_is_listed() -> None:
    from tailorbird.collect.dialects.segment import ROUTES

    assert [route for route in ROUTES if f"`{route}`" not in GUIDE and f"POST {route}`" not in GUIDE] == []


def test_every_type_is_explained() -> None:
    from tailorbird.collect.kinds import COERCE

    plan_page = (TOP / "docs" / "guide" / "tracking-plan.md").read_text()
    assert [kind for kind in COERCE if f"| `{kind}` |" not in plan_page] == []


def test_the_example_plan_loads() -> None:
    import yaml

    from tailorbird.collect.plan import TrackingPlan

    page = (TOP / "docs" / "guide" / "tracking-plan.md").read_text()
    plan = TrackingPlan.load(yaml.safe_load(page.split("```yaml\n")[1].split("```")[0]))
    assert plan.events["Quiz Done"].unknown == "reject"
    assert plan.events["Order Completed"].rules["gift_note"].personal
