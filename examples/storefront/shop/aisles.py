"""The shop's own signage: aisles, and the catalogue's categories that stand in each."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Aisle:
    slug: str
    name: str
    line: str  # what the sign says below the name
    categories: tuple[str, ...]
    shapes: tuple[str, ...]  # the still life on its sign
    tile: int

    @property
    def url(self) -> str:
        return f"/aisle/{self.slug}"

    @property
    def stills(self) -> list[str]:
        """The pictures on the sign; "berries:0" asks for the shape's first choice of colours."""
        named = (shape.partition(":") for shape in self.shapes)
        return [f"/art/{shape}/{self.slug}-{shape}.svg" + (f"?look={look}" if look else "") for shape, _, look in named]


def _aisle(name: str, line: str, categories: str, shapes: str, tile: int) -> Aisle:
    slug = name.lower().replace(" & ", "-").replace(" ", "-")
    return Aisle(slug, name, line, tuple(part.strip() for part in categories.split(";")), tuple(shapes.split()), tile)


AISLES = (
    _aisle(
        "Fruit & vegetables", "Picked, washed, piled high",
        "Apples; Berries; Citrus; Tropical Fruit; Grapes; Melons; Pears; Stone Fruit; Tomatoes; "
        "Lettuce & Salad Greens; Salad Mix; Potatoes; Onions; Carrots; Peppers; Mushrooms; "
        "Broccoli & Cauliflower; Corn; Squash; Herbs; Nuts; "
        "Fresh Vegetables; Cut Fruit; Cut Vegetables; Organic Produce; Dried Fruit",
        "berries:0 broccoli:0 citrus:0", 3,
    ),
    _aisle(
        "Dairy & eggs", "From milk to more cheese",
        "Milk; Cheese; Yogurt; Eggs; Butter; Margarines; Cream & Cottage Cheese; Dairy Specialties; Chilled Juices; "
        "Non-Dairy Beverages; Refrigerated Dough Products",
        "jug cheese eggs", 2,
    ),
    _aisle(
        "Bakery", "Still warm, most mornings",
        "Bread; Bread, Buns & Rolls; Rolls; Breakfast Sweets; Sweet Goods & Snacks; Cakes; Cookies; Pies; "
        "Baked Sweet Goods; Bakery Party Trays",
        "bread croissant cake", 5,
    ),
    _aisle(
        "Meat & fish", "The counter at the back",
        "Beef; Chicken; Pork; Turkey; Lamb; Bacon; Lunch Meat; Deli Meats; Hot Dogs; Dinner Sausage; Smoked Meats; "
        "Breakfast Sausage & Sandwiches; Frozen Meat; Fresh Seafood; Frozen Seafood; Canned Fish",
        "steak fish drumstick", 1,
    ),
    _aisle(
        "Deli & ready meals", "Nobody has to cook tonight",
        "Deli Cheese; Salads & Dips; Sandwiches; Sushi; Prepared Food; Chicken & Poultry; Party Trays; "
        "Deli Specialties; Heat & Serve; Snacks",
        "sandwich sushi bowl", 3,
    ),
    _aisle(
        "Pantry", "Everything that keeps",
        "Soup; Pasta Sauce; Dry Noodles & Pasta; Canned Vegetables; Canned Beans; Canned Fruit; Rice, Beans & Sides; "
        "Mexican & Latin; Condiments & Sauces; Dressings & Spreads; Peanut Butter & Jam; Spices & Extracts; "
        "Cooking Oil; Flour & Meals; Sugars & Sweeteners; Baking Needs; Baking Mixes; Dinner Mixes; "
        "Pickles & Relish; Olives",
        "jar pasta tin", 0,
    ),
    _aisle(
        "Breakfast", "The first meal of the day",
        "Cold Cereal; Hot Cereal; Breakfast & Snack Bars; Syrup & Pancake Mixes; Frozen Breakfast Foods; Coffee; Teas; "
        "Cocoa Mixes",
        "box coffee syrup", 0,
    ),
    _aisle(
        "Snacks & sweets", "For the sofa",
        "Chips & Snacks; Crackers; Cookies & Cones; Packaged Candy; Candy Bars & Gum; Popcorn; Snack Nuts; "
        "Snack Mixes; Natural Snacks; Dry Mix Desserts",
        "bag cookie popcorn", 5,
    ),
    _aisle(
        "Drinks", "Cold ones and warm ones",
        "Soft Drinks; Water; Canned Juices; Isotonic Drinks; Drink Mixes; Coffee; Teas; Beers & Ales; Domestic Wine; "
        "Imported Wine; More Wine; Liquor",
        "soda juice cans", 2,
    ),
    _aisle(
        "Freezer", "Dinner in ten minutes",
        "Ice Cream; Ice Cream Bars & Pops; Frozen Pizza; Frozen Dinners; Frozen Vegetables; Frozen Potatoes; "
        "Frozen Pie & Desserts; Frozen Bread & Dough; Frozen Fruits; Frozen Juice; Ice",
        "ice_cream pizza popsicle", 4,
    ),
    _aisle(
        "Home & cleaning", "Paper, soap and elbow grease",
        "Laundry Detergents; Laundry Additives; Household Cleaning Needs; Dishwash Detergents; Toilet Paper; "
        "Paper Towels; Tissues & Napkins; Wraps & Trash Bags; Paper Housewares; Air Care; Candles & Accessories; "
        "Batteries; Kitchen Gadgets; Cookware & Bakeware; Brooms and Mops",
        "detergent roll broom", 4,
    ),
    _aisle(
        "Care & baby", "For skin, hair and small people",
        "Hair Care Products; Oral Hygiene Products; Skin Care; Soap; Deodorants; Shaving Care Products; Makeup; "
        "Vitamins; Analgesics; Cold and Flu; First Aid Products; Baby Foods; Diapers & Disposables; Baby Care",
        "pump baby_bottle brush", 1,
    ),
    _aisle(
        "Pets & flowers", "For those who wait at home",
        "Dog Foods; Cat Food; Pet Care Supplies; Cat Litter; Bird Seed; Cut Flowers; Roses; Flowering Plants; "
        "House Plants; Balloons; Cards & Party Supplies",
        "dog cat flowers", 3,
    ),
)  # fmt: skip

BY_SLUG = {aisle.slug: aisle for aisle in AISLES}
BY_CATEGORY = {category: aisle for aisle in reversed(AISLES) for category in aisle.categories}


def category_url(category: str) -> str:
    """The address of a category's page.

    >>> category_url("Bread, Buns & Rolls")
    '/category/Bread%2C%20Buns%20%26%20Rolls'
    """
    return f"/category/{quote(category, safe='')}"
