"""Trainings that ship with the package: whole pipelines, and fine-tunings of base models."""
