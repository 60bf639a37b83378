"""Who may see what of a customer, and how everything about one is handed over or erased (product.md 1.9, docs/adr/0017).

Nothing is imported here: the card itself needs a part of this room, and the room needs the card. See customers/__init__.py.
"""
