"""More that a person has more or fewer of: lives in a game, files, plants, pets; each with events of its own."""

import random
from dataclasses import dataclass, replace

from tora_agent.training.corpus.word_problems.holdings import POSSESSION, Holding, Unknown
from tora_agent.training.corpus.word_problems.inflection import Noun, noun, verb
from tora_agent.training.corpus.word_problems.phrasing import LATER, Template


@dataclass(frozen=True, slots=True)
class Belonging:
    """A thing, where it is kept, and the verbs by which it comes and goes."""

    things: Noun
    where: Template
    gained: tuple[str, ...]
    lost: tuple[str, ...]


TABLE = """
life/lives; (in a video game|in a game); win/won, earn, get/got, gain; lose/lost, use
point; (in a game|in a contest|in a quiz); score, earn, win/won, gain; lose/lost, give_up/gave_up/given_up
file; on <p.own> (computer|laptop); download, copy/copied, save; delete, remove
song; on <p.own> (phone|mp3 player|computer); download, add, buy/bought; delete, remove
app; on <p.own> (phone|tablet); download, install, add; delete, remove
photo; on <p.own> (camera|phone|memory card); take/took/taken, add, receive; delete, remove, print
email; in <p.own> inbox; receive, get/got; delete, archive
tree; in <p.own> (yard|garden|orchard); plant; cut_down/cut_down/cut_down, lose/lost
flower; in <p.own> garden; plant, grow/grew/grown; pick, lose/lost, sell/sold
plant; on <p.own> (balcony|porch); plant, buy/bought; lose/lost, give_away/gave_away/given_away
fish/fish; in <p.own> (tank|aquarium|pond); buy/bought, catch/caught, add; lose/lost, sell/sold, return
chicken; on <p.own> farm; buy/bought, raise; sell/sold, lose/lost
cow; on <p.own> (farm|ranch); buy/bought; sell/sold
sheep/sheep; on <p.own> farm; buy/bought; sell/sold, lose/lost
puppy; (at home|at <p.own> kennel); adopt, receive; sell/sold, give_away/gave_away/given_away
kitten; at home; adopt, find/found; give_away/gave_away/given_away
book; on <p.own> (shelf|bookcase|desk); buy/bought, add, borrow; sell/sold, donate, return, lend/lent
library book; (at home|in <p.own> bag|); borrow, check_out/checked_out; return
ticket; (from the arcade|at the fair|); win/won, buy/bought, earn; use, spend/spent, trade
follower; (online|on <p.own> page); gain, win/won; lose/lost
customer; on <p.own> list; gain, win/won; lose/lost
brick; in a pile; buy/bought, order; use, break/broke/broken
egg; in <p.own> (basket|refrigerator); collect, buy/bought; use, break/broke/broken, eat/ate/eaten
sheet of paper/sheets of paper; in <p.own> (desk|backpack|drawer); buy/bought, get/got; use, waste
dollar bill; in <p.own> wallet; earn, receive, find/found; spend/spent, lose/lost
penny; in <p.own> (bank|jar|piggy bank); save, find/found, receive; spend/spent, lose/lost
nickel; in <p.own> (bank|jar|piggy bank); save, find/found, receive; spend/spent, lend/lent
dime; in <p.own> (bank|jar|pocket); save, find/found, receive; spend/spent, lend/lent
quarter; in <p.own> (bank|jar|pocket); save, find/found, receive; spend/spent, lend/lent
baseball card; in <p.own> (album|collection|box); buy/bought, trade_for/traded_for; sell/sold, trade_away/traded_away
balloon; (for the party|in <p.own> hand|); blow_up/blew_up/blown_up, buy/bought; pop, lose/lost
crayon; in <p.own> (box|drawer); buy/bought, get/got; break/broke/broken, lose/lost
seashell; in <p.own> (bucket|bag|collection); find/found, collect; break/broke/broken, give_away/gave_away/given_away
toy car; in <p.own> (box|collection|room); buy/bought, get/got; lose/lost, break/broke/broken
pumpkin; in <p.own> (garden|field); grow/grew/grown, plant; sell/sold, carve
tomato/tomatoes; in <p.own> garden; grow/grew/grown, pick; eat/ate/eaten, sell/sold, use
problem; (for homework|on a list); receive, add; solve, finish, skip
recipe; in <p.own> book; find/found, add, write/wrote/written; lose/lost, try/tried
"""


def belongings() -> tuple[Belonging, ...]:
    """Read the table."""
    rows = [line.split("; ") for line in TABLE.strip().splitlines()]
    return tuple(
        Belonging(noun(one), where, tuple(gained.split(", ")), tuple(lost.split(", ")))
        for one, where, gained, lost in rows
    )


BELONGINGS = belongings()


def events(verbs: tuple[str, ...], amounts: Template, when: Template) -> tuple[Template, ...]:
    """Clauses with a number for each verb."""
    made = [verb(entry) for entry in verbs]
    return tuple(
        f"({LATER}<p.he> {form.past} {amounts}|<p.he> (has {form.done}|{form.past}) {amounts}{when})" for form in made
    )


def unknowns(verbs: tuple[str, ...], some: Template, more: Template) -> tuple[Unknown, ...]:
    """Clauses without a number, each with the question for it."""
    made = [verb(entry) for entry in verbs]
    return tuple((f"<p.he> {form.past} {some}", f"how many{more} <things> did <p.he> {form}") for form in made)


def owned(rng: random.Random) -> tuple[Noun, Holding]:
    """Draw a belonging and how it is told."""
    drawn = rng.choice(BELONGINGS)
    holding = replace(
        POSSESSION,
        start=(
            f"<p> (has|had|had|started with|has) <#> <things> {drawn.where}",
            f"there (are|were) <#> <things> {drawn.where.replace('<p.own>', '<p.his>')}",
            f"<p> already (has|had) <#> <things> {drawn.where}",
        ),
        gains=events(
            drawn.gained, "(<#> more|<#> more <things>|another <#>|another <#> <things>)", "( on <day>| today|)"
        ),
        losses=events(drawn.lost, "(<#> of them|<#> <things>|<#> of the <things>|<#>)", "( on <day>| today|)"),
        end=(
            "(now <p.he> has|<p.he> now has|<p.he> has) <#>( <things>|)",
            "<p.he> (has <#>( <things>|) (now|left)|had <#>( <things>|) in the end)",
            "now there are <#>( <things>|)",
        ),
        some=(f"<p> had (some|several|a few|a number of) <things> {drawn.where}",),
        some_gained=unknowns(drawn.gained, "(some more|some more <things>|a few more)", "( more|)"),
        some_lost=unknowns(drawn.lost, "(some|some of them|a few|several of the <things>)", "( of the|)"),
        ask_start=(
            (
                "how many <things> did <p.he> (have (at first|before|to begin with|originally|in the beginning)|start"
                " with)"
            ),
            "how many <things> were there (at first|before|in the beginning)",
        ),
    )
    return drawn.things, holding
