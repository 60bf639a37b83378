"""A telephone system that isn't there: plays calls at a human pace, for the demo, training and tests.

It says what happens to calls, in the words of `features/telephony/facts.py`, and nothing else; a contract of import-linter keeps it so.
"""

from ringdesk.connectors.simulator.scripts import OPENING, SCRIPTS, Script, Step
from ringdesk.connectors.simulator.simulator import Caller, Callers, Extensions, Simulator

__all__ = ["OPENING", "SCRIPTS", "Caller", "Callers", "Extensions", "Script", "Simulator", "Step"]
