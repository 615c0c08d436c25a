"""The agent inside other frameworks: a folder or a file for each, which only that framework loads."""
