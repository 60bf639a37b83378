"""Ringdesk: the right customer on the screen before the agent says hello."""
