"""What generates text: llama.cpp or transformers in this process, servers, or a recording."""
