"""What a shopper reads on the cards."""

import pytest

from tailorbird.shell.demo.makers import maker_name
from tailorbird.shell.demo.names import category_name, item_name, size_name


@pytest.mark.parametrize(
    ("label", "category", "size", "name"),
    [
        ("FLUID MILK WHITE ONLY", "FLUID MILK PRODUCTS", "1 GA", "White Milk, 1 gal"),
        ("SW GDS:DONUTS", "BREAKFAST SWEETS", "6 CT", "Donuts, 6 ct"),
        ("POTATOES RUSSET (BULK&BAG)", "POTATOES", "5 LB", "Russet Potatoes, 5 lb"),
        ("LEAN", "BEEF", None, "Lean Ground Beef"),
        ("SPAGHETTI DRY", "DRY NOODLES/PASTA", "16 OZ", "Dry Spaghetti, 16 oz"),
        ("CHIX: ROTISSERIE (HOT)", "CHICKEN/POULTRY", None, "Rotisserie Chicken"),
        ("TV/MOVIE-MAGAZINE", "MAGAZINE", None, "TV & Movie Magazine"),
        ("AIR CARE - CANDLES", "AIR CARE", "1 CT", "Candles Air Freshener, 1 ct"),
        ("PREMIUM", "BACON", "16 OZ", "Premium Bacon, 16 oz"),
        ("VEGETABLE SALADS - BULK", "SALADS/DIPS", None, "Vegetable Salads"),
    ],
)
def test_labels_of_the_till_read_like_names(label, category, size, name):
    assert item_name(label, category, size) == name


@pytest.mark.parametrize(
    ("size", "reads"),
    [
        (".5 OZ", "0.5 oz"), ("10 3/4 OZ", "10 3/4 oz"), ("PT", "1 pt"), ("12 PK/12 OZ", "12 pack / 12 oz"),
        ("985739  PK", ""), ("L    12 OZ", ""), ("600 4 LB", ""), ("CTN", ""), ("04480 4 PK", ""), (None, ""), ("", ""),
    ],
)  # fmt: skip
def test_sizes_are_read_or_left_out(size, reads):
    assert size_name(size) == reads


def test_no_category_is_called_by_its_shorthand():
    assert category_name("FRZN VEGETABLE/VEG DSH") == "Frozen Vegetables"
    assert category_name("SYRUPS/TOPPINGS") == "Syrups & Toppings"


def test_house_brand_is_one_maker():
    assert maker_name(1, "Private") == maker_name(2, "Private") != maker_name(1, "National")
