"""Supervised fine-tuning: a tokenizer, a model and the loop that trains it on a corpus of trajectories."""
