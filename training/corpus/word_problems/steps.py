"""The plots of more problems with three givens: sums that shrink, what groups leave over, products of three."""

from tora_agent.training.corpus.word_problems.combine import IN_ALL
from tora_agent.training.corpus.word_problems.scenarios import Plot

SUM_LESS = (
    Plot(
        (
            "<p> (picks|picked|found|collected) <a> <things> (in the morning|on <day>) and <b> (in the"
            " afternoon|on <later>)",
            "<p.he> (gives|gave|sold|sells) <c>( of them| of all <p.own> <things>|)( to (<q>|<p.own> <kin>)|)",
        ),
        "how many <things> (does|did) <p.he> (keep|have left)",
    ),
    Plot(
        (
            "<p> has <a> <x> and <b> <y>",
            "<p.he> (<w.past>|gave away|lost) <c>( of them|)",
        ),
        "how many (things |)(does <p.he> have left|are left|remain)( in all|)",
    ),
    Plot(
        (
            "there (are|were) <a> <young> and <b> <grown> (on a bus|in a room|in the park|at a party)",
            "<c> (people |of them |)(got off|left|went home|walked away)",
        ),
        "how many people (are (still there|left|there now)|were left|stayed)",
    ),
    Plot(
        (
            "<p> (earned|got) <a> (on <day>|from <p.own> <kin>) and <b> (on <later>|from <q>)",
            "<p.he> (spent|spends|paid) <c> (on a <x.one>|for <things>)",
        ),
        "how much( money|) (does <p.he> have (left|now)|is left)",
        "abc",
    ),
    Plot(
        (
            "<p> (baked|made) <a> <x> and <q> (baked|made) <b>",
            "they (sold|ate|gave away) <c>( of them|)",
        ),
        "how many( <x>|) (are left|remain|do they have left)",
    ),
    Plot(
        (
            "<p> needs <c> <things>( for (a party|school|a project)|)",
            "<p.he> (has|found) <a> (in the <box.one>|at home) and (buys|bought|gets) <b>( more|)",
        ),
        "how many (more <things> than (needed|<p.he> needs) does <p.he> have|<things> will be left over)",
    ),
    Plot(
        (
            "(a|the) <shop> (received|got) <a> <things> on <day> and <b> on <later>",
            "(it|they) sold <c>( of them| that week|)",
        ),
        "how many <things> (are left|does the <shop> have left|remain)",
    ),
)
REST_LESS = (
    Plot(
        (
            "a (film|movie|show) (lasts|is) <a> minutes( long|)",
            "<p> (watched|has watched) <b> minutes( of it|), (paused|took a break), and then watched (another <c>|<c>"
            " more)( minutes|)",
        ),
        "how many minutes (are left|remain|does <p.he> still have to watch)",
    ),
    Plot(
        (
            "a book has <a> pages",
            "<p> (read|reads) <b>( pages|) on <day> and <c>( pages|) on <later>",
        ),
        "how many pages (are left|remain|does <p.he> still have to read|must <p.he> still read)",
    ),
    Plot(
        (
            "<p> (has|had) <a>",
            "<p.he> (buys|bought) (a <x.one>|<x>) for <b> and (a <y.one>|<y>) for <c>",
        ),
        "how much( money|) (does <p.he> have left|is left|remains)",
        "abc",
    ),
    Plot(
        (
            "(a|the) <box.one> (has|holds|had) <a> <things>",
            "<b> (of them |)are <color> and <c> are <shade>",
            "the (others|rest) are <rest>",
        ),
        "how many <things> are <rest>",
    ),
    Plot(
        (
            "<p> (has|had|made|picked) <a> <things>",
            "<p.he> (gives|gave) <b> to <q> and <c> to <p.own> <kin>",
        ),
        "how many <things> (does <p.he> have left|are left|does <p.he> keep)",
    ),
    Plot(
        (
            "there (are|were) <a> <young> in a (class|club|camp)",
            "<b> (go|went) (home|swimming|hiking) and <c> (go|went) to the (library|gym|museum)",
        ),
        "how many <young> (are left|stay|stayed|remain)",
    ),
)
LESS_PRODUCT = (
    Plot(
        (
            "<p> (has|had|saved) <a>",
            "<p.he> (buys|bought) <b> <things> (at|for) <c> each",
        ),
        "how much( money|) (does <p.he> have left|is left|remains|did <p.he> have left)",
        "ac",
    ),
    Plot(
        (
            "a (tank|pool|barrel) (holds|has room for) <a> <fluid>",
            "it (is filled|was filled) (at|with) <c> <fluid> (a|per|each|every) minute for <b> minutes",
        ),
        "how many more <fluid> (fit into it|does it hold|are needed to fill it)",
    ),
    Plot(
        (
            "<p> (has|had|picked|made) <a> <things>",
            "<p.he> (fills|filled|packed) <b> <box> with <c>( <things>|)( each| in each|)",
        ),
        "how many <things> (are left over|are left|are not packed|remain)",
    ),
    Plot(
        (
            "(a|the) book has <a> pages",
            "<p> (reads|read) <c> pages (a|each|every) day for <b> days",
        ),
        "how many pages (are left|does <p.he> have left|remain)( to read|)",
    ),
    Plot(
        (
            "<p> (has|had) <a> <things>",
            "<p.he> (gives|gave) <c> to each of <p.own> <b> (friends|cousins|students)",
        ),
        "how many <things> (does <p.he> have left|are left|does <p.he> keep)",
    ),
    Plot(
        (
            "<a> (people|students|guests) (came|come|want to sit down)",
            "there (are|were) <b> (tables|benches|rows) with <c> (seats|chairs)( each| at each|)",
        ),
        "how many (people|of them) (must stand|do not get a seat|have no seat)",
    ),
    Plot(
        (
            "a <x.one> costs <a>",
            "<p> (saves|saved) <c> (a|each|every) week for <b> weeks",
        ),
        "how much( more| more money|) does <p.he> (still |)need",
        "ac",
    ),
)
THREE_FACTORS = (
    Plot(
        (
            "<p> (has|bought|ordered) <a> <box>",
            "(each|every) <box.one> (has|holds) <b> (smaller boxes|packets|rows) with <c> <things>( each| in each|)",
        ),
        f"how many <things> (are there|does <p.he> have) {IN_ALL}",
    ),
    Plot(
        (
            "(a|the) (hotel|building|school) has <a> floors with <b> rooms each",
            "(each|every) room has <c> (beds|windows|chairs|lamps|desks)",
        ),
        "how many (are there|are that|does it have) in all",
    ),
    Plot(
        ("<p> (works|practices|reads|trains) <a> hours a day, <b> days a week",),
        "how many hours is that in <c> weeks",
    ),
    Plot(
        (
            "<p> (earns|makes|gets) <c> an hour",
            "<p.he> works <a> hours (a|each|every) day for <b> days",
        ),
        f"how much( money|) (does|will) <p.he> (earn|make) {IN_ALL}",
        "c",
    ),
    Plot(
        (
            "<p> (eats|uses|sells) <a> <things> (a|each|every) day",
            "each (one|<things.one>) costs <c>",
        ),
        "how much is that in <b> days",
        "c",
    ),
    Plot(
        (
            "<a> (trucks|wagons|boats) (carry|bring|carried) <b> <box> each",
            "there are <c> <things> in (each|every) <box.one>",
        ),
        f"how many <things> (do they carry|are that|are there) {IN_ALL}",
    ),
)
PRODUCT_DIVIDED = (
    Plot(
        (
            "<p> (earns|saves|makes|gets) <b> (a|each|every) (day|week|month) for <a> (days|weeks|months)",
            "<p.he> (spends|uses) all of it on <things> (for|at|that cost) <c> each",
        ),
        "how many <things> (can|does) <p.he> buy",
        "bc",
    ),
    Plot(
        (
            "<p> (prints|wants to print|needs) <a> copies of a (report|book|letter) of <b> pages",
            "(a|the|<p.his>) printer (makes|prints|does) <c> pages (a|per|each) minute",
        ),
        "how many minutes does (it|that) take",
    ),
    Plot(
        (
            "<p> (bought|has|had) <a> <box> of <things> with <b> in each",
            "<p.he> (shares|divides|shared|splits) them (equally|evenly) (among|with|between) <c> (friends|children|people)",
        ),
        "how many <things> (does|did|will) each( one| of them|) get",
    ),
    Plot(
        (
            "there are <a> (classes|teams|groups) of <b> <young>( each|)",
            "(a|each|every) <van> (holds|takes|has room for) <c>( of them|)",
        ),
        "how many <van>s (are|will be) needed",
    ),
    Plot(
        (
            "(a|the) (farmer|gardener) (picks|picked) <b> <x> from each of <a> (trees|plants|rows)",
            "<p> (packs|packed) them <c> to a <box.one>",
        ),
        "how many <box> (are needed|does <p.he> need|are filled)",
    ),
)
