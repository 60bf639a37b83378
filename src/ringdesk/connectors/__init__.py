"""Adapters to outside systems, one package each, behind the ports of the features."""
