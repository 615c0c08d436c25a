"""A local server: pages that show the agent at work, and an OpenAI-compatible API."""
