"""The plots of two-step problems: what is told and asked about three givens, for each pair of operations."""

from dataclasses import dataclass

from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.phrasing import Template


@dataclass(frozen=True, slots=True)
class Plot:
    """What a problem with givens a, b and c tells and asks; the variables of its givens, and which are money."""

    facts: tuple[Template, ...]
    ask: Template
    names: tuple[str, str, str]
    money: str = ""


REST_TIMES = (
    Plot(
        (
            "(a teacher|<p>) had <a> worksheets to grade",
            "(each|every) worksheet had <c> problems( on it|)",
            "<p.he> graded <b>( of them|)",
        ),
        "how many (more |)problems (are left|does <p.he> have left|must <p.he> still grade)( to grade|)",
        ("worksheets", "graded", "each"),
    ),
    Plot(
        (
            "in a (video |)game(,|) each (enemy|dragon|monster|robot) (gives|is worth|earns you) <c> points",
            "a level has <a> of them and <p> (beats|defeats|destroys) all but <b>",
        ),
        "how many points (does|would|did) <p.he> (get|earn|score)",
        ("enemies", "missed", "points"),
    ),
    Plot(
        (
            "<p> had <a> <things>",
            "<p.he> (<w.past>|gave away|kept) <b>( of them|)",
            "<p.he> sold the (rest|others|remaining <things>) for <c> each",
        ),
        "how much( money|) did <p.he> (make|get|earn)",
        ("<things>", "gone", "price"),
        "c",
    ),
    Plot(
        (
            "<p> (has|had|made|baked) <a> <box> of <things>",
            "(each|every) <box.one> (has|holds|had) <c> <things>( in it|)",
            "<p.he> (gave|sold) <b> <box> (away|to <q>|to a friend)",
        ),
        "how many <things> (are left|does <p.he> have left|remain)",
        ("<box>", "given", "each"),
    ),
    Plot(
        (
            "<p> (invited|invites) <a> (friends|people|classmates)( to a party|)",
            "<b> of them (could not come|can not come|stayed at home|did not come)",
            "each guest who (came|comes) (got|gets) <c> <things>",
        ),
        "how many <things> (did|does) <p.he> (need|give out)",
        ("invited", "absent", "each"),
    ),
    Plot(
        (
            (
                "<p> (earned|earns|got|gets|makes) <c> for (each|every) (lawn|car|window|room|fence) (<p.he>"
                " does|<p.he> finishes|done)"
            ),
            "<p.he> had <a> to do but forgot <b>( of them|)",
        ),
        "how much( money|) did <p.he> (earn|make|get)",
        ("total", "forgot", "pay"),
        "c",
    ),
    Plot(
        ("(each|every) <box.one> of <things> (costs|sells for) <c>", "<p> had <a> of them and sold all but <b>"),
        "how much( money|) did <p.he> (make|get|earn)",
        ("had", "unsold", "price"),
        "c",
    ),
    Plot(
        (
            "a (hotel|school|building|theater) has <a> rooms",
            "<b> (of them |)are (empty|closed|not in use)",
            "there are <c> people in each of the (other|remaining) rooms",
        ),
        "how many people are (there|in the rooms)( in all| altogether|)",
        ("rooms", "empty", "each"),
    ),
    Plot(
        (
            "<p> planned to (practice|train|work|exercise) for <a> days",
            "<p.he> missed <b> days",
            "<p.he> did <c> <part> on (each|every) other day",
        ),
        "how many <part> did <p.he> do (in all|altogether|in total)",
        ("days", "missed", "each"),
    ),
)
SUM_TIMES = (
    Plot(
        (
            "<p> (has|had|bought|packed|filled) <a> <color> <box> and <b> <shade> <box>",
            "(each|every) <box.one> (has|holds|contains|had) <c> <things>( in it| inside|)",
        ),
        f"how many <things> (does <p.he> have|are there) {IN_ALL}",
        ("<color>", "<shade>", "each"),
    ),
    Plot(
        (
            "<p> (bought|got|packed) <a> <box> of <x> and <b> <box> of <y>",
            "(each|every) <box.one> (has|had|contains|holds) <c> pieces( in it| inside|)",
        ),
        f"how many pieces are there {IN_ALL}",
        ("<x>", "<y>", "each"),
    ),
    Plot(
        (
            "<a> (friends|players|people|kids|children) were playing( a game| together|)",
            "<b> more (joined|joined them|came)",
            "each (one|player|person|of them) (has|had) <c> <things>",
        ),
        f"how many <things> (do they|did they|do all of them) have {IN_ALL}",
        ("players", "joined", "each"),
    ),
    Plot(
        (
            "<p> (earns|earned|makes|gets|charges) <c> (for each|for every|per|a) (lawn|car|dog|hour|lesson|house)",
            "<p.he> (did|had|finished) <a> on <day> and <b> on <later>",
        ),
        f"how much( money|) did <p.he> (earn|make|get) {IN_ALL}",
        ("<day>", "<later>", "pay"),
        "c",
    ),
    Plot(
        (
            "<a> <grown> and <b> <young> (went|are going) to (a|the) (movie|zoo|museum|show|game|circus|fair)",
            "(each|every|a|one) ticket (costs|cost) <c>",
        ),
        f"(how much did all the tickets cost {IN_ALL}|what is the total cost( of the tickets|))",
        ("<grown>", "<young>", "price"),
        "c",
    ),
    Plot(
        ("<p> (bought|buys|ordered) <a> <x> and <b> <y>", "(each item|each one|every item) (costs|cost) <c>"),
        f"(how much did <p.he> (pay|spend) {IN_ALL}|what (is|was) the total (cost|price))",
        ("<x>", "<y>", "price"),
        "c",
    ),
    Plot(
        ("<p> made <a> <x> and <b> <y>", "each (took|needed|used|takes|needs) <c> <part>"),
        f"how many <part> were needed {IN_ALL}",
        ("<x>", "<y>", "each"),
    ),
    Plot(
        (
            (
                "(a|the) school has <a> classes of (boys|younger students|first graders) and <b> classes of"
                " (girls|older students|second graders)"
            ),
            "(each|every) class has <c> students",
        ),
        f"how many students are there {IN_ALL}",
        ("first", "second", "each"),
    ),
    Plot(
        (
            "<p> (plays|played|swims|runs|reads|practices) <c> minutes (a|each|every) day",
            "<p.he> (did|does) this for <a> days in <month> and <b> days in <next>",
        ),
        f"how many minutes (is|was) that {IN_ALL}",
        ("<month>", "<next>", "each"),
    ),
)
SUM_DIVIDED = (
    Plot(
        (
            "<p> (has|had|took) <a> (photos|pictures) (on|from) (a|<p.own>) phone and <b> (on|from) (a|<p.own>) camera",
            "<p.he> (sorts|sorted|put) them (all |)into albums (with|of) <c>( each| pictures each|)",
        ),
        "how many albums (did|does|will) <p.he> (need|make|have)",
        ("phone", "camera", "each"),
    ),
    Plot(
        (
            "(there are|a class has|a club has|a school has) <a> boys and <b> girls",
            "(the coach|the teacher|<p>) (puts|put|divided|splits) them into <team> of <c>",
        ),
        "how many <team> (are|were|will be) there",
        ("boys", "girls", "each"),
    ),
    Plot(
        (
            "<a> <young> and <b> <grown> (are going|went) on a trip",
            "(each|every|one|a) <van> (holds|takes|can hold|has room for) <c>( people|)",
        ),
        "how many <van>s (are|were|will be) needed",
        ("<young>", "<grown>", "each"),
    ),
    Plot(
        (
            "<p> (has|had|bought) <a> <color> <things> and <b> <shade> <things>",
            "<p.he> (puts|put|packed) them (all |)(in|into) <box> (of|with) <c>( each|)",
        ),
        "how many <box> (did|does|will) <p.he> (need|use|fill|have)",
        ("<color>", "<shade>", "each"),
    ),
    Plot(
        (
            "<p> (baked|made|picked|collected|bought) <a> <x> and <b> <y>",
            "<p.he> (puts|put|packed|wants to pack) <c> (of them |items |)in each <box.one>",
        ),
        "how many <box> (does|did|will) <p.he> (need|fill|use)",
        ("<x>", "<y>", "each"),
    ),
    Plot(
        (
            "<p> (had|saved|has) <a>",
            "<p.he> (earned|got|received|was given) <b> more( for <p.own> birthday| from <p.own> <kin>|)",
            "a <things.one> costs <c>",
        ),
        "how many <things> (can|could) <p.he> buy",
        ("money", "more", "price"),
        "abc",
    ),
    Plot(
        (
            (
                "(a team|a club|the band|a choir) had <a> (new|young|junior) (players|members) and <b>"
                " (old|returning|senior) (players|members)"
            ),
            "they were (put|split) into <team> of <c>",
        ),
        "how many <team> (were|are) there",
        ("new", "old", "each"),
    ),
    Plot(
        (
            "<p> (has|owns) <a> <x> and <b> <y>",
            (
                "<p.he> (shares|divided|shared|splits) (them|all of them) (equally|evenly) (among|between)"
                " <c> (friends|children|people|cousins)"
            ),
        ),
        "how many (does|did|will) each (get|receive)",
        ("<x>", "<y>", "people"),
    ),
    Plot(
        (
            "<p> (picked|found|collected|made) <a> <things>",
            "<q> (picked|found|collected|made) <b>( <things>|)",
            "they (put|divided) them all (equally|evenly) into <c> <box>",
        ),
        "how many <things> (are|were) in each <box.one>",
        ("<p>", "<q>", "<box>"),
    ),
    Plot(
        (
            "<p> (had|got) <a> (shirts|towels|dishes|socks) and <b> (pants|sheets|cups|sweaters) to wash",
            "the machine (holds|can wash|takes) <c> at (once|a time)",
        ),
        "how many loads (does|did|will) <p.he> (do|need|have to do)",
        ("first", "second", "each"),
    ),
)
REST_DIVIDED = (
    Plot(
        (
            "<p> (had|has|saved|saves) <a>",
            "<p.he> (spent <b> on <x>|lost <b>|paid <b> for a <x.one>)",
            "(with the rest |then |now |)<p.he> (wants to buy|buys|bought) <things> (for|that cost|at) <c> each",
        ),
        "how many <things> (can|could) <p.he> buy",
        ("money", "spent", "price"),
        "abc",
    ),
    Plot(
        (
            "<p> (had|bought|won) <a> tickets( at the fair|)",
            "<p.he> (used|spent|gave away) <b>( of them|)",
            "(each|a|every|one) ride (costs|takes|needs) <c> tickets",
        ),
        "(how many rides (can|could) <p.he> (go on|take)( with the rest|)|how many times can <p.he> ride("
        " with the rest|))",
        ("tickets", "used", "each"),
    ),
    Plot(
        (
            "<p> (had|has) <a> (pieces of clothing|shirts|dishes|towels|plates) to wash",
            "<p.he> washed <b>( of them|) (already|in the morning|first)",
            "the rest (go|went) in loads of <c>",
        ),
        "how many loads are there",
        ("total", "washed", "each"),
    ),
    Plot(
        (
            "there (are|were) <a> (students|children|players|people|campers)( in a class| in all|)",
            "<b> of them (are absent|were absent|went home|are sick|do not want to play|left)",
            "the (others|rest) (form|formed|are split into|make) <team> of <c>",
        ),
        "how many <team> are there",
        ("total", "absent", "each"),
    ),
    Plot(
        (
            "<p> (is reading|reads|has) a book (with|of|that has) <a> pages",
            "<p.he> (has read|already read|read) <b>( pages|)( so far| already|)",
            "<p.he> (reads|will read|can read) <c> pages (a|each|every|per) day",
        ),
        "(how many (more |)days (will it take|does <p.he> need) to finish( it| the book|)|in how many days"
        " will <p.he> finish( the book|))",
        ("pages", "read", "per_day"),
    ),
    Plot(
        (
            "<p> (had|picked|bought|baked) <a> <things>",
            "<p.he> (<w.past>|gave away|threw away) <b>( of them|)",
            "<p.he> put the (rest|others) (into|in) <box> (of|with) <c>( each| <things> each|)",
        ),
        "how many <box> (did <p.he> (use|need|fill)|are there)",
        ("<things>", "gone", "each"),
    ),
    Plot(
        (
            "<p> (had|picked|bought|baked) <a> <things>",
            "<p.he> (<w.past>|gave away|kept) <b>( of them|)",
            (
                "<p.he> (divided|shared|split) the (rest|others) (equally|evenly) (among|between) <c>"
                " (friends|children|people|neighbors)"
            ),
        ),
        "how many <things> (did|does) each get",
        ("<things>", "gone", "people"),
    ),
    Plot(
        (
            "<p> (needs|has|wants) to (make|pack|sell|plant) <a> <things>",
            "<p.he> has already (done|finished) <b>( of them|)",
            "<p.he> (can do|does|finishes) <c> (an|each|per) hour",
        ),
        "how many (more |)hours (will it take|does <p.he> need)( for the rest|)",
        ("total", "done", "per_hour"),
    ),
    Plot(
        ("<c> <things> (and a <x.one>|and one <x.one>) cost <a>( together| in all|)", "the <x.one> costs <b>"),
        "(how much does (each|one) <things.one> cost|what is the price of one <things.one>)",
        ("total", "<x.one>", "number"),
        "ab",
    ),
)
