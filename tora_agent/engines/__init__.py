"""What generates text: llama.cpp in process, or a recording."""
