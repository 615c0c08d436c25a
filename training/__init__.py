"""How the models are made: corpus, supervised fine-tuning, output space shaping, export to GGUF."""

from collections.abc import Callable

Say = Callable[[str], None]
"""What hears a line on everything that a person would follow."""
