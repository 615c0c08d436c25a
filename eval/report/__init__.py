"""Runs as one HTML page that needs nothing beside itself: scores, failures, budgets and every trajectory."""

from tora_agent.eval.report.numbers import ReportedRun
from tora_agent.eval.report.page import report_page

__all__ = ["ReportedRun", "report_page"]
