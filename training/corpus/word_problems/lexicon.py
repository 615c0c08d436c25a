"""Who and what the problems are about: people, things, containers, places, activities."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tora_agent.training.corpus.word_problems.inflection import Noun, Verb, noun, phrases, tokens, verb


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a story: a name ("Tom"), or a role ("the baker") that enters as "a baker"."""

    name: str
    female: bool
    role: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def variable(self) -> str:
        """The name as a program writes it."""
        return self.name.removeprefix("the ").replace(" ", "_").lower()


GIRLS = tokens("""
Abigail Adaeze Aisha Alice Alyssa Amelia Amina Amy Ana Andrea Angela Anika Anna Aria Ashley Ava Beth Bianca Brenda
Camila Carla Carmen Carol Charlotte Chloe Claire Clara Cora Cynthia Daisy Dana Debby Deborah Diana Donna Dora Elena
Eliza Ella Ellen Emily Emma Erica Esther Eva Faith Farah Fatima Faye Fiona Frances Gina Grace Gwen Haley Hannah
Heather Heidi Helen Holly Ida Ines Irene Iris Isabel Ivy Jada Jane Janet Jasmine Jenna Jenny Jessica Jill Joan Joy
Joyce Judy Julia June Karen Kate Katie Kayla Keiko Kelly Kim Lana Lara Laura Leah Lena Lily Linda Lisa Lola Lucia
Lucy Luna Lydia Madison Maggie Mandy Margaret Maria Mary Maya Megan Mei Melanie Melissa Mia Mila Mina Molly Monica
Nadia Nancy Naomi Natalie Nina Noor Nora Olga Olivia Paige Pam Patricia Paula Penny Phoebe Priya Rachel Rebecca
Rita Robin Rosa Rose Ruby Ruth Sally Samantha Sandra Sandy Sara Sarah Selena Shelby Sofia Sophie Stella Sue Susan
Tanya Tara Teresa Tina Vanessa Vera Violet Wendy Yara Yuki Zara Zoe
""")
BOYS = tokens("""
Aaron Adam Ahmed Alan Albert Alex Alfred Andrew Andy Anthony Arjun Arthur Austin Ben Benny Bill Billy Blake Bob Brad
Brandon Brian Bruce Bryan Caleb Carl Carlos Charles Chen Chris Cody Colin Connor Craig Dan Daniel Dave David Dennis
Derek Diego Don Doug Dylan Eddie Edward Eli Eric Ethan Evan Felix Finn Frank Fred Gary Gavin George Greg Hank Harry
Hassan Henry Hiro Hugo Ian Isaac Ivan Jack Jacob Jake James Jamal Jared Jason Jay Jeff Jeremy Jerry Jim Joe Joel
John Jordan Jorge Jose Josh Juan Julian Justin Karl Keith Ken Kevin Kofi Kyle Lamar Larry Lee Leo Leon Levi Liam
Logan Louis Lucas Luis Luke Marco Mario Mark Martin Marvin Mateo Matt Max Michael Mike Miguel Mohamed Nathan Ned
Neil Nick Noah Nolan Omar Oscar Owen Pablo Patrick Paul Pedro Peter Philip Quinn Rafael Raj Ralph Randy Ray Ricky
Robert Roger Ron Ross Roy Ryan Sam Samir Scott Sean Seth Simon Stan Steve Steven Ted Terry Theo Tim Toby Todd Tom
Tommy Tony Travis Trevor Tyler Victor Vincent Wade Walter Wei Wesley Will Xavier Yusuf Zach
""")
ROLES = tokens("""
baker farmer teacher gardener librarian shopkeeper florist chef coach collector student tailor painter fisherman
carpenter grocer vendor jeweler clerk waiter driver nurse artist scientist ranger zookeeper neighbor toymaker
""")
SURNAMES = tokens("Adams Baker Brown Clark Cole Davis Diaz Evans Gray Hill Jones King Lee Lopez Miller Park Reed Smith")


def person(rng: random.Random, beside: Person | None = None, roles: float = 0.06) -> Person:
    """Draw a person; one that stands beside another has another name and mostly the other gender."""
    female = rng.random() < 0.5 if beside is None else (rng.random() < 0.75) != beside.female
    draw = rng.random()
    if draw < roles:
        drawn = Person("the " + rng.choice(ROLES), female, role=True)
    elif draw < roles + 0.04:
        title = rng.choice(["Mrs", "Ms"]) if female else "Mr"
        drawn = Person(f"{title} {rng.choice(SURNAMES)}", female)
    else:
        drawn = Person(rng.choice(GIRLS if female else BOYS), female)
    return drawn if beside is None or drawn.name != beside.name else person(rng, beside, roles)


def people(rng: random.Random, number: int) -> list[Person]:
    """Draw people with different names and no roles."""
    drawn: list[Person] = []
    while len(drawn) < number:
        candidate = person(rng, drawn[-1] if drawn else None, roles=0)
        if candidate.variable not in {other.variable for other in drawn}:
            drawn.append(candidate)
    return drawn


def nouns(text: str) -> tuple[Noun, ...]:
    """Read a list of nouns, comma separated, singular; an irregular plural follows a slash."""
    return tuple(noun(entry.strip()) for entry in text.split(","))


THINGS: dict[str, tuple[Noun, ...]] = {
    "baked": nouns(
        "cookie, cupcake, muffin, brownie, pie, donut, pancake, pretzel, roll, cake, croissant, bagel, tart,"
        " biscuit, scone, waffle, sandwich, pizza, bun, dumpling, taco, cheesecake, cinnamon roll, meatball,"
        " burrito, burger, hot dog, pastry, dinner roll, slice of pizza/slices of pizza, loaf of bread/loaves"
        " of bread, egg roll, pancake, granola bar, chicken nugget, turkey sandwich, fortune cookie"
    ),
    "fruit": nouns(
        "apple, orange, peach, pear, plum, banana, strawberry, blueberry, cherry, lemon, lime, mango/mangoes,"
        " grape, fig, apricot, kiwi, melon, pineapple, walnut, raspberry, coconut, avocado, nectarine, date,"
        " papaya, blackberry, grapefruit, tangerine, pomegranate, cranberry, guava, cantaloupe, apple slice,"
        " pecan, hazelnut"
    ),
    "vegetable": nouns(
        "tomato/tomatoes, carrot, potato/potatoes, onion, cucumber, pepper, pumpkin, radish, turnip, cabbage,"
        " eggplant, ear of corn/ears of corn, bean, beet, watermelon, mushroom, zucchini, squash, leek, pea"
        " pod, yam, sweet potato/sweet potatoes, artichoke, chili, herb, head of lettuce/heads of lettuce,"
        " bulb of garlic/bulbs of garlic"
    ),
    "sweet": nouns(
        "candy, lollipop, gumball, chocolate, jelly bean, mint, gummy bear, caramel, piece of candy/pieces of"
        " candy, candy bar, peanut, marshmallow, cracker, raisin, almond, cashew, truffle, licorice stick,"
        " sucker, chocolate bar, peppermint, toffee, jellybean, gumdrop, ice cream bar, popsicle, pistachio,"
        " chewing gum stick"
    ),
    "collectible": nouns(
        "stamp, marble, sticker, seashell, coin, baseball card, trading card, button, postcard, rock, pebble,"
        " bead, bottle cap, figurine, comic book, keychain, badge, crystal, feather, acorn, shell, card, gem,"
        " bookmark, medal, football card, poster, magnet, souvenir, token, photo, photograph, penny, dime,"
        " nickel, quarter, butterfly card, movie poster, old coin, arrowhead, fossil, pin, patch, bell, snow"
        " globe, toy train, model plane, teacup, record, DVD, CD, Pokemon card, charm, pearl, diamond, sea"
        " star"
    ),
    "stationery": nouns(
        "pencil, pen, crayon, eraser, notebook, ruler, marker, folder, book, paper clip, envelope, magazine,"
        " binder, sheet of paper/sheets of paper, index card, paintbrush, glue stick, highlighter, textbook,"
        " novel, stapler, sticky note, calculator, chalk stick, dictionary, journal, comic, storybook,"
        " colored pencil, poster board, rubber band, stencil, backpack, library book, newspaper"
    ),
    "toy": nouns(
        "toy car, doll, balloon, ball, block, puzzle, kite, teddy bear, yo-yo, video game, board game, action"
        " figure, toy, bouncy ball, toy soldier, robot, rubber duck, balloon, tennis ball, baseball, game,"
        " jump rope, frisbee, toy boat, dinosaur, stuffed animal, water balloon, spinning top, playing card,"
        " basketball, soccer ball, toy truck, lego, building block, golf ball, glow stick, bubble wand,"
        " puppet"
    ),
    "clothing": nouns(
        "shirt, hat, scarf/scarves, sweater, dress, tie, T-shirt, jacket, skirt, belt, bracelet, necklace,"
        " ribbon, cap, coat, vest, ring, mitten, pair of socks/pairs of socks, pair of shoes/pairs of shoes,"
        " blouse, hoodie, uniform, swimsuit, headband, hair clip, earring, button-up shirt, sock, glove,"
        " shoe, pair of pants/pairs of pants, costume, apron, bow, handbag, wallet, watch"
    ),
    "flower": nouns(
        "rose, tulip, daisy, lily, sunflower, daffodil, orchid, flower, carnation, iris/irises, violet,"
        " poppy, peony, marigold, lilac, pansy, hyacinth, petunia, buttercup, red rose"
    ),
    "household": nouns(
        "bottle, can, plate, cup, candle, glass, spoon, fork, towel, pillow, lamp, basket, mug, bowl, brick,"
        " nail, screw, tile, battery, light bulb, egg, bottle of water/bottles of water, can of soda/cans of"
        " soda, jar of jam/jars of jam, napkin, sponge, key, rope, chair, vase, clock, umbrella, ticket, bar"
        " of soap/bars of soap, roll of tape/rolls of tape, bag of rice/bags of rice, paper plate, curtain,"
        " blanket, picture frame, toothbrush, broom, knife/knives, pan, jar, plastic cup, straw, trash bag,"
        " box of cereal/boxes of cereal, stool, plank, pipe, hammer, wrench, bolt, seed, flower pot, rug,"
        " mirror, tool, postage stamp"
    ),
}
KINDS = tuple(THINGS)
FOOD = ("baked", "fruit", "vegetable", "sweet")
FOOD_QUALITIES = ("fresh", "large", "small", "big", "sweet", "tasty", "organic", "frozen")
QUALITIES = tokens("new old large small big little colorful special rare pretty plain")
COLORS = tokens("red blue green yellow white black orange purple pink brown gray silver")
CONTAINERS = nouns(
    "box, bag, basket, jar, crate, drawer, tray, bucket, case, pack, tin, chest, carton, bowl, bin, package,"
    " sack, container, packet, tub"
)
SHOPS = phrases(
    "store, shop, bakery, market, school, restaurant, library, museum, company, factory, farm, gift shop, toy store, "
    "bookstore, grocery store, supermarket, warehouse, cafe, hospital, club, hotel, food bank"
)
DAYS = tokens("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = tokens("January February March April May June July August September October November December")
PLACES = phrases(
    "the kitchen, the garage, the barn, the attic, the classroom, the store, the shop, the garden, the backyard, "
    "the library, the pantry, the basement, the closet, the warehouse, the cafeteria, the living room, the shed"
)
RELATIVES = tokens("brother sister mother father grandmother grandfather uncle aunt cousin friend neighbor teacher")

GETTING: dict[str, str] = {
    "": "buy/bought find/found get/got receive collect gather",
    "baked": "bake make/made buy/bought order",
    "fruit": "pick harvest buy/bought gather",
    "vegetable": "pick harvest grow/grew/grown dig_up/dug_up buy/bought",
    "sweet": "buy/bought receive win/won get/got",
    "collectible": "collect find/found buy/bought win/won receive",
    "stationery": "buy/bought receive get/got borrow",
    "toy": "buy/bought win/won get/got receive",
    "clothing": "buy/bought make/made get/got order",
    "flower": "pick plant buy/bought cut/cut grow/grew/grown",
    "household": "buy/bought order find/found get/got",
}
LOSING: dict[str, str] = {
    "": "give_away/gave_away/given_away lose/lost sell/sold donate",
    "baked": "eat/ate/eaten sell/sold give_away/gave_away/given_away burn drop",
    "fruit": "eat/ate/eaten sell/sold give_away/gave_away/given_away use throw_away/threw_away/thrown_away",
    "vegetable": "eat/ate/eaten sell/sold cook use give_away/gave_away/given_away",
    "sweet": "eat/ate/eaten share give_away/gave_away/given_away drop sell/sold",
    "collectible": "lose/lost trade sell/sold give_away/gave_away/given_away donate",
    "stationery": "lose/lost use lend/lent give_away/gave_away/given_away sell/sold",
    "toy": "break/broke/broken lose/lost sell/sold give_away/gave_away/given_away donate",
    "clothing": "sell/sold donate return give_away/gave_away/given_away lose/lost",
    "flower": "sell/sold use give_away/gave_away/given_away throw_away/threw_away/thrown_away cut/cut",
    "household": "break/broke/broken use sell/sold lose/lost give_away/gave_away/given_away",
}


def getting(rng: random.Random, kind: str) -> Verb:
    """Draw a verb by which a thing of that kind comes to someone."""
    return verb(rng.choice(GETTING[kind].split()))


def losing(rng: random.Random, kind: str) -> Verb:
    """Draw a verb by which a thing of that kind leaves someone."""
    return verb(rng.choice(LOSING[kind].split()))


def thing(rng: random.Random, *kinds: str) -> tuple[Noun, str]:
    """Draw a thing of one of the kinds (of any, where none is named), with its kind."""
    kind = rng.choice(kinds or KINDS)
    drawn = rng.choice(THINGS[kind])
    if rng.random() < 0.1:
        quality = rng.choice(FOOD_QUALITIES if kind in FOOD else QUALITIES)
        drawn = Noun(f"{quality} {drawn.one}", f"{quality} {drawn.many}")
    return drawn, kind


def others(rng: random.Random, drawn: Sequence[Noun], kind: str, number: int) -> list[Noun]:
    """Draw further things of the same kind, all different."""
    used = {noun_drawn.variable for noun_drawn in drawn}
    pool = [candidate for candidate in dict.fromkeys(THINGS[kind]) if candidate.variable not in used]
    return rng.sample(pool, number)
