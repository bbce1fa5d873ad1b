"""The events every plan starts with: the 28 of the public e-commerce specification (version 2), and our own.

A property is written `name:kind`, `name` alone being a string and `!name` one that is sealed as personal. `@product`
and `@products` stand for the fields of a product and for a list of products.
"""

PRODUCT = (
    "product_id sku category name brand variant price:number quantity:number coupon position:integer url image_url"
)
_ORDER = "affiliation shipping:number tax:number discount:number coupon currency @products"
_WISH = "wishlist_id wishlist_name"
_COUPON = "order_id cart_id coupon_id coupon_name"
_STEP = "checkout_id step:integer shipping_method payment_method"
_VIDEO = "video position:number total_length:number"
_PROMOTION = "promotion_id creative name position"

EVENTS = {
    # Browsing
    "Products Searched": "query:any",
    "Product List Viewed": "list_id category @products",
    "Product List Filtered": "list_id category filters:array sorts:array @products",
    # Promotions
    "Promotion Viewed": _PROMOTION,
    "Promotion Clicked": _PROMOTION,
    # Core ordering
    "Product Clicked": "@product currency value:number",
    "Product Viewed": "@product currency value:number",
    "Product Added": "cart_id @product currency value:number",
    "Product Removed": "cart_id @product currency value:number",
    "Cart Viewed": "cart_id @products",
    "Checkout Started": "order_id value:number revenue:number " + _ORDER,
    "Checkout Step Viewed": _STEP,
    "Checkout Step Completed": _STEP,
    "Payment Info Entered": "order_id " + _STEP,
    "Order Updated": "order_id total:number revenue:number " + _ORDER,
    "Order Completed": "checkout_id order_id subtotal:number total:number revenue:number " + _ORDER,
    "Order Refunded": "order_id total:number revenue:number currency @products",
    "Order Cancelled": "order_id total:number revenue:number " + _ORDER,
    # Coupons
    "Coupon Entered": "order_id cart_id coupon_id",
    "Coupon Applied": _COUPON + " discount:number",
    "Coupon Denied": _COUPON + " reason",
    "Coupon Removed": _COUPON + " discount:number",
    # Wishlisting
    "Product Added to Wishlist": _WISH + " @product",
    "Product Removed from Wishlist": _WISH + " @product",
    "Wishlist Product Added to Cart": _WISH + " cart_id @product",
    # Sharing and reviewing
    "Product Shared": "share_via !share_message !recipient @product",
    "Cart Shared": "share_via !share_message !recipient cart_id @products",
    "Product Reviewed": "product_id review_id !review_body rating",
}

OUR_EVENTS = {
    "Recommendation Viewed": "decision_id placement items:array model",
    "Recommendation Clicked": "decision_id placement product_id position:integer",
    "Consent Changed": "analytics:boolean personalization:boolean messaging:boolean purposes:object",
    "Campaign Received": "campaign_id campaign_type",
    "Coupon Redeemed": "coupon_id campaign_id order_id product_id discount:number",
    # A static list is what these say: joined last, or left last (docs/why/101-static-lists-are-events.md).
    "List Joined": "list segment version:integer",
    "List Left": "list segment version:integer",
    # What a model expects of the person, named by the call that reads it: likely('Order Completed', '14 days').
    "Prediction Made": "model value:number label version",
    "Page Scrolled": "depth:integer",
    "Page Engaged": "path seconds:number depth:integer",
    "Form Submitted": "form",
    "Video Playback Started": _VIDEO,
    "Video Playback Resumed": _VIDEO,
    "Video Playback Paused": _VIDEO,
    "Video Playback Completed": _VIDEO,
}

PAGE = "path title name category !url !referrer !search"
SCREEN = "name category"

# What the public identify specification reserves; all that describes one human being is sealed.
TRAITS = (
    "plan createdAt:datetime logins:integer !email !name !firstName !lastName !phone !username !title !avatar !website "
    "!description !birthday:datetime !age:integer !gender !address:object !company:any"
)

CONTEXT = (
    "locale timezone page.path page.title campaign.name campaign.source campaign.medium campaign.term campaign.content "
    "campaign.id library.name library.version app.name app.version app.build os.name os.version device.type "
    "device.manufacturer device.model screen.width:number screen.height:number screen.density:number referrer.type "
    "referrer.host location.country location.region "
    "network.wifi:boolean direct:boolean gpc:boolean "
    # Read by accept or known to be personal: sealed, and not worth a proposal.
    "!ip !userAgent !userAgentData:object !page.url !page.referrer !page.search !device.id !device.name "
    "!sessionId !device.advertisingId !device.token !traits:object !consent:object !groupId"
)
