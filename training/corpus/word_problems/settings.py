"""Where problems happen: activities that are counted, places that fill and empty, and what is said besides."""

import random
from dataclasses import dataclass

from tora_agent.training.corpus.word_problems.inflection import Noun, Verb, noun, verb
from tora_agent.training.corpus.word_problems.phrasing import Template


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a person does so and so many of: reading pages, running miles."""

    verb: Verb
    things: Noun


@dataclass(frozen=True, slots=True)
class Gathering:
    """Things or beings in a place that more come to and some leave; the clauses are in the past tense."""

    things: Noun
    where: Template
    came: Template
    left: Template


ACTIVITIES = """
read/read: page, book, chapter, story, comic book, poem, article
run/ran: mile, lap, kilometer
walk: mile, block, kilometer, dog
swim/swam: lap, length
bike: mile, kilometer
hike: mile, kilometer
drive/drove: mile, kilometer
write/wrote: letter, poem, story, page, postcard, essay, song
plant: tree, seed, flower, bush, bulb, tomato plant, rosebush
solve: puzzle, riddle, math problem, problem, equation
paint: picture, egg, fence, portrait, wall, mask, room
take/took: photo, picture, photograph
sell/sold: ticket, newspaper, cookie, magazine, raffle ticket, lemonade/cups of lemonade, car, painting, book, house
deliver: package, newspaper, pizza, letter, parcel, flyer
wash: car, dish, window, plate, dog, truck
mow: lawn
score: point, goal, run
catch/caught: fish/fish, butterfly, crab, frog, firefly, ball
see/saw: bird, butterfly, rabbit, squirrel, deer/deer, shooting star, movie, whale
draw/drew: picture, cartoon, map, sketch
drink/drank: glass of water/glasses of water, cup of tea/cups of tea
drink/drank: bottle of water/bottles of water, cup of coffee/cups of coffee
send/sent: email, text message, letter, invitation, card
receive: email, text message, letter, package, card, gift
do/did/done: push-up, sit-up, jumping jack, squat, chore
watch: movie, episode, cartoon, video, show
download: song, game, picture, app
build/built: birdhouse, model car, table, sandcastle, chair, snowman/snowmen, robot
fold: paper crane, shirt, towel, napkin
type: word, page, report
grade: paper, test, quiz/quizzes, essay
bake: cookie, cupcake, muffin, pie, cake, loaf of bread/loaves of bread, pizza, brownie
make/made: bracelet, necklace, sandwich, paper airplane, pancake, card, pizza, clay pot, quilt, doll
make/made: phone call, free throw
pick: apple, peach, strawberry, flower, orange, tomato/tomatoes, pumpkin, pear, tulip
pack: box, lunch, suitcase, bag
fix: bike, computer, car, watch, bicycle
collect: can, shell, stamp, leaf/leaves, bottle, aluminum can, seashell, rock, newspaper
visit: museum, city, country, park, store
blow_up/blew_up/blown_up: balloon
cook: meal, egg, hamburger, hot dog
sew/sewed/sewn: dress, button, quilt, shirt, costume
knit: scarf/scarves, hat, sweater, blanket, pair of socks/pairs of socks
carve: pumpkin, toy, statue, spoon
clean: room, window, tank, table
feed/fed: duck, cat, horse, chicken, animal
serve: customer, meal, dinner, pizza, cake, lunch
answer: question, call, email
practice: song, scale
lift: weight, crate
use: egg, nail, candle, sheet of paper/sheets of paper, cup of flour/cups of flour, stamp
win/won: game, prize, race, match, ticket, award
play: game, song, match, round
complete: level, lap, task, puzzle, worksheet
hit/hit: home run, target, ball
memorize: poem, word, verse
learn: word, song, trick, dance
recycle: bottle, can, newspaper
order: pizza, book, drink, hot dog
invite: friend, guest, classmate
harvest: pumpkin, melon, carrot, corn cob
"""
GATHERINGS = """
bird|(sitting |)(in a tree|on a fence|on the roof|on a wire|in the garden)|(joined them|came|flew over)|flew away
duck|(swimming |)(in a pond|on the lake)|(joined them|came|landed there)|(flew away|swam away)
fish/fish|in (a tank|an aquarium|the pond)|were (added|put in|placed there)|were (taken out|sold|given away)
people/people|(riding |)on (a bus|a train|a ferry|the subway)|got on(| at the next stop)|got off(| at the next stop)
passenger|on (a bus|a train|a plane|a ship)|(got on|boarded)|(got off|left)
student|in (a class|the classroom|the library|the gym|a school)|(joined|came in|arrived)|left
child/children|(playing |)(in the park|on the playground|in the pool)|(joined them|arrived|came)|(went home|left)
car|(parked |)in (a parking lot|the garage|the parking lot)|(arrived|drove in|parked there)|(drove away|left)
guest|(at|staying at) (a hotel|the inn)|(arrived|checked in)|(left|checked out)
book|on (a shelf|the shelf|a table)|were (added|put there)|were (taken|borrowed|removed)
frog|(sitting |)(on a log|by the pond|on lily pads)|(joined them|hopped over)|(jumped|hopped) away
cow|in (a field|the meadow|the barn)|(came in|joined them)|(walked away|left)
sheep/sheep|in (a field|the meadow|a pen)|(came in|joined them)|(ran away|left)
horse|in (the stable|a field)|(arrived|came in)|(were led out|ran off)
balloon|at (the party|a birthday party)|were (brought|blown up)|(popped|burst|flew away)
boat|in (the harbor|the bay)|(arrived|sailed in)|(sailed away|left)
plane|at (the airport|an airfield)|(landed|arrived)|(took off|left)
customer|in (a store|the restaurant|a bakery|the shop)|(came in|arrived)|left
bee|in (a hive|the garden)|(flew in|joined them)|flew (away|off)
ant|on (a picnic blanket|the sidewalk|a leaf)|(came|joined them)|(walked away|left)
squirrel|in (a tree|the yard)|(came|joined them)|ran (away|off)
cat|in (the shelter|an alley|a pet shop)|(arrived|were brought in)|were (adopted|taken home)
puppy|at (the shelter|a pet store)|(arrived|were brought in)|were (adopted|sold)
kitten|at (the shelter|a pet store)|(arrived|were born)|were (adopted|given away)
tree|(growing |)in (a park|the park|an orchard)|(were|have been) planted(| there)|were cut down
flower|in (a vase|the garden|a bouquet)|were (added|put in|planted)|(wilted|were picked|died)
egg|in (a carton|the refrigerator|the nest|a basket)|were (added|laid|put in)|(broke|were used|cracked|hatched)
leaf/leaves|on (the ground|a porch)|fell|blew away
monkey|in (a tree|the zoo|a cage)|(came|joined them)|(climbed down|swung away|left)
penguin|on (an iceberg|the ice)|(came|joined them)|(dived into the water|left)
player|on (a team|the field|the court)|(joined|came)|(left|quit|went home)
member|in (a club|the choir|a gym|the band)|(joined|signed up)|(left|quit|dropped out)
soldier|in (a camp|the fort)|(arrived|came)|(left|marched away)
butterfly|in (the garden|a field)|(arrived|came)|(flew away|left)
bike|in (the rack|a shed)|were (parked|added)(| there)|were (taken|ridden away)
truck|in (the lot|a depot)|(arrived|came)|(left|drove off)
seal|on (the beach|the rocks)|(came|joined them)|(swam away|left)
chair|in (the hall|a room|the auditorium)|were (brought in|added)|were (taken away|removed)
worker|(in|at) (a factory|an office|the mine)|(were hired|came)|(quit|left|retired)
dollar|in (a jar|the cash register|the piggy bank)|were (added|put in)|were (taken out|spent)
rabbit|in (a hutch|the field)|(came|were born)|(hopped away|were sold|ran off)
visitor|in (a museum|the zoo|the gallery)|(came in|arrived)|left
scout|at (the camp|a campfire)|(arrived|joined them)|(left|went home)
goldfish/goldfish|in (a bowl|a tank)|were (added|put in)|were (taken out|sold)
"""
OPENINGS = (
    "it (is|was) a (sunny|rainy|cold|windy|lovely|busy|quiet) (day|morning|afternoon|weekend)",
    "<p> (likes|loves|enjoys) (animals|music|sports|reading|cooking|the outdoors|art|gardening|numbers)",
    "<p> (was|had been) (very |)(busy|happy|excited|tired) (that day|all day|this week|last week)",
    "<p> (lives|works) (in a small town|in the city|on a farm|near the beach|close to the school)",
    "(summer|winter|spring|vacation|the school year) (had|has) just (begun|started)",
    "<p> was (getting ready for|planning) (a party|a trip|the school fair|a picnic|the weekend|a birthday)",
    "last (week|month|weekend|Friday|summer), <p> (had some free time|visited a friend|stayed at home)",
    "<p> (asked for|needed) (some |)help with (homework|the work|chores|the house)",
)
TASKS = (
    "<p> (is doing|does|has) (math |)homework( at home| after school| with <q>|)",
    "<p> (plays|is playing) a number game( with <q>|)",
    "<p> (writes|wrote|has) a (puzzle|riddle|question) for <q>",
    "(a teacher|<p>) (asks|asked) <q> a (math |)question( in class|)",
    "<p> (has|had) a (math |)(test|quiz|exam)( today| on Monday| at school|)",
    "<p> and <q> (study|practice|learn) (math |)together( at home| in the library|)",
    "<p> (needs|wants|asks for) help with a (math |)(problem|question|exercise)",
    "here is a (math |)(problem|question|task) for <p>",
    "<p> (solves|is solving|looks at) (an exercise|a problem|a puzzle) (in|from) (a book|a workbook|a magazine)",
)
ASIDES = (
    "<p> is <aside> years old",
    "<p> lives <aside> (miles|blocks|kilometers) from (school|the store|the library|work)",
    "<p> has <aside> (cousins|classmates|friends|neighbors|pets|teachers)",
    "it took <p> <aside> minutes to get there",
    "<p> (woke up|got up) at <aside_small> o'clock",
    "there (are|were) <aside> (other people|clouds|windows|chairs|dogs) there",
    "the temperature was <aside> degrees(| that day| outside)",
    "<p> had (slept|worked|studied|played) for <aside_small> hours(| that day| the day before)",
    "<p> (is|was) on page <aside> of (a|<p.own>) book",
    "<p>'s (house|apartment|room|locker) number is <aside>",
    "<p>'s (brother|sister|best friend) is <aside> years old",
    "<p> spent <aside> minutes (on the phone|in the shower|waiting|on the bus)(| that day)",
)


def activities() -> tuple[Activity, ...]:
    """Read the table of activities."""
    entries = [line.split(": ") for line in ACTIVITIES.strip().splitlines()]
    return tuple(Activity(verb(action), noun(one)) for action, what in entries for one in what.split(", "))


def gatherings() -> tuple[Gathering, ...]:
    """Read the table of gatherings."""
    rows = [line.split("|", 1) for line in GATHERINGS.strip().splitlines()]
    return tuple(Gathering(noun(one), *split_outside_choices(rest)) for one, rest in rows)


def split_outside_choices(text: str) -> tuple[Template, Template, Template]:
    """Cut a table row at the bars that stand in no parenthesis."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    where, came, left = parts
    return where, came, left


ALL_ACTIVITIES = activities()
ALL_GATHERINGS = gatherings()


def activity(rng: random.Random) -> Activity:
    """Draw an activity."""
    return rng.choice(ALL_ACTIVITIES)


def gathering(rng: random.Random) -> Gathering:
    """Draw a gathering."""
    return rng.choice(ALL_GATHERINGS)
