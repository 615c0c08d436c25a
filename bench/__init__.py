"""Measurements: ratios taken in one run, so that they say something on any machine."""
