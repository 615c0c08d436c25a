"""Prompts that ship with the package, as files that a person can read."""
