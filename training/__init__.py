"""How the models are made: corpus, supervised fine-tuning, output space shaping, export to GGUF."""
