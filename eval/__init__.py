"""Benchmarks: tasks, grading, the runner, the store of results and what they add up to."""
