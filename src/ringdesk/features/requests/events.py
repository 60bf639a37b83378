"""What requests publish."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from ringdesk.features.requests.schemas import Request, RequestChanged, RequestDiscarded, RequestPolicies, RequestSchema
from ringdesk.kit.db import UnitOfWork
from ringdesk.kit.signals import Signal

SCHEMA = "schema"


class Edited(Struct, frozen=True):
    """Somebody edited a request."""

    request_id: UUID


edited: Signal[Edited] = Signal()


def log_changed(uow: UnitOfWork, request: Request, *, changed: Sequence[str], by_name: str, also: UUID | None = None) -> None:
    """Log a request that was opened or changed; `also` is a customer it was taken from."""
    customers = [f"customer:{customer_id}" for customer_id in dict.fromkeys([request.customer_id, also]) if customer_id]
    uow.log_event("request.changed", ["requests", f"request:{request.id}", *customers], RequestChanged(request, list(changed), by_name))


def log_schema(uow: UnitOfWork, schema: RequestSchema) -> None:
    """Log the types and fields as they are now; every desk hears it."""
    uow.log_event("schema.requests_changed", [SCHEMA], schema)


def log_discarded(uow: UnitOfWork, request: Request, *, by_name: str) -> None:
    """Log that a request never happened."""
    topics = ["requests", f"request:{request.id}", f"customer:{request.customer_id}"]
    uow.log_event("request.discarded", topics, RequestDiscarded(request.id, request.customer_id, by_name))


def log_policies(uow: UnitOfWork, policies: RequestPolicies) -> None:
    """Log the policies as they are now; every desk hears it."""
    uow.log_event("schema.request_policies_changed", [SCHEMA], policies)
