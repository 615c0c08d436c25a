"""Runs as one HTML page that needs nothing beside itself: scores, failures, budgets and every trajectory."""

from tora_agent.eval.report.page import ReportedRun, report_page

__all__ = ["ReportedRun", "report_page"]
