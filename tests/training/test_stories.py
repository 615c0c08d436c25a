"""Stories: the package's own are right, and a wrong one is refused."""

import random
import re
from collections import Counter
from fractions import Fraction

import pytest

from tora_agent.training.corpus.draft import Draft
from tora_agent.training.corpus.spacing import TOKENISED, respace
from tora_agent.training.corpus.stories import generators, parse, stories, tell
from tora_agent.training.corpus.word_problems import numbers

UNCLEAN = re.compile(r"[<>|]|\s[.?,]|\$(?!\d)|\$[\d.]+ dollars")
FLOAT_NOISE = Fraction(1, 10**6)
STORY = """\
<p> packs <things> oranges into <groups> crates(, the same number in each|). How many are in a crate?
each = 3..30, groups = 2..12, things = each * groups if each > 4 and groups < 12
Divide.
share = things // groups
answer: each"""


def printed(draft: Draft) -> str:
    lines: list[str] = []
    exec(draft.program, {"print": lambda value: lines.append(str(value))})
    return lines[-1]


@pytest.mark.parametrize("seed", range(2))
def test_all_stories_are_right(seed: int) -> None:
    told = [tell(random.Random(seed), story) for story in stories()]
    assert len(told) > 500
    assert not [draft for draft in told if abs(Fraction(printed(draft)) - Fraction(draft.answer)) > FLOAT_NOISE]
    assert not [draft.question for draft in told if UNCLEAN.search(draft.question)]
    assert not [draft for draft in told if not is_told(re.findall(r"^\w+ = ([\d.]+)$", draft.program, re.M), draft)]


def is_told(given: list[str], draft: Draft) -> bool:
    """Whether every number that the program is given stands in the question."""
    text = draft.question.lower().replace(",", "")
    stated = {Fraction(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}
    spoken = {int(number) for number in given if number.isdigit() and int(number) < 100}
    stated |= {number for number in spoken if re.search(rf"(?<![\w-]){numbers.words(number)}(?![\w-])", text)}
    return {Fraction(number) for number in given} <= stated


def test_a_story_is_told_with_numbers_that_fit() -> None:
    (story,) = parse(STORY)
    for seed in range(30):
        draft = tell(random.Random(seed), story)
        assert draft.family == "story_1" and draft.rationale == "Divide."
        assert 4 < int(draft.answer) == int(printed(draft))
        assert draft.program.splitlines()[2:] == ["share = things // groups", "print(share)"]


def test_families_are_named_by_steps() -> None:
    assert list(generators()) == ["story_1", "story_2", "story_3", "story_4"]


def test_a_story_without_an_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="a story has"):
        parse(STORY.replace("answer: each", "each"))


def test_conditions_that_no_numbers_meet_are_refused() -> None:
    (story,) = parse(STORY.replace("each > 4", "each > 40"))
    with pytest.raises(ValueError, match="no numbers fit"):
        tell(random.Random(0), story)


def test_questions_are_spaced_in_the_ways_of_published_sets() -> None:
    question = 'Tom\'s hat (new) cost $5.50, and Ann has 3 "dollars". Does she, at 9:30, need 20% more?'
    assert respace(question, 0.9) == question
    tokenised = 'Tom \'s hat (new) cost $ 5.50 , and Ann has 3 "dollars" . Does she , at 9:30 , need 20% more ?'
    assert respace(question, 0.0) == tokenised
    assert respace(question, TOKENISED) == question.replace(". Does", ".  Does")


def test_a_story_is_told_about_other_things_too() -> None:
    (story,) = parse(STORY.replace("<things> oranges", "an orange and <things> oranges"))
    told = [tell(random.Random(seed), story) for seed in range(60)]
    fruits = Counter(re.findall(r"\w+ an? (\w+) and [\w-]+ (\w+) into", draft.question)[0] for draft in told)
    assert 15 < fruits["orange", "oranges"] < 45 and len(fruits) > 10
    assert all(re.search(r"\b(an [aeiou]|a [^aeiou])", draft.question) for draft in told)
    assert {draft.rationale for draft in told} == {"Divide."}
