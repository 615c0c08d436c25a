"""The ToRA text protocol: blocks, output blocks, stop strings, answers. Pure functions on strings.

The facts are those of the ToRA paper (arXiv 2309.17452) and its published evaluation, quirks included, so that
scores compare with published ones.
"""

import re

STOP_OUTPUT = "```output"
END_OF_TEXT = "</s>"
TIMEOUT_RESULT = "Timeout Error"
EMPTY_RESULT = "Done"
CALL_LIMIT_NOTE = "\nReach max function call limit."
RESULT_LIMIT = 400  # characters of a result that the model reads

_ANSWER_PHRASE = "he answer is"
_PROGRAM = re.compile(r"^```python.*\n((?s:.*?))(?=^```|\Z)", re.MULTILINE)
_OUTPUT = re.compile(r"```output((?s:.*?))(?=```|\Z)")
_APPENDED_OUTPUT = re.compile(r"```output\n((?s:.*?))(?:^```[ \t]*(?:\n|\Z)|\Z)", re.MULTILINE)
_NUMBER = re.compile(r"-?\d*\.?\d+")


def has_box(text: str) -> bool:
    """Whether the text states a boxed answer, which ends the run."""
    return "boxed" in text


def states_answer(text: str) -> bool:
    """Whether the text says what its answer is; else `extract_answer` can only take its last output or number."""
    return has_box(text) or _ANSWER_PHRASE in text


def programs(text: str) -> list[str]:
    """Every Python block of a text, in order; a block ends at the next fence, or with the text."""
    return [block.removesuffix("\n") for block in _PROGRAM.findall(text)]


def closing_program(segment: str, before: str = "") -> str | None:
    """The program to run after this segment, or None where the run ends.

    A segment asks for execution when it ends with a fence and holds no box: a box beside unexecuted code wins.
    What runs is the last Python block of the text so far (`before` is what came before the segment), or an empty
    program where there is none.
    """
    if has_box(segment) or not segment.rstrip().endswith("```"):
        return None
    return last_program(before + segment)


def last_program(text: str) -> str:
    """The last Python block of a text, or an empty program where there is none."""
    return next(reversed(programs(text)), "")


def outputs(text: str) -> list[str]:
    """The content of every output block, stripped, in order."""
    return [block.strip() for block in _OUTPUT.findall(text)]


def segments(text: str) -> list[tuple[str, str | None]]:
    """A recorded trajectory, split as the loop saw it.

    Each pair is what the model wrote, right-stripped, and the output that the loop appended to it, or None
    after the last. The loop's own note on the call limit is left out. Joined again with `output_block`, the
    pairs give the text.
    """
    pairs: list[tuple[str, str | None]] = []
    start = 0
    while block := _APPENDED_OUTPUT.search(text, start):
        pairs.append((text[start : block.start()].rstrip(), block[1].removesuffix("\n")))
        start = block.end()
    tail = text[start:].rstrip()
    if pairs:
        tail = tail.removesuffix(CALL_LIMIT_NOTE.strip()).rstrip()
    if tail or not pairs:
        pairs.append((tail, None))
    return pairs


def result_text(stdout: str, error: str | None, timed_out: bool) -> str:
    """What the model reads of one execution: its output, or else its error's last line.

    What a failed program printed before it failed is dropped.
    """
    if timed_out:
        return TIMEOUT_RESULT
    lines = error.strip().splitlines() if error else []
    result = lines[-1].strip() if lines else stdout.strip() or EMPTY_RESULT
    if len(result) > RESULT_LIMIT:
        half = RESULT_LIMIT // 2
        return f"{result[:half]}...{result[-half:]}"
    return result


def output_block(result: str) -> str:
    """The text that the loop appends after a segment whose program ran."""
    return f"\n{STOP_OUTPUT}\n{result}\n```\n"


def extract_answer(text: str) -> str:
    """The answer that a completion states, before `normalise`; "" when it states none.

    In order: the last box, what follows the last "he answer is", the last output block, the last number.
    """
    answer = _stated_answer(text).split("\n")[0]
    return answer.removeprefix(":").removesuffix(".").removesuffix("/")


def _stated_answer(text: str) -> str:
    if has_box(text):
        return _box_content(text.rpartition("boxed")[2])
    if _ANSWER_PHRASE in text:
        return text.rpartition(_ANSWER_PHRASE)[2].strip()
    if (blocks := outputs(text)) and blocks[-1]:
        return blocks[-1]
    return next(reversed(_NUMBER.findall(text.replace(",", ""))), "")


def _box_content(after: str) -> str:
    """What a box holds, given the text after the word: its matched braces, or without any up to a dollar."""
    if not after.startswith("{"):
        return after.partition("$")[0].strip()
    depth = 0
    for position, character in enumerate(after):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return after[1:position]
    return after[1:]


_SPELLING = (
    ("\n", ""),
    ("\\!", ""),
    ("\\ ", ""),
    ("\\\\", "\\"),
    ("\\\\", "\\"),  # again: four backslashes become one
    ("tfrac", "frac"),
    ("dfrac", "frac"),
    ("\\left", ""),
    ("\\right", ""),
)
_MARKS = (
    ("^{\\circ}", ""),
    ("^\\circ", ""),
    ("\\$", ""),
    ("$", ""),
    ("\\text", ""),
    ("x\\in", ""),
    ("\\%", ""),
    ("%", ""),
    (" .", " 0."),
    ("{.", "{0."),
    ("\\cdot", ""),
    ("infinity", "\\infty"),
)
_MBOX = re.compile(r"\\mbox\{.*?\}")
_ZERO_DECIMALS = re.compile(r"(?<=\d)\.0+(?!\d)")
_BARE_ROOT = re.compile(r"\\sqrt(\w+)")
_BARE_FRACTION = re.compile(r"\\frac([^{])(.)")
_CUT_FRACTION = re.compile(r"\\frac[^{]?(?=\\frac|$)")
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")


def normalise(answer: str) -> str:
    """An answer in the spelling that the reference rules compare; idempotent.

    The reference applies its rules to an answer two or three times on the way to a verdict, so here they apply
    until nothing changes: how often a caller normalises doesn't matter.
    """
    while (simpler := _normalise_once(answer)) != answer:
        answer = simpler
    return answer


def _normalise_once(answer: str) -> str:
    answer = _replace(answer.strip().replace("\n", "").rstrip("."), _SPELLING)
    answer = _without_unit(answer).strip() or answer  # a text that is not a unit is the answer
    answer = _replace(answer, _MARKS)
    if "\\infty" not in answer:
        answer = answer.replace("inf", "\\infty")
    answer = _MBOX.sub("", answer.replace("and", "").replace("\\mathbf", ""))
    if "i" not in answer:
        answer = answer.replace("j", "i")
    answer = _ZERO_DECIMALS.sub("", answer)
    if answer.startswith("."):
        answer = "0" + answer
    answer = _right_hand_side(answer)
    answer = _BARE_ROOT.sub(r"\\sqrt{\1}", answer).replace(" ", "")
    return _built_up_quotient(_braced_fractions(answer))


def _without_unit(answer: str) -> str:
    r"""An answer that ends with a text in braces, without all from its first `\text` on."""
    before, mark, after = answer.partition("\\text{")
    return before if mark and after.endswith("}") else answer


def _replace(text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for old, new in replacements:
        text = text.replace(old, new)
    return text


def _right_hand_side(answer: str) -> str:
    """`k = 5` is 5; a longer left side, such as a sum's, stays."""
    left, _, right = answer.partition("=")
    return right if answer.count("=") == 1 and len(left) <= 2 else answer


def _braced_fractions(answer: str) -> str:
    r"""`\frac12` and `\frac1{72}` with both braces; an answer with a cut-off fraction stays as it is."""
    if _CUT_FRACTION.search(answer):
        return answer
    return _BARE_FRACTION.sub(lambda m: f"\\frac{{{m[1]}}}" + (m[2] if m[2] == "{" else f"{{{m[2]}}}"), answer)


def _built_up_quotient(answer: str) -> str:
    r"""`a/b` of two integers or roots as `\frac{a}{b}`."""
    parts = answer.split("/")
    if len(parts) == 2 and all("sqrt" in part or _INTEGER.fullmatch(part) for part in parts):
        return f"\\frac{{{parts[0]}}}{{{parts[1]}}}"
    return answer
