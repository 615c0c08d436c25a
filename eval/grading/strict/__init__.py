"""Verdicts as a mathematician gives them: exact values, sets, intervals, tuples, matrices, units and words."""
