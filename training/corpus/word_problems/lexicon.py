"""Who and what the problems are about: people, things, containers, places, activities."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tora_agent.training.corpus.word_problems.inflection import Noun, Verb, phrases, tokens, verb
from tora_agent.training.corpus.word_problems.names import BOYS, GIRLS, ROLES, SURNAMES
from tora_agent.training.corpus.word_problems.things import THINGS, nouns


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


KINDS = tuple(THINGS)
FOOD = ("baked", "fruit", "vegetable", "sweet", "grocery", "drink")
FOOD_QUALITIES = tokens(
    "fresh large small big tasty organic frozen delicious tiny huge medium yummy giant expensive cheap imported local"
    " special nice lovely perfect"
)
QUALITIES = tokens(
    "new old large small big little colorful special rare pretty plain tiny huge shiny fancy nice cheap expensive"
    " unusual lovely simple giant beautiful handmade used vintage sturdy modern heavy neat unique cute decorated spare"
    " medium dusty fine wonderful interesting"
)
COLORS = tokens(
    "red blue green yellow white black orange purple pink brown gray silver gold turquoise teal maroon navy beige tan"
    " magenta crimson scarlet indigo cyan ivory aqua burgundy charcoal bronze copper khaki multicolored"
)
CONTAINERS = nouns(
    "box, bag, basket, jar, crate, drawer, tray, bucket, case, pack, tin, chest, carton, bowl, bin, package, sack,"
    " container, packet, tub, hamper, trunk, barrel, pouch, suitcase, backpack, cooler, pail, wagon, cart, wheelbarrow,"
    " cabinet, locker, cupboard, parcel, canister, pot, shoebox, lunchbox, toolbox, tote bag, satchel, duffel bag,"
    " knapsack, rucksack, bundle, cubby, briefcase"
)
SHOPS = phrases(
    "store, shop, bakery, market, school, restaurant, library, museum, company, factory, farm, gift shop, toy store, "
    "bookstore, grocery store, supermarket, warehouse, cafe, hospital, club, hotel, food bank, candy store, pet store, "
    "hardware store, shoe store, clothing store, department store, music store, craft store, flower shop, "
    "furniture store, jewelry store, thrift store, corner store, convenience store, garden center, art gallery, "
    "community center, youth center, daycare, kindergarten, college, university, theater, zoo, aquarium, farm stand, "
    "fruit stand, snack bar, coffee shop, tea shop, ice cream shop, diner, deli, pharmacy, drugstore, charity, "
    "summer camp, inn, resort, workshop, repair shop, print shop, boutique, kiosk, food truck, street market, "
    "flea market, orchard, ranch, nursing home, clinic, office, gym, toy factory, delivery company"
)
DAYS = tokens("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = tokens("January February March April May June July August September October November December")
PLACES = phrases(
    "the kitchen, the garage, the barn, the attic, the classroom, the store, the shop, the garden, the backyard, "
    "the library, the pantry, the basement, the closet, the warehouse, the cafeteria, the living room, the shed, "
    "the hallway, the gym, the office, the bedroom, the laundry room, the dining room, the greenhouse, the workshop, "
    "the studio, the playroom, the storeroom, the cellar, the music room, the art room, the park, the yard, the tent, "
    "the treehouse, the cabin, the lobby, the schoolyard, the den, the family room, the science lab, the computer lab, "
    "the lunchroom, the stockroom, the guest room, the nursery, the stable, the cottage, the gallery, the bakery, "
    "the waiting room, the locker room, the auditorium, the community center, the clubhouse, the town hall"
)
RELATIVES = tokens(
    "brother sister mother father grandmother grandfather uncle aunt cousin friend neighbor teacher mom dad grandma"
    " grandpa niece nephew classmate teammate roommate coach"
)

GETTING: dict[str, str] = {
    "": "buy/bought find/found get/got receive collect gather purchase order pick_up obtain acquire choose/chose/chosen",
    "baked": "bake make/made buy/bought order prepare pick_up purchase",
    "fruit": "pick harvest buy/bought gather collect pick_up bring_home/brought_home purchase",
    "vegetable": "pick harvest grow/grew/grown dig_up/dug_up buy/bought gather bring_in/brought_in purchase order",
    "sweet": "buy/bought receive win/won get/got order earn choose/chose/chosen",
    "grocery": "buy/bought order pick_up bring_home/brought_home get/got receive purchase",
    "drink": "buy/bought order make/made pour get/got prepare purchase",
    "collectible": "collect find/found buy/bought win/won receive acquire discover purchase inherit",
    "stationery": "buy/bought receive get/got borrow order purchase pick_up choose/chose/chosen",
    "toy": "buy/bought win/won get/got receive order collect choose/chose/chosen purchase",
    "sport": "buy/bought rent borrow receive order get/got purchase win/won",
    "clothing": "buy/bought make/made get/got order receive choose/chose/chosen purchase pick_out",
    "flower": "pick plant buy/bought cut/cut grow/grew/grown gather receive order",
    "plant": "buy/bought grow/grew/grown order get/got receive purchase bring_home/brought_home",
    "household": "buy/bought order find/found get/got receive purchase borrow pick_up",
    "tool": "buy/bought order borrow pick_up receive find/found get/got purchase",
    "gadget": "buy/bought order receive win/won get/got purchase",
    "instrument": "buy/bought borrow rent receive get/got order purchase",
    "craft": "make/made create finish buy/bought complete design receive decorate",
    "nature": "find/found collect gather pick_up discover spot bring_home/brought_home",
    "party": "buy/bought make/made get/got order receive collect purchase",
}
LOSING: dict[str, str] = {
    "": "give_away/gave_away/given_away lose/lost sell/sold donate trade use return hand_out throw_away/threw_away/thrown_away"
    " misplace",
    "baked": "eat/ate/eaten sell/sold give_away/gave_away/given_away burn drop serve share finish hand_out gobble_up",
    "fruit": "eat/ate/eaten sell/sold give_away/gave_away/given_away use throw_away/threw_away/thrown_away share"
    " drop donate",
    "vegetable": "eat/ate/eaten sell/sold cook use give_away/gave_away/given_away chop_up donate throw_away/threw_away/thrown_away"
    " roast share",
    "sweet": "eat/ate/eaten share give_away/gave_away/given_away drop sell/sold finish hand_out gobble_up pass_out munch",
    "grocery": "use sell/sold donate give_away/gave_away/given_away share return finish use_up",
    "drink": "drink/drank/drunk spill sell/sold share give_away/gave_away/given_away serve finish",
    "collectible": "lose/lost trade sell/sold give_away/gave_away/given_away donate misplace swap return mail auction",
    "stationery": "lose/lost use lend/lent give_away/gave_away/given_away sell/sold donate misplace return hand_out share",
    "toy": "break/broke/broken lose/lost sell/sold give_away/gave_away/given_away donate trade lend/lent return misplace"
    " hand_down",
    "sport": "lose/lost sell/sold lend/lent break/broke/broken donate give_away/gave_away/given_away return trade",
    "clothing": "sell/sold donate return give_away/gave_away/given_away lose/lost tear/tore/torn outgrow/outgrew/outgrown"
    " wear_out/wore_out/worn_out lend/lent hand_down",
    "flower": "sell/sold use give_away/gave_away/given_away throw_away/threw_away/thrown_away cut/cut deliver donate hand_out"
    " drop",
    "plant": "sell/sold give_away/gave_away/given_away lose/lost dig_up/dug_up donate trade deliver",
    "household": "break/broke/broken use sell/sold lose/lost give_away/gave_away/given_away donate return recycle"
    " throw_out/threw_out/thrown_out",
    "tool": "use lose/lost lend/lent break/broke/broken return sell/sold misplace donate",
    "gadget": "sell/sold break/broke/broken lose/lost donate give_away/gave_away/given_away return lend/lent trade",
    "instrument": "sell/sold lend/lent donate break/broke/broken return give_away/gave_away/given_away trade",
    "craft": "sell/sold give_away/gave_away/given_away donate hand_out misplace trade lose/lost use",
    "nature": "lose/lost drop give_away/gave_away/given_away throw_away/threw_away/thrown_away trade leave_behind/left_behind",
    "party": "give_away/gave_away/given_away hand_out use lose/lost sell/sold drop",
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
