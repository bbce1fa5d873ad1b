"""What the demo's shop declares over the built-in tracking plan: all of it plain, for the data names nobody."""

from typing import Any

_WHEN = {"original_timestamp": {"type": "datetime", "description": "the time in 2017, before the shift into this year"}}

DEMO_PLAN: dict[str, Any] = {
    "events": {
        "Order Completed": {"properties": _WHEN},
        "Campaign Received": {"properties": {"campaign_id": "string", "campaign_type": "string", **_WHEN}},
        "Coupon Redeemed": {
            "properties": {"coupon_id": "string", "campaign_id": "string", "order_id": "string", **_WHEN}
        },
    },
    "traits": {
        "age": {"type": "string", "personal": False},
        "income": {"type": "string"},
        "home_ownership": {"type": "string"},
        "marital_status": {"type": "string"},
        "household_size": {"type": "string"},
        "household_comp": {"type": "string"},
        "kids_count": {"type": "string"},
    },
}
