"""Adapters to the systems around us; each turns what the outside says into a feature's facts."""
