"""Verdicts on answers: the rules of the paper and a stricter set, run where untrusted text can do no harm."""

from tora_agent.eval.grading.grader import GoldForm, Grader, grade_text, prepare_gold, stated_answer
from tora_agent.eval.grading.rules import Verdict

__all__ = ["GoldForm", "Grader", "Verdict", "grade_text", "prepare_gold", "stated_answer"]
