"""The OpenAPI document, believed by schemathesis: what it says is sent to every endpoint, and nothing may break."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = pytest.mark.slow
NEVER = (500, 501, 502, 504)
CALLS = settings(
    max_examples=15, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def test_documented_calls_never_break(shop) -> None:
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{shop.port}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 25
    for operation in operations:
        fuzz(operation, shop.key)


def fuzz(operation, key: str) -> None:
    @CALLS
    @given(case=operation.as_strategy())
    def never_breaks(case) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {key}"}, timeout=10)
        assert answer.status_code not in NEVER, f"{operation.label}: {answer.text}"

    never_breaks()
