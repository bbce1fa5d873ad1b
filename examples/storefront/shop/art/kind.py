"""Which shape a product has: the first rule whose words occur in its name, else in its category."""

import re
from functools import lru_cache

# By name first, because "Butter Crackers" are no butter; "shape: words" where | separates, ^ is the start of the name.
BY_NAME = """
cans: multipack can|12 pk|12 pack|beer.*pack|soda, multipack|can & bottles
soda: soda|\\bcola|2 liter|root beer|^bottles|big bottle
can: ^can\\b|single serve can|energy drink|with sweetener
juice: sweetened tea|iced tea|ice tea
popcorn: popcorn|caramel corn
magazine: magazine
newspaper: newspaper
book: book|almanac|crossword
candle: candle
card: greeting card|^cards|card|envelope|gift wrap|wrapping
balloon: balloon
puree: baby food|^baby (?:juice|cereal)|junior
nappies: diaper|training pant|wipes
baby_bottle: infant formula|baby bottle|pacifier|nurs
box: macaroni & cheese
dog: (?<!hot )(?<!corn )dogs?\\b|puppy
cat: cat food|cat snack|kitten
sack: litter|charcoal|^flour|potting|wood pellet|water softener
bird: bird
pizza: pizza(?! sauce| dough)
ice_cream: ice cream|sherbet|sorbet|frozen yogurt
popsicle: pops\\b|novelt|frozen juice bar|ice bar
sandwich: sandwich(?!.*cookie)|lunch combo|burrito|wrap\\b.*deli|sub\\b
sushi: sushi
eggs: ^eggs|egg substitute
butter: ^butter\\b(?!.*cracker)|margarine.*stick
cheese: cheese(?!.*(?:cracker|cake|macaroni|pizza|ball))
jug: milk.*1 gal|white milk|fluid milk|milk$
carton: milk|half & half|creamer|cream\\b.*whip|egg nog|soy
tub: yogurt|sour cream|cottage|dip\\b|dips\\b|margarine|spread|hummus|pudding|gelatin
pickles: pickle|relish|olive(?! oil)|pickled
peach: peach|nectarine|plum|apricot|cherr
apple: apple(?!.*(?:sauce|juice|pie|cider))
banana: banana
pineapple: pineapple|mango|kiwi|tropical|avocado
pear: ^pear|pears\\b
berries: berr(?:y|ies)(?!.*(?:juice|jam|yogurt))
grapes: grapes
melon: melon|cantaloupe|honeydew
citrus: ^orange|lemon(?!ade)|lime\\b|grapefruit|tangerine|clementine|citrus
tomato: ^tomato(?!.*(?:sauce|paste|soup|puree))|tomatoes(?!.*(?:canned|diced|paste))
corn: corn on|sweet corn|^corn\\b(?!.*(?:chip|meal|dog))
carrot: carrot
potato: potato(?!.*(?:chip|crisp|mix|instant|salad))
onion: onion(?!.*ring)|garlic(?!.*(?:bread|salt))
mushroom: mushroom(?!.*(?:soup|sauce|can))
pepper: bell pepper|^peppers|green pepper
broccoli: broccoli|cauliflower
squash: squash|zucchini|pumpkin(?!.*pie)
salad: lettuce|salad mix|spinach|greens|cabbage|celery|^salad\\b
herbs: herb|parsley|cilantro|basil
shrimp: shrimp|lobster|crab|shellfish|scallop
fish: salmon|tilapia|catfish|cod\\b|fillet|fish(?!.*(?:food|cracker))|trout
flat_tin: tuna|sardine|canned (?:cat|sea)
bacon: bacon(?! bits)
sausage: sausage|frank|hot dog(?!.*bun)|bratwurst|wiener|link
drumstick: chicken(?!.*(?:soup|broth|noodle|dinner))|turkey(?!.*(?:lunch|slice))|wings?\\b|poultry|duck
rolls: buns|rolls(?!.*(?:paper|sweet))|bagel|muffin|biscuit
baguette: french bread|italian|baguette|breadstick
croissant: croissant|danish|sweet roll|coffee cake|strudel|cinnamon
pastry: donut|doughnut
bread: bread(?!.*(?:crumb|mix))|loaf|toast|tortilla(?!.*chip)|pita
cake: cake(?!.*(?:mix|pan|rice|pancake))|cupcake
pie: ^pie|pies\\b|cobbler|tart\\b
cookie: cookie|brownie
crackers: cracker|pretzel|rice cake
bar: candy bar|chocolate bar|snack bar|granola bar|nutrition.*bar|bars\\b
sweets: candy|candies|gum\\b|mints|chocolate|lollipop|cough drop
nuts: nuts\\b|almond|peanuts|cashew|pecan|walnut|pistachio
jar: peanut butter|jam\\b|jelly|preserve|honey\\b|salsa|pasta sauce|spaghetti sauce
oil: oil\\b|vinegar|shortening
dressing: dressing|marinade
sauce: ketchup|catsup|mustard|mayo|bbq|sauce
syrup: syrup|molasses
spice: spice|season|salt\\b|pepper\\b|extract|cinnamon
pasta: pasta|spaghetti|macaroni|noodle|lasagna
peas: frozen (?:veg|corn|bean|potato|fruit)|fries|tater
coffee: coffee(?!.*(?:filter|maker|cake|creamer))
tea: \\btea\\b|teas\\b|cocoa
shaker: powder.*drink|drink.*powder|mix.*drink|isotonic drinks powder
water: water(?!.*(?:melon|ice|soften))|isotonic|sports drink
juice: juice|lemonade|cider|nectar
wine: wine|champagne|chardonnay|merlot
beer: beer|\\bale\\b|\\bales\\b|malt
spirits: whisk|vodka|rum\\b|gin\\b|liquor|brandy|tequila|bourbon
roll: toilet|bath tissue
towel: paper towel
tissues: tissue|napkin
foil: foil|plastic wrap|storage bag|sandwich bag|freezer bag|wax paper
bin_bag: trash|leaf bag|garbage
cups: plates|cups\\b|cutlery|straws
bulb: light bulb|bulbs
battery: batter(?:y|ies)
tube: toothpaste|dental gel|hand cream
brush: toothbrush|floss
stick: deodorant|antiperspirant|lip balm
soap: bar soap|^soap
pump: hand soap|lotion|body wash|sanitizer
razor: razor|blades|shav
plaster: bandage|gauze|tape\\b
roses: rose
"""
BY_CATEGORY = """
cans: soft drinks
water: water|isotonic
can: new age|beverage
beer: beer
wine: wine
spirits: liquor
juice: juice
carton: milk|non-dairy
tub: cream & cottage|yogurt|margarine|dairy|refrigerated|dips
butter: butter
cheese: cheese
eggs: eggs
ice_cream: ice cream$|frozen pie
popsicle: ice cream bars
ice: ^ice$
flat_box: frozen dinner|frozen breakfast|frozen meat|heat & serve|frozen package
peas: frozen
pizza: pizza
bag: chips|snack|popcorn
bar: bars
crackers: cracker|rice cakes
cookie: cookie
sweets: candy
nuts: nuts
box: cereal|baking mix|dinner mix|dessert|pancake|rice, beans|gravy|mixes|breakfast|pantry|restricted
sack: flour|sugar|baking
tin: soup|canned|beans
flat_tin: canned fish
jar: jam|pasta sauce|mexican|topping
pickles: pickle|olives
sauce: sauce|condiment
dressing: dressing|spreads
oil: oil
spice: spice
coffee: coffee
tea: tea|cocoa
pasta: pasta
steak: beef|veal|lamb|exotic game
chop: pork|smoked|meats
ham: lunch meat|deli meat|pepperoni|meat snacks|raw fresh
drumstick: chicken|turkey|poultry
sausage: sausage|hot dogs
bacon: bacon
fish: seafood|fish
bowl: salads|prepared|salad bar|deli spec
tray: tray|deli snacks
sandwich: sandwich
sushi: sushi
bread: bread
rolls: rolls|dough
cake: cake
pie: pies
croissant: sweets|sweet goods
apple: apples
citrus: citrus
berries: berries
banana: tropical
grapes: grapes
melon: melon
pear: pears
peach: stone fruit|cut fruit
salad: salad|lettuce|greens|cut vegetables
carrot: carrot
potato: potato
onion: onion
mushroom: mushroom
pepper: peppers
tomato: tomato
corn: corn
broccoli: broccoli|fresh vegetables|organic
squash: squash|seasonal$
herbs: herbs
flowers: flower|rose|bouquet|floral|gift & fruit
plant: plant|lily|garden center
garden: lawn
balloon: balloon
glasses: vase|glassware
detergent: laundry|bleach|dishwash
spray: cleaning|^air care|insect|ironing
roll: toilet
towel: paper towels
tissues: tissue
foil: wraps|foil
bin_bag: trash
cups: paper housewares|plastic housewares
broom: broom
pan: cookware
gadget: kitchen gadgets|canning
battery: batteries
bulb: electrical
tool: hardware|extras|dollar
wheel: automotive
sack: charcoal
candle: candles
plug: appliance
shirt: apparel|sports|shoe|domestic
pouch: dried fruit|natural pantry|pet care
socks: hosiery
camera: film
disc: audio
toy: toy
tree: christmas
pumpkin: halloween
heart: valentine
easter_egg: easter
sun: spring|suntan|fireworks
leafy: ^fall
card: cards
pencil: stationery
book: book
magazine: magazine
newspaper: newspaper
gift: party|home furnishing|watches|sewing|non edible
makeup: makeup|cosmetic
perfume: fragrance
shampoo: hair|ethnic
brush: oral
stick: deodorant
soap: ^soap|natural care
pump: skin care|bath
razor: shav
pills: vitamin|cold|analgesic|antacid|laxative|sinus|dietary|fitness|smoking|health|family
plaster: first aid|foot
spectacles: glasses|eye
nappies: diaper|feminine|incontinence
puree: baby ?food
baby_bottle: baby|infant
dog: dog
cat: cat
bird: bird|pet
tube: care
gift: gift
"""
ALIASES = {"roses": "flowers"}
# What grows has the colour of its kind: the index of the shape's first choice of colours.
LOOKS = {
    "berries": ("strawberr", "blueberr", "raspberr", "blackberr"),
    "citrus": ("orange", "lemon", "lime", "grapefruit"),
    "apple": ("red delicious", "gala", "granny", "fuji", "braeburn", "golden"),
    "pepper": ("red", "yellow", "green", "orange"),
    "grapes": ("black", "white", "red", "concord"),
    "melon": ("watermelon", "cantaloupe", "honeydew"),
    "onion": ("yellow", "red", "white"),
    "peach": ("peach", "nectarine", "plum", "apricot"),
    "broccoli": ("broccoli", "cauliflower"),
    "fish": ("salmon", "tuna", "trout"),
    "wine": ("", "red", "", "white"),
}


def _compiled(rules: str) -> list[tuple[str, re.Pattern[str]]]:
    lines = [line.partition(": ") for line in rules.strip().splitlines()]
    return [(shape, re.compile(words)) for shape, _, words in lines]


_BY_NAME, _BY_CATEGORY = _compiled(BY_NAME), _compiled(BY_CATEGORY)
# Aisles whose goods are no food whatever their names say: an apple-scented candle is a candle.
_CATEGORY_ONLY = re.compile(
    r"care|hair|rice cake|cocoa|sewing|sports|furnish|shoe|non edible|dinnerware|soap|candle|air|clean|makeup|bath|"
    r"vitamin|card|toy|apparel|sock|oral|deodor|christmas|halloween|easter|"
    r"valentine|season|pet|cold and|sinus|film|housewares|cookware|kitchen|lawn|garden|auto|hardware|fragrance|suntan|"
    r"laundry|bleach|dish|insect|canned|soup|frozen pizza|beers|wine|spices|candy|cookies|snack|mexican"
)


@lru_cache(maxsize=100_000)
def shape_of(name: str, category: str) -> str:
    """The shape's name.

    >>> shape_of("White Milk, 1 gal", "Milk"), shape_of("Butter Crackers, 13 oz", "Crackers"), shape_of("?", "?")
    ('jug', 'crackers', 'basket')
    """
    by_name, by_category = (name.lower(), _BY_NAME), (category.lower(), _BY_CATEGORY)
    order = (by_category, by_name) if _CATEGORY_ONLY.search(category.lower()) else (by_name, by_category)
    for text, rules in order:
        for shape, words in rules:
            if words.search(text):
                return ALIASES.get(shape, shape)
    return "basket"


def look_of(shape: str, name: str) -> int | None:
    """Which of the shape's colours the name asks for, if it does.

    >>> look_of("citrus", "Lemons"), look_of("citrus", "Assorted")
    (1, None)
    """
    words = name.lower()
    return next((index for index, word in enumerate(LOOKS.get(shape, ())) if word and word in words), None)
