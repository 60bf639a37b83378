"""What of requests moves when two cards become one, and back (docs/adr/0015)."""

from ringdesk.features import customers

customers.moves_with_customer(
    customers.Moved(table="request", counted="requests"),
    customers.Moved(table="interaction_move", column="from_customer"),
    customers.Moved(table="interaction_move", column="to_customer"),
)
