"""How amounts that grow and shrink are told: someone's things, a place that fills and empties, money."""

from dataclasses import dataclass

from tora_agent.training.corpus.word_problems.phrasing import LATER, Template

Unknown = tuple[Template, Template]  # a clause without a number, and the question for the number


@dataclass(frozen=True, slots=True)
class Holding:
    """The clauses and questions about one kind of amount; `#` stands for a number's slot."""

    start: tuple[Template, ...]
    gains: tuple[Template, ...]
    losses: tuple[Template, ...]
    end: tuple[Template, ...]
    some: tuple[Template, ...]
    some_gained: tuple[Unknown, ...]
    some_lost: tuple[Unknown, ...]
    ask_grown: tuple[Template, ...]
    ask_left: tuple[Template, ...]
    ask_start: tuple[Template, ...]
    money: bool = False


MORE = "(<#> more|<#> more <things>|another <#>|another <#> <things>|<#> other <things>|<#> additional <things>)"
SOME_OF = "(<#> of them|<#> of the <things>|<#> <things>|<#> of <p.own> <things>|<#>)"
POSSESSION = Holding(
    start=(
        "<p> (<have.told>|<have.told>|owns|owned) <#> <things>",
        (
            "<p> <have.told> <#> <things>( in <p.own> <box.one>| in a <box.one>| at home| in <p.own> room| in"
            " <p.own> bag|)"
        ),
        "<p> (started with|started out with|began with|started the day with|had saved|had collected) <#> <things>",
        "there (are|were) <#> <things> in <p.his> <box.one>",
        "<p.his> <box.one> (has|had|holds|held|contains|contained) <#> <things>",
        (
            "<p> (<find.told>|<buy.told>|<collect.told>|<get.told>|<v.past>) <#> <things>( at the store| on"
            " <day>| last week| yesterday|)"
        ),
        "<p> (already has|already had) <#> <things>",
        "there (are|were) <#> <things> (in <place>|on the table|on <p.his> (desk|table|shelf))",
    ),
    gains=(
        LATER + "<p.he> <v.told> " + MORE,
        LATER + "<p.he> <v.told> <#> more <things>( from <q>| at the store| in <place>| on <day>|)",
        LATER + "<q> (<give.told>|<hand.told>|<bring.told>|<send.told>) <p.him> " + MORE,
        LATER + "<q> (<give.told>|<send.told>) <#> (more |)<things> to <p.him>",
        LATER + "<p.his> <kin> (<give.told>|<buy.told>|<bring.told>) <p.him> " + MORE,
        LATER + "<p.he> (is|was) given <#> (more|more <things>)( by <q>| by <p.own> <kin>|)",
        LATER + "<p.he> (<get.told>|<receive.told>) <#> (more |)<things> from (<q>|<p.own> <kin>)",
        (LATER + "<p.he> (<add.told>|<put.told> in) <#> more( <things>)( to (the <box.one>|<p.own> collection)|)"),
        LATER + "<p.he> <find.told> <#> more( <things>|)( in <place>|)",
        LATER + "<p.he> <buy.told> " + MORE,
        LATER + "<q> <put.told> <#> (more |)<things> (in|into) (the|<p.his>) <box.one>",
        "(<#> more <things> are added|<p.he> will get <#> more( <things>| tomorrow|))",
    ),
    losses=(
        LATER + "<p.he> <w.told> " + SOME_OF,
        LATER + "<p.he> <w.told> <#> <things>(| on <day>| in the morning| this week)",
        LATER + "(<#> of them|<#> of the <things>|<#> <things>) (are|were) <w.done>",
        LATER + "<p.he> <give.told> " + SOME_OF + " to (<q>|<p.own> <kin>)",
        LATER + "<p.he> <give.told> (<q>|<p.own> <kin>) " + SOME_OF,
        LATER + "<p.he> (<give.told> away|gave away) " + SOME_OF,
        LATER + "<q> (<take.told>|borrowed) (<#> of them|<#> of the <things>|<#> <things>)( from <p.him>|)",
        LATER + "<#> of (them|the <things>) (got lost|went missing|were damaged|were lost|fell out)",
        LATER + "<p.he> <sell.told> " + SOME_OF + "( to <q>|)",
        "<p.he> (lost|has lost|loses) " + SOME_OF,
        ("(<#> of them|<#> <things>) (are removed|are taken away|are taken out|were removed|were taken out)"),
        LATER + "<p.he> (<use.told>|used up) " + SOME_OF,
        LATER + "<p.he> shared " + SOME_OF + " with (<q>|<p.own> <kin>|<p.own> friends)",
    ),
    end=(
        "(now <p.he> has|<p.he> now has|<p.he> ended up with|<p.he> has a total of) <#>( <things>|)",
        "<p.he> (has <#>( <things>|) (now|left|altogether)|had <#>( <things>|) in the end)",
        "now there are <#> <things> in (the|<p.own>) <box.one>",
        "(in the end|at the end of the day)(,|) <p.he> had <#> <things>",
    ),
    some=(
        (
            "<p> (<have.told>|<have.told>|owned|started with) (some|a number of|a few|several|a collection"
            " of|a <box.one> of) <things>"
        ),
        "there were some <things> in <p.his> <box.one>",
        "<p> (bought|found|collected) (some|several) <things>",
    ),
    some_gained=(
        (
            "<p.he> <v.past> (some more|some more <things>|some others|a few more|several more <things>)",
            "how many( more|) <things> did <p.he> <v>",
        ),
        (
            "<q> (gave|handed|sent) <p.him> (some more|some <things>|some more <things>|a few more)",
            (
                "(how many <things> did <q> give( to|) <p.him>|how many( more|) <things> did <p.he>"
                " (get|receive) from <q>)"
            ),
        ),
        (
            "<p.he> (got|received) (some|some more|several|a few) <things> from <q>",
            "how many( more|) <things> did <p.he> (get|receive)( from <q>|)",
        ),
        ("<p.own> <kin> bought <p.him> some more( <things>|)", "how many( more|) <things> did the <kin> buy"),
        (
            "<p.he> added some( more|)( <things>|) to the <box.one>",
            "how many( more|) <things> did <p.he> (add|put into the <box.one>|add to the <box.one>)",
        ),
        ("<p.he> (bought|found) (some more|some|several more)", "how many( more|) <things> did <p.he> (buy|find)"),
    ),
    some_lost=(
        (
            "<p.he> <w.past> (some|some of them|some of the <things>|a few of them|several <things>)",
            "how many( of the|) <things> did <p.he> <w>",
        ),
        (
            "<p.he> gave (some|some of them|some of the <things>|a few <things>) to <q>",
            "(how many( of the|) <things> did <p.he> give to <q>|how many <things> did <q> get)",
        ),
        (
            "<p.he> gave (<q>|<p.own> <kin>) some( of them| of the <things>| <things>)",
            "how many( of the|) <things> did <p.he> give away",
        ),
        (
            "<q> (took|borrowed) (some|some of them|a few of the <things>)",
            "how many( of the|) <things> did <q> (take|get)",
        ),
        ("some of (them|the <things>) were (lost|damaged|stolen)", "how many( of the|) <things> were (gone|missing)"),
    ),
    ask_grown=(
        "how many <things> does <p.he> have (now|in all|altogether|in total||now)",
        "how many <things> did <p.he> have (in all|altogether|in total)",
        "what is the total number of <things> (that <p.he> has|<p.he> has now)",
        "how many <things> (will|would) <p.he> have (now|in all|altogether|then|in total|)",
        "how many <things> did <p.he> (end up with|have in the end|have altogether|end with)",
        "how many <things> (are there|is that) (in all|altogether|in total|now)",
    ),
    ask_left=(
        "how many <things> (does <p.he> have (left|now|still|remaining|)|did <p.he> have left)",
        "how many <things> (are left|remain|are still there|are still left|are there now|were left)",
        "how many <things> (will <p.he> have (left|)|would <p.he> have left|does <p.he> still have)",
        "how many (are left|does <p.he> have left|of them are left|of the <things> are left)",
        "what is the number of <things> (left|that <p.he> has left|that are left)",
        "how many <things> did <p.he> (keep|end up with|have left over|end with)",
    ),
    ask_start=(
        "how many <things> did <p.he> (have|own) (at first|to begin with|in the beginning|originally|initially)",
        "how many <things> did <p.he> have (before|to start with|at the start|before that)",
        "how many <things> did <p.he> (start with|begin with)",
        "(what was the number of <things> <p.he> had) (at first|before)",
        "how many <things> (were there) (at first|before|to begin with)",
    ),
)
GATHERING = Holding(
    start=(
        "there (are|were) <#> <things> <where>",
        "<#> <things> (are|were) <where>",
        "<p> (saw|counted) <#> <things> <where>",
        "(at first|in the morning|on <day>)(,|) there were <#> <things> <where>",
        "there are (currently |now |)<#> <things> <where>",
    ),
    gains=(
        LATER + "<#> (|more |others )<came>",
        LATER + "<#> more <things> <came>",
        LATER + "another <#>( <things>|) <came>",
        "(<#> more <things> will come( later| today| soon|)|<#> more <things> (are|were) added)",
    ),
    losses=(
        LATER + "(<#> of them|<#> of the <things>|<#> <things>|<#>) <left>",
        LATER + "(<#> of them|<#> <things>) <left>",
    ),
    end=(
        "now there are <#> <things>( there|)",
        "there are now <#> <things>( there|)",
        "in the end(,|) there were <#> <things>",
        "there are <#> <things> now",
    ),
    some=("there were (some|a number of|several|a few) <things> <where>", "(some|a few|several) <things> were <where>"),
    some_gained=(
        (
            "(some|a few|several) (more|more <things>) <came>",
            "how many( more|) <things> (came|were added|were new|joined)",
        ),
        ("more <things> <came>", "(how many( more|) <things> came|how many <things> were added)"),
    ),
    some_lost=(
        (
            "(some|a few|several) (of them|of the <things>) <left>",
            "how many( of the|) <things> (left|are gone|went away)",
        ),
        (
            "some <things> <left>",
            "(how many <things> are no longer there|how many of them left|how many <things> left)",
        ),
    ),
    ask_grown=(
        "how many <things> are there (now|in all|altogether|in total|)",
        "how many <things> were there (in all|altogether|then|in the end|in total)",
        "how many <things> will there be( in all| altogether| now|)",
        "what is the total number of <things>( now|)",
    ),
    ask_left=(
        "how many <things> (are left|remain|are still there|are there now|are left there)",
        "how many <things> (were left|stayed|remained|were still there)",
        "how many (were left|are left|of them are left|stayed)",
    ),
    ask_start=(
        "how many <things> were there (at first|in the beginning|to begin with|originally)",
        "how many <things> were there (before|at the start|to start with|before that)",
    ),
)
JOBS = "(washing cars|mowing lawns|babysitting|walking dogs|doing chores|raking leaves|selling lemonade)"
GOODS = "(<things>|a <things.one>|lunch|a movie|a bus ticket|dinner|groceries|a haircut|a present|food)"
WALLET = "(wallet|purse|piggy bank|bank account|savings account|pocket)"
MONEY = Holding(
    start=(
        "<p> (<have.told>|<have.told>|started with|saved|had saved) <#>( in <p.own> " + WALLET + "|)",
        "<p.his> (wallet|purse|savings account|piggy bank) (has|had|holds|contained) <#>",
        "<p> (went to the store|went shopping|left home) with <#>",
        "<p> (earned|got|received) <#> (for " + JOBS + "|from <q>|from <p.own> <kin>)",
    ),
    gains=(
        LATER + "<p.he> (<earn.told>|<make.told>) <#>( more|) (by|for|from) " + JOBS,
        LATER + "<p.his> <kin> <give.told> <p.him> (<#>|<#> more|another <#>)( for <p.own> birthday|)",
        LATER + "<q> <give.told> <p.him> (<#>|another <#>|<#> more)",
        (
            LATER
            + "<p.he> (<receive.told>|<get.told>) (<#>|another <#>) (for <p.own> birthday|from <q>|as an allowance)"
        ),
        LATER + "<p.he> (<save.told>|saved up) (another <#>|<#> more)",
        LATER + "<p.he> (deposited|<put.told> in) (another <#>|<#> more)",
        LATER + "<p.he> <find.told> <#>( in a coat| on the street| in a drawer|)",
    ),
    losses=(
        LATER + "<p.he> (<spend.told>|<pay.told>) <#> (on|for) " + GOODS,
        LATER + "<p.he> <buy.told> (a <things.one>|some <things>) (for|that cost) <#>",
        LATER + "<p.he> <spend.told> <#> to buy (a <things.one>|some <things>)",
        LATER + "<p.he> <lend.told> <#> to <q>",
        LATER + "<p.he> <give.told> (<#> to <q>|<q> <#>|<p.own> <kin> <#>)",
        LATER + "<p.he> <lose.told> <#>( on the way home|)",
        LATER + "<p.he> donated <#>( to charity| to a shelter|)",
    ),
    end=(
        "now <p.he> has <#>( left|)",
        "<p.he> (now has|ended up with) <#>",
        "in the end <p.he> had <#>",
        "<p.he> has <#> (left|now)",
    ),
    some=("<p> (<have.told>|started with) some money( in <p.own> " + WALLET + "|)",),
    some_gained=(
        ("<p.he> (earned|got) some more( money|)", "how much( more|)( money|) did <p.he> get"),
        (
            "<q> gave <p.him> some( more|) money",
            "(how much( money|) did <q> give <p.him>|how many dollars did <q> give <p.him>)",
        ),
        ("<p.he> saved some more", "(how much( more|)( money|) did <p.he> save|how many more dollars did <p.he> save)"),
    ),
    some_lost=(
        (
            "<p.he> spent some( of it| of the money|)( on <things>|)",
            "(how much( money|) did <p.he> spend|how many dollars did <p.he> spend)",
        ),
        (
            "<p.he> bought a <things.one>",
            (
                "(how much did the <things.one> cost|how much( money|) did <p.he> pay for it|what was the"
                " price of the <things.one>)"
            ),
        ),
        (
            "<p.he> gave some( of it|) to <q>",
            "(how much( money|) did <p.he> give to <q>|how much( money|) did <q> get)",
        ),
    ),
    ask_grown=(
        "how much( money|) does <p.he> have (now|in all|altogether|in total|)",
        "(how many dollars does <p.he> have|what is the total <p.he> has) (now|altogether)",
        "how much( money|) (will|did) <p.he> have (in all|altogether|in the end)",
    ),
    ask_left=(
        "how much( money|) (does <p.he> have (left|now|remaining)|is left|remains|did <p.he> have left)",
        "how many dollars (are left|does <p.he> have left|remain|did <p.he> have left)",
        "(what amount|how much money) (is left|does <p.he> have left|does <p.he> still have)",
    ),
    ask_start=(
        "how much( money|) did <p.he> have (at first|to begin with|in the beginning|originally|before|to start with)",
        "(how many dollars|how much money) did <p.he> (start with|begin with)",
    ),
    money=True,
)
STORE = Holding(
    start=(
        "(a|the) <shop> (has|had) <#> <things>( in stock|)",
        "there (are|were) <#> <things> in (a|the) <shop>",
        "(a|the) <shop> (started the day with|opened with|had|owned) <#> <things>",
        "at the start of the (day|week|month)(,|) (a|the) <shop> had <#> <things>",
    ),
    gains=(
        LATER + "(it|they|the <shop>) (got|received) (<#> more|<#> more <things>|another <#>)",
        LATER + "(it|they|the <shop>) (ordered|bought) (<#> more|<#> more <things>|another <#>)",
        LATER + "a truck (brought|delivered) <#> more( <things>|)",
        LATER + "(someone|a family|the town) donated <#> (more |)(<things>)",
        LATER + "<#> more( <things>|) were (added|delivered|brought in)",
    ),
    losses=(
        LATER + "(it|they|the <shop>) sold <#>( of them| of the <things>| <things>|)( on <day>| that day|)",
        LATER + "<#> (of them |of the <things> |<things> |)were sold( on <day>|)",
        LATER + "customers bought <#>( of them| <things>|)",
        LATER + "(it|they) threw away <#>( of them| <things>|)",
        LATER + "(it|they|the <shop>) gave away <#>( of them| <things>|)",
        LATER + "(it|they|the <shop>) used <#>( of them| <things>|)( for (lunch|dinner|a party)|)",
    ),
    end=(
        "(now |)the <shop> has <#>( <things>|)( left|)",
        "there are <#>( <things>|) (now|left)",
        "the <shop> ended up with <#>( <things>|)",
    ),
    some=("(a|the) <shop> had (some|several|a number of) <things>", "there were some <things> in (a|the) <shop>"),
    some_gained=(
        (
            "(it|they) (got|bought|received) (some more|some more <things>|a few more)",
            "how many( more|) <things> did (it|they|the <shop>) get",
        ),
        ("some more <things> were delivered", "how many( more|) <things> were delivered"),
    ),
    some_lost=(
        ("(it|they) sold (some|some of them|some of the <things>)", "how many <things> did (it|they|the <shop>) sell"),
        ("some( of the <things>| of them|) were sold", "how many <things> were sold"),
    ),
    ask_grown=(
        "how many <things> does the <shop> have (now|in all|altogether|in total|)",
        "how many <things> are there (now|in all|altogether|in total)",
        "how many <things> did they have (in all|altogether|in the end)",
    ),
    ask_left=(
        "how many <things> (are left|does the <shop> have left|does the <shop> still have|remain)",
        "how many <things> (did they have left|do they have left|were left|does the <shop> have now)",
        "how many (are left|were left|do they have left)",
    ),
    ask_start=(
        "how many <things> did (it|they|the <shop>) have (at first|originally|in the beginning|before)",
        "how many <things> were there (at first|to begin with|at the start|before)",
    ),
)
HOLDINGS = (POSSESSION, POSSESSION, POSSESSION, POSSESSION, GATHERING, GATHERING, STORE, MONEY)
