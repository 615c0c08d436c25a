"""The plots of two-step problems that end with a multiplication: what is told and asked about three givens."""

from dataclasses import dataclass

from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.phrasing import Template


@dataclass(frozen=True, slots=True)
class Plot:
    """What a problem with givens a, b and c tells and asks, and which givens are money."""

    facts: tuple[Template, ...]
    ask: Template
    money: str = ""


REST_TIMES = (
    Plot(
        (
            "(a teacher|<p>) had <a> worksheets to grade",
            "(each|every) worksheet had <c> problems( on it|)",
            "<p.he> graded <b>( of them|)",
        ),
        "how many (more |)problems (are left|does <p.he> have left|must <p.he> still grade)( to grade|)",
    ),
    Plot(
        (
            "in a (video |)game(,|) each (enemy|dragon|monster|robot) (gives|is worth|earns you) <c> points",
            "a level has <a> of them and <p> (beats|defeats|destroys) all but <b>",
        ),
        "how many points (does|would|did) <p.he> (get|earn|score)",
    ),
    Plot(
        (
            "<p> had <a> <things>",
            "<p.he> (<w.past>|gave away|kept) <b>( of them|)",
            "<p.he> sold the (rest|others|remaining <things>) for <c> each",
        ),
        "how much( money|) did <p.he> (make|get|earn)",
        "c",
    ),
    Plot(
        (
            "<p> (has|had|made|baked) <a> <box> of <things>",
            "(each|every) <box.one> (has|holds|had) <c> <things>( in it|)",
            "<p.he> (gave|sold) <b> <box> (away|to <q>|to a friend)",
        ),
        "how many <things> (are left|does <p.he> have left|remain)",
    ),
    Plot(
        (
            "<p> (invited|invites) <a> (friends|people|classmates)( to a party|)",
            "<b> of them (could not come|can not come|stayed at home|did not come)",
            "each guest who (came|comes) (got|gets) <c> <things>",
        ),
        "how many <things> (did|does) <p.he> (need|give out)",
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
        "c",
    ),
    Plot(
        ("(each|every) <box.one> of <things> (costs|sells for) <c>", "<p> had <a> of them and sold all but <b>"),
        "how much( money|) did <p.he> (make|get|earn)",
        "c",
    ),
    Plot(
        (
            "a (hotel|school|building|theater) has <a> rooms",
            "<b> (of them |)are (empty|closed|not in use)",
            "there are <c> people in each of the (other|remaining) rooms",
        ),
        "how many people are (there|in the rooms)( in all| altogether|)",
    ),
    Plot(
        (
            "<p> planned to (practice|train|work|exercise) for <a> days",
            "<p.he> missed <b> days",
            "<p.he> did <c> <part> on (each|every) other day",
        ),
        "how many <part> did <p.he> do (in all|altogether|in total)",
    ),
    Plot(
        (
            "<p> (planned|wants|has) to (read|solve|paint|write) <a> (chapters|sections|cards)",
            "each one has <c> <part>",
            "<p.he> (skips|skipped|leaves out) <b>( of them|)",
        ),
        f"how many <part> (does|will|did) <p.he> do {IN_ALL}",
    ),
    Plot(
        (
            "(a|the) <shop> (had|ordered|received) <a> <box> of <things>",
            "<b> of the <box> (were damaged|were returned|got wet|were lost)",
            "each <box.one> (holds|held|contains) <c> <things>",
        ),
        "how many (good <things>|<things>) (are left|remain|does the <shop> have left)",
    ),
    Plot(
        ("<p> (has|had) <a> <things> but (keeps|kept) <b>", "<p.he> (sells|sold) the others for <c> each"),
        f"(how much|how many dollars) (does|did|will) <p.he> (get|earn|make)( {IN_ALL}|)",
        "c",
    ),
    Plot(
        (
            "(a|the) (bus|train|plane|theater) has <a> (rows|benches) of seats, and <b> of (them|the rows|the"
            " benches) are (closed|broken|reserved)",
            "<c> people can sit in (each|every one of the others|each of the others)",
        ),
        "how many people can (sit down|sit there|find a seat)",
    ),
    Plot(
        (
            "there (are|were) <a> <young> in a (class|club|group)",
            "<b> (are|were) (absent|sick|missing) today",
            "the teacher gives each of the (others|rest) <c> <things>",
        ),
        "how many <things> does (the teacher|she) (give|need|hand out)( in all|)",
    ),
    Plot(
        (
            "(each|every) (page|sheet) of <p.his> album (has|holds|has room for) <c> <things>",
            "there are <a> (pages|sheets)( in all|), but <b> (are|of them are) (empty|blank)",
        ),
        "how many <things> are in the album",
    ),
)
SUM_TIMES = (
    Plot(
        (
            "<p> (has|had|bought|packed|filled) <a> <color> <box> and <b> <shade> <box>",
            "(each|every) <box.one> (has|holds|contains|had) <c> <things>( in it| inside|)",
        ),
        f"how many <things> (does <p.he> have|are there) {IN_ALL}",
    ),
    Plot(
        (
            "<p> (bought|got|packed) <a> <box> of <x> and <b> <box> of <y>",
            "(each|every) <box.one> (has|had|contains|holds) <c> pieces( in it| inside|)",
        ),
        f"how many pieces are there {IN_ALL}",
    ),
    Plot(
        (
            "<a> (friends|players|people|kids|children) were playing( a game| together|)",
            "<b> more (joined|joined them|came)",
            "each (one|player|person|of them) (has|had) <c> <things>",
        ),
        f"how many <things> (do they|did they|do all of them) have {IN_ALL}",
    ),
    Plot(
        (
            "<p> (earns|earned|makes|gets|charges) <c> (for each|for every|per|a) (lawn|car|dog|hour|lesson|house)",
            "<p.he> (did|had|finished) <a> on <day> and <b> on <later>",
        ),
        f"how much( money|) did <p.he> (earn|make|get) {IN_ALL}",
        "c",
    ),
    Plot(
        (
            "<a> <grown> and <b> <young> (went|are going) to (a|the) (movie|zoo|museum|show|game|circus|fair)",
            "(each|every|a|one) ticket (costs|cost) <c>",
        ),
        f"(how much did all the tickets cost {IN_ALL}|what is the total cost( of the tickets|))",
        "c",
    ),
    Plot(
        ("<p> (bought|buys|ordered) <a> <x> and <b> <y>", "(each item|each one|every item) (costs|cost) <c>"),
        f"(how much did <p.he> (pay|spend) {IN_ALL}|what (is|was) the total (cost|price))",
        "c",
    ),
    Plot(
        ("<p> made <a> <x> and <b> <y>", "each (took|needed|used|takes|needs) <c> <part>"),
        f"how many <part> were needed {IN_ALL}",
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
    ),
    Plot(
        (
            "<p> (plays|played|swims|runs|reads|practices) <c> minutes (a|each|every) day",
            "<p.he> (did|does) this for <a> days in <month> and <b> days in <next>",
        ),
        f"how many minutes (is|was) that {IN_ALL}",
    ),
    Plot(
        (
            "<p> (swims|swam|ran|runs) <a> laps (in the morning|on <day>) and <b> laps (in the evening|on <later>)",
            "(one|each) lap is <c> (meters|yards)( long|)",
        ),
        f"how many (meters|yards) is that {IN_ALL}",
    ),
    Plot(
        (
            "<p> has <a> <x> and <q> has <b>",
            "they sell (all of them|them all|all the <x>) for <c> each",
        ),
        f"how much( money|) do they (get|make|earn) {IN_ALL}",
        "c",
    ),
    Plot(
        (
            "<a> (boys|men|adults) and <b> (girls|women|children) (came|come|went) to (a|the) (party|picnic|meeting)",
            "each of them (got|gets|ate|eats|needs) <c> <things>",
        ),
        f"how many <things> (is that|are needed|were needed) {IN_ALL}",
    ),
    Plot(
        (
            "there (are|were) <a> (tables|benches|rows) (inside|upstairs) and <b> (outside|downstairs)",
            "(each|every one) (has room for|seats) <c> (people|guests)",
        ),
        "how many (people|guests) can (sit|be seated)( in all| altogether|)",
    ),
    Plot(
        (
            "<p> (works|worked) <a> hours on <day> and <b> hours on <later>",
            "<p.he> (earns|gets|makes|is paid) <c> (an|per|for each) hour",
        ),
        f"how much( money|) (does|did) <p.he> (earn|make|get) {IN_ALL}",
        "c",
    ),
    Plot(
        (
            "<p> (planted|plants) <a> rows of <x> and <b> rows of <y>",
            "(each|every) row has <c> plants( in it|)",
        ),
        f"how many plants (are there|did <p.he> plant) {IN_ALL}",
    ),
)
