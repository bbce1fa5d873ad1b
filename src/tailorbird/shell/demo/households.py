"""What is known of households besides their baskets: who they are, what was mailed to them, which coupons they used."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from tailorbird.events import DAY_MS, HOUR_MS
from tailorbird.shell.demo.lines import Lines
from tailorbird.shell.demo.orders import Sent
from tailorbird.shell.demo.source import SHOP_UTC_OFFSET_MS, Source, millis
from tailorbird.shell.demo.week import Shift

_TRAITS = ["age", "income", "home_ownership", "marital_status", "household_size", "household_comp", "kids_count"]
# The data has only days: mail comes at eight in the morning.
_MAIL_MS = SHOP_UTC_OFFSET_MS + 8 * HOUR_MS
_NOON_MS = SHOP_UTC_OFFSET_MS + 12 * HOUR_MS

_json = msgspec.json.encode


def identifies(source: Source, first_seen: dict[int, int], shift: Shift) -> Iterator[Sent]:
    """The demographics of 801 households as `identify`, a second before anything else is heard of them."""
    for row in source.rows("demographics", ["household_id", *_TRAITS]):
        household = row.pop("household_id")
        if household not in first_seen:
            continue
        at = first_seen[household] - 1000
        traits = {name: value for name, value in row.items() if value is not None}
        body = {"type": "identify", "traits": traits}  # the data says nothing of when it was asked
        yield _sent(at, household, f"household-{household}", body, shift)


def campaigns(source: Source, households: set[int], shift: Shift) -> Iterator[Sent]:
    """`Campaign Received` for every household a campaign was mailed to, on the day it starts."""
    described = source.table("campaign_descriptions", ["campaign_id", "campaign_type", "start_date"])
    starts = dict(zip(described["campaign_id"].to_pylist(), millis(described["start_date"]).tolist(), strict=True))
    kinds = dict(zip(described["campaign_id"].to_pylist(), described["campaign_type"].to_pylist(), strict=True))
    for row in source.rows("campaigns", ["campaign_id", "household_id"]):
        campaign, household = row["campaign_id"], row["household_id"]
        if household not in households:
            continue
        properties = {"campaign_id": str(campaign), "campaign_type": kinds[campaign]}
        body = _track("Campaign Received", starts[campaign] + _MAIL_MS, properties, shift)
        yield _sent(starts[campaign] + _MAIL_MS, household, f"campaign-{campaign}-{household}", body, shift)


def redemptions(source: Source, baskets: dict[tuple[int, int], tuple[int, int]], shift: Shift) -> Iterator[Sent]:
    """`Coupon Redeemed`: at the time of the basket it was used in, as far as that day has one, else at noon."""
    for row in redeemed(source):
        household, coupon, day = row["household_id"], row["coupon_upc"], row["day"]
        basket, at = baskets.get((household, day), (None, day * DAY_MS + _NOON_MS))
        properties = {"coupon_id": str(coupon), "campaign_id": str(row["campaign_id"])}
        if basket is not None:
            properties["order_id"] = str(basket)
        message_id = f"coupon-{row['campaign_id']}-{coupon}-{household}-{day}"
        yield _sent(at, household, message_id, _track("Coupon Redeemed", at, properties, shift), shift)


def redeemed(source: Source) -> list[dict[str, Any]]:
    """The redemptions, with `day` as days since 1970 in the shop's own calendar."""
    table = source.table("coupon_redemptions", ["household_id", "coupon_upc", "campaign_id", "redemption_date"])
    days = (millis(table["redemption_date"]) // DAY_MS).tolist()
    rows = table.drop_columns(["redemption_date"]).to_pylist()
    return [{**row, "day": day} for row, day in zip(rows, days, strict=True)]


def baskets_by_day(lines: Lines) -> dict[tuple[int, int], tuple[int, int]]:
    """(household, the shop's day) -> (basket, time): the basket with the most coupons of that day."""
    basket, start = np.unique(lines.basket, return_index=True)
    order = np.argsort(start)
    coupons = np.add.reduceat(lines.coupon, start[order])
    at, household = lines.at[start[order]], lines.household[start[order]]
    day = (at - SHOP_UTC_OFFSET_MS) // DAY_MS
    best = np.lexsort((at, coupons))  # the last one written wins: most coupons, then latest
    columns = (household, day, basket[order], at)
    return {(h, d): (b, t) for h, d, b, t in zip(*(column[best].tolist() for column in columns), strict=True)}


def _track(event: str, at: int, properties: dict[str, Any], shift: Shift) -> dict[str, Any]:
    return {
        "type": "track",
        "event": event,
        "properties": {**properties, "original_timestamp": shift.original(at)},
    }


def _sent(at: int, household: int, message_id: str, body: dict[str, Any], shift: Shift) -> Sent:
    call = {**body, "messageId": message_id, "userId": str(household), "timestamp": shift.iso(at)}
    return Sent(at, household, message_id, _json(call))
