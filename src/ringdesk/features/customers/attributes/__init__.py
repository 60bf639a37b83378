"""The attributes that administrators add to the card (product.md 1.2)."""

from ringdesk.features.customers.attributes.controllers import AttributeController
from ringdesk.features.customers.attributes.jobs import JOBS
from ringdesk.features.customers.attributes.schemas import Attribute

__all__ = ["JOBS", "Attribute", "AttributeController"]
