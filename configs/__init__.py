"""Experiments that ship with the package, as YAML files."""
