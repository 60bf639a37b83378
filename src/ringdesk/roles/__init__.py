"""The roles of the one program, each a process of its own: web, worker, telephony; and the tree that runs them all."""

ROLES = ("web", "worker", "telephony")
