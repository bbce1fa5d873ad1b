"""Fifty segments as a shop of some size would have them, over the events of `benchmarks.traffic`; some with traits.

About two in three can be moved by a view, a click or something added to the cart, which is all that the traffic sends;
the others wait for orders, coupons and mail, or for time alone, and cost what they cost while nothing of theirs comes.
"""

TRAITS = {
    "orders_90d": "orders('90 days')",
    "spend_365d": "sum('Order Completed', 'revenue', '365 days')",
    "average_order": "avg('Order Completed', 'revenue')",
    "views_7d": "count('Product Viewed', '7 days')",
    "added_30d": "count('Product Added', '30 days')",
    "cart_value_7d": "sum('Product Added', price * quantity, '7 days')",
    "favourite_category": "most_frequent('Product Viewed', 'category', '90 days')",
    "days_since_view": "days_since('Product Viewed')",
    "engagement": "score(0.5 * recency('Product Viewed', half_life => '7 days') + 0.02 * views_7d + 0.1 * added_30d)",
    "buying_rate": "count('Product Added', '30 days') / nullif(count('Product Viewed', '30 days'), 0)",
}

SEGMENTS = {
    # How much they buy
    "new_customer": "first_time('Order Completed', '30 days')",
    "one_order_only": "orders() = 1",
    "repeat_buyer": "orders() >= 2",
    "high_value": "orders_90d >= 3 and spend_365d > 500",
    "big_baskets": "average_order >= 80 and orders() >= 3",
    "bargain_hunter": "avg('Product Added', 'price', '90 days') < 4 and added_30d >= 5",
    "premium_taste": "avg('Product Viewed', 'price', '30 days') > 8",
    "coupon_user": "count('Coupon Redeemed', '90 days') >= 2",
    "never_ordered": "orders() = 0 and count('Product Added') > 0",
    "spends_more": "sum('Order Completed', 'revenue', '30 days') > 2 * avg('Order Completed', 'revenue', '180 days')",
    # How they browse
    "browsing_now": "count('Product Viewed', '30 minutes') >= 3",
    "heavy_browser": "views_7d >= 20",
    "window_shopper": "views_7d >= 10 and added_30d = 0",
    "curious": "distinct('Product Viewed', 'category', '30 days') >= 4",
    "comparing": "distinct('Product Viewed', 'product_id', '1 day', where => category = 'coffee') >= 3",
    "brand_explorer": "distinct('Product Viewed', 'brand', '30 days') >= 8",
    "deep_in_the_list": "max('Product Clicked', 'position', '7 days') >= 18",
    "top_of_the_list": "count('Product Clicked', '30 days', where => position <= 3) >= 5",
    "looks_at_dear_things": "count('Product Viewed', '14 days', where => price >= 9) >= 3",
    "clicks_a_lot": "count('Product Clicked', '7 days') >= 10",
    "from_the_newsletter": "count('Product Viewed', '7 days', where => context.campaign.medium = 'email') >= 2",
    "british": "last('Product Viewed', context.locale) = 'en-GB'",
    "first_visit_lately": "first_time('Product Viewed', '7 days')",
    "regular_visitor": "regular('Product Viewed', 3, of => 4, every => '7 days')",
    "every_day": "periods('Product Viewed', of => 7, every => '1 day') >= 6",
    # What they lean to
    "coffee_lover": "affinity('category', 'coffee') > 0.6",
    "tea_over_coffee": "affinity('category', 'tea') > affinity('category', 'coffee')",
    "fruit_fan": "affinity('category', 'fruit') > 0.55 and count('Product Added', where => category = 'fruit') > 0",
    "loyal_to_brand_7": "affinity('brand', 'brand 7') > 0.7",
    "bread_and_cheese": "favourite_category in ('bread', 'cheese')",
    "household_goods": "count('Product Viewed', '30 days', where => category in ('soap', 'paper')) >= 4",
    "milk_in_the_cart": "last('Product Added', 'category', '7 days') = 'milk'",
    "buys_what_they_see": "buying_rate between 0.5 and 2",
    "bulk_buyer": "max('Product Added', 'quantity', '90 days') >= 3",
    # What they did in order, and what they left
    "abandoned_cart": "absent('Product Added', then => 'Order Completed', within => '1 hour')",
    "abandoned_lately": "absent('Product Added', then => 'Order Completed', within => '1 hour', until => '7 days')",
    "looked_then_added": "sequence('Product Viewed', 'Product Added', within => '1 hour')",
    "view_click_add": "sequence('Product Viewed', 'Product Clicked', 'Product Added', within => '2 hours')",
    "same_product_added": "sequence('Product Viewed', 'Product Added', within => '1 day', key => 'product_id')",
    "left_after_clicks": "absent('Product Clicked', then => 'Product Added', within => '2 hours', until => '3 days')",
    # Who comes, goes and comes back
    "cooling_down": "days_since_view between 14 and 60",
    "drifting_away": "days_since('Order Completed') between 30 and 90 and segment('regular_visitor')",
    "lapsed": "stopped('Order Completed', after => '90 days')",
    "came_back": "restarted('Product Viewed', after => '30 days', within => '7 days')",
    "mail_ignored": "count('Campaign Received', '60 days') >= 3 and count('Coupon Redeemed', '60 days') = 0",
    # Put together
    "engaged": "engagement > 0.6",
    "hot_lead": "segment('engaged') and segment('looked_then_added') and cart_value_7d > 15",
    "worth_a_voucher": "segment('abandoned_lately') and cart_value_7d >= 10 and not segment('coupon_user')",
    "quiet_but_valuable": "segment('high_value') and (days_since_view > 21 or days_since_view is null)",
    "test_group_a": "random_bucket('autumn') < 10 and views_7d > 0",
}  # fmt: skip
