"""Calls: what telephone systems say, and what became of each call."""
