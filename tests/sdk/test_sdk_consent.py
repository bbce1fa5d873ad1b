"""No purpose, no use: what a visitor withheld does not leave the page."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow
GPC = "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})"


def test_withdrawal_is_told_and_nothing_after_it(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    shop.wait_for("page")
    page.evaluate("tailorbird.track('Before'); tailorbird.consent({analytics: false}); tailorbird.track('After')")
    said = shop.wait_for("Consent Changed")
    visit("<div data-placement='home'></div>", path="/next").wait_for_timeout(1300)
    visit(path="/third")
    assert said["context"]["consent"]["categoryPreferences"] == {"analytics": False}
    assert [event.get("event", event["type"]) for event in shop.events] == ["page", "Consent Changed"]


def test_consent_given_again_is_told_and_tracking_resumes(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    page.evaluate(
        "tailorbird.consent({analytics: false}); tailorbird.consent({analytics: true}); tailorbird.track('Back')"
    )
    assert shop.wait_for("Back")


def test_without_personalization_nobody_is_named_in_a_decision(visit: Callable[..., Any], shop: Any) -> None:
    page = visit()
    page.evaluate("tailorbird.consent({personalization: false}); tailorbird.decide({placements: ['home']})")
    shop.wait_for("Consent Changed")
    page.wait_for_timeout(200)
    assert shop.asked[0]["person"] == {}


def test_global_privacy_control_is_a_withdrawal(visit: Callable[..., Any], shop: Any, page: Any) -> None:
    page.add_init_script(GPC)
    visit("<div data-placement='home'></div>").wait_for_timeout(1300)
    assert shop.events == []
    assert shop.asked[0]["person"] == {}
    assert page.evaluate("document.cookie") == ""


def test_explicit_consent_outweighs_the_browsers_signal(visit: Callable[..., Any], shop: Any, page: Any) -> None:
    page.add_init_script(GPC)
    visit().evaluate("tailorbird.consent({analytics: true}); tailorbird.track('Allowed')")
    assert shop.wait_for("Allowed")


def test_opt_in_sites_wait_for_consent(visit: Callable[..., Any], shop: Any) -> None:
    page = visit(options='data-consent="required"')
    page.wait_for_timeout(300)
    assert shop.events == []
    page.evaluate("tailorbird.consent({analytics: true}); tailorbird.page()")
    assert shop.wait_for("page")
