"""The plots of two-step problems that end with a division."""

from tora_agent.training.corpus.word_problems.scenarios import Plot

SUM_DIVIDED = (
    Plot(
        (
            "<p> (has|had|took) <a> (photos|pictures) (on|from) (a|<p.own>) phone and <b> (on|from) (a|<p.own>) camera",
            "<p.he> (sorts|sorted|put) them (all |)into albums (with|of) <c>( each| pictures each|)",
        ),
        "how many albums (did|does|will) <p.he> (need|make|have)",
    ),
    Plot(
        (
            "(there are|a class has|a club has|a school has) <a> boys and <b> girls",
            "(the coach|the teacher|<p>) (puts|put|divided|splits) them into <team> of <c>",
        ),
        "how many <team> (are|were|will be) there",
    ),
    Plot(
        (
            "<a> <young> and <b> <grown> (are going|went) on a trip",
            "(each|every|one|a) <van> (holds|takes|can hold|has room for) <c>( people|)",
        ),
        "how many <van>s (are|were|will be) needed",
    ),
    Plot(
        (
            "<p> (has|had|bought) <a> <color> <things> and <b> <shade> <things>",
            "<p.he> (puts|put|packed) them (all |)(in|into) <box> (of|with) <c>( each|)",
        ),
        "how many <box> (did|does|will) <p.he> (need|use|fill|have)",
    ),
    Plot(
        (
            "<p> (baked|made|picked|collected|bought) <a> <x> and <b> <y>",
            "<p.he> (puts|put|packed|wants to pack) <c> (of them |items |)in each <box.one>",
        ),
        "how many <box> (does|did|will) <p.he> (need|fill|use)",
    ),
    Plot(
        (
            "<p> (had|saved|has) <a>",
            "<p.he> (earned|got|received|was given) <b> more( for <p.own> birthday| from <p.own> <kin>|)",
            "a <things.one> costs <c>",
        ),
        "how many <things> (can|could) <p.he> buy",
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
    ),
    Plot(
        (
            "<p> (picked|found|collected|made) <a> <things>",
            "<q> (picked|found|collected|made) <b>( <things>|)",
            "they (put|divided) them all (equally|evenly) into <c> <box>",
        ),
        "how many <things> (are|were) in each <box.one>",
    ),
    Plot(
        (
            "<p> (had|got) <a> (shirts|towels|dishes|socks) and <b> (pants|sheets|cups|sweaters) to wash",
            "the machine (holds|can wash|takes) <c> at (once|a time)",
        ),
        "how many loads (does|did|will) <p.he> (do|need|have to do)",
    ),
    Plot(
        (
            "<p> (has|had) <a> <things> at home and (got|gets|buys|bought) <b> more",
            "<p.he> (wants to give|gives|gave) the same number to each of <p.own> <c> (friends|cousins|students)",
        ),
        "how many <things> (does|will|did) each( of them|) get",
    ),
    Plot(
        (
            "<p> (earned|made|got) <a> on <day> and <b> on <later>",
            "<p.he> (spends|spent|uses|used) all of it on <things> (at|for) <c> each",
        ),
        "how many <things> (did|does|can) <p.he> buy",
        "abc",
    ),
    Plot(
        (
            "<p> and <q> (paint|painted|wrote|sewed) <a> and <b> cards",
            "they (put|divide|divided) (all the cards|them) (equally|evenly) (in|into|among) <c> <box>",
        ),
        "how many cards (are|go|were) in each <box.one>",
    ),
    Plot(
        (
            "(a|the) (farmer|gardener|baker) has <a> <x> from <day> and <b> from <later>",
            "(he|she) packs <c> in (each|every|a) <box.one>",
        ),
        "how many <box> are (needed|filled|packed)",
    ),
    Plot(
        (
            "<p> has <a> <part> of homework in math and <b> in reading",
            "<p.he> can do <c> (an|each|every|per) hour",
        ),
        "(how many hours|how long in hours) (will it take( <p.him>|)|does <p.he> need)( in all|)",
    ),
    Plot(
        (
            "<a> (boys|students|adults) and <b> (girls|teachers|children) (ride|rode|travel|traveled) in <c> (buses|cars|vans|boats)",
            "each (took|takes|has|had) the same number of people",
        ),
        "how many people (are|were) in each( one|)",
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
    ),
    Plot(
        (
            "<p> (had|has) <a> (pieces of clothing|shirts|dishes|towels|plates) to wash",
            "<p.he> washed <b>( of them|) (already|in the morning|first)",
            "the rest (go|went) in loads of <c>",
        ),
        "how many loads are there",
    ),
    Plot(
        (
            "there (are|were) <a> (students|children|players|people|campers)( in a class| in all|)",
            "<b> of them (are absent|were absent|went home|are sick|do not want to play|left)",
            "the (others|rest) (form|formed|are split into|make) <team> of <c>",
        ),
        "how many <team> are there",
    ),
    Plot(
        (
            "<p> (is reading|reads|has) a book (with|of|that has) <a> pages",
            "<p.he> (has read|already read|read) <b>( pages|)( so far| already|)",
            "<p.he> (reads|will read|can read) <c> pages (a|each|every|per) day",
        ),
        "(how many (more |)days (will it take|does <p.he> need) to finish( it| the book|)|in how many days"
        " will <p.he> finish( the book|))",
    ),
    Plot(
        (
            "<p> (had|picked|bought|baked) <a> <things>",
            "<p.he> (<w.past>|gave away|threw away) <b>( of them|)",
            "<p.he> put the (rest|others) (into|in) <box> (of|with) <c>( each| <things> each|)",
        ),
        "how many <box> (did <p.he> (use|need|fill)|are there)",
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
    ),
    Plot(
        (
            "<p> (needs|has|wants) to (make|pack|sell|plant) <a> <things>",
            "<p.he> has already (done|finished) <b>( of them|)",
            "<p.he> (can do|does|finishes) <c> (an|each|per) hour",
        ),
        "how many (more |)hours (will it take|does <p.he> need)( for the rest|)",
    ),
    Plot(
        ("<c> <things> (and a <x.one>|and one <x.one>) cost <a>( together| in all|)", "the <x.one> costs <b>"),
        "(how much does (each|one) <things.one> cost|what is the price of one <things.one>)",
        "ab",
    ),
    Plot(
        (
            "<p> (made|had|picked) <a> <things> and (kept|keeps) <b>( for <p.own> family| for later|)",
            "<p.he> (packed|packs|put) the rest (into|in) <c> <box>, the same number in each",
        ),
        "how many <things> (are|were) in each <box.one>",
    ),
    Plot(
        (
            "(a|the) (rope|board|ribbon|road) is <a> <long> long",
            "<p> (cuts off|cut off|removes) <b> <long>",
            "<p.he> cuts (the rest|what is left) into pieces of <c>( each|)",
        ),
        "how many pieces (are there|does <p.he> get|did <p.he> get)",
    ),
    Plot(
        (
            "a <x.one> costs <a>, and <p> (has|has saved) <b>( already| so far|)",
            "<p.he> (saves|can save|will save|earns) <c> (a|each|every|per) week",
        ),
        "(how many (more |)weeks (does <p.he> need|must <p.he> save|will it take)|in how many weeks can <p.he> buy it)",
        "abc",
    ),
    Plot(
        (
            "there (are|were) <a> <things> in (a|the) <box.one>",
            "<p> (took|takes|removed) <b>( out|)",
            "<c> (children|friends|people|students) share the (rest|others) equally",
        ),
        "how many( <things>|) (does|will|did) each( one| child|) get",
    ),
    Plot(
        (
            "(a|the) (tank|barrel|pool) (holds|held|had) <a> <fluid> of water",
            "<b> <fluid> (are|were) used",
            "the rest is poured into (buckets|cans) of <c> <fluid>( each|)",
        ),
        "how many (buckets|cans) (are filled|can be filled|does that make)",
    ),
    Plot(
        (
            "<p> (paid|spent|pays) <a> (in all|altogether) for <c> <things> and a <x.one>",
            "the <x.one> (cost|costs) <b>",
        ),
        "(how much|how many dollars) did (each <things.one>|one of the <things>) cost",
        "ab",
    ),
)
