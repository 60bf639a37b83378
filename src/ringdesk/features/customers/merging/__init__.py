"""Two cards of one customer become one, and two again (product.md 1.8, docs/adr/0015)."""

from ringdesk.features.customers.merging.controllers import MergeController, UndoController
from ringdesk.features.customers.merging.events import CardsMerged, CardsParted, merged, parted
from ringdesk.features.customers.merging.references import Folded, Listed, Moved, declare

__all__ = ["CardsMerged", "CardsParted", "Folded", "Listed", "MergeController", "Moved", "UndoController", "declare", "merged", "parted"]
