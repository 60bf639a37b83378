"""HTTP of customers: parse, call, answer."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.openapi.spec import Schema
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from ringdesk.features.customers import export, listing, service
from ringdesk.features.customers.fields import EDITABLE
from ringdesk.features.customers.records import row_of, row_without_card
from ringdesk.features.customers.schemas import Customer, CustomerPage, LookupResult, NewIdentity
from ringdesk.features.people import Actor
from ringdesk.kit.csv_file import csv_answer, whole_list
from ringdesk.kit.db import Database
from ringdesk.kit.problems import FieldErrors
from ringdesk.kit.settings import Settings
from ringdesk.kit.versions import IfMatch, etag, version_for_edit, version_of

PersonRequest = Request[Actor, Any, Any]


def _schema(form: dict[str, Any]) -> Schema:
    """A field's form as the API's description has it."""
    members = dict(form)
    if "properties" in members:
        members["properties"] = {name: _schema(part) for name, part in members["properties"].items()}
    for nested in ("items", "additionalProperties"):
        if isinstance(members.get(nested), dict):
            members[nested] = _schema(members[nested])
    names = {"maxLength": "max_length", "maxItems": "max_items", "additionalProperties": "additional_properties"}
    return Schema(**{names.get(name, name): value for name, value in members.items()})


# The body is read as it is: the field registry names everything that is wrong with it at once.
CustomerFields = Annotated[
    dict[str, Any],
    Body(
        title="CustomerFields",
        description="Fields of a card; absent ones stay, null and blank clear.",
        schema_extra={
            "properties": {key: _schema(field.type.schema()) for key, field in EDITABLE.items()},
            "additional_properties": False,
        },
    ),
]


class CustomerController(Controller):
    """Customers: list, look-up, card."""

    path = "/customers"
    tags = ("customers",)

    @get(opt={"right": "customers:read"})
    async def page(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        q: Annotated[str | None, QueryParameter(description="Words, parts of words or of numbers; all must be found.")] = None,
        sort: Annotated[str | None, QueryParameter(description="Columns with commas between them; - in front: descending.")] = None,
        page: Annotated[str | None, QueryParameter(description="From 1.")] = None,
        page_size: Annotated[str | None, QueryParameter(description="1 to 200, default 50.")] = None,
    ) -> CustomerPage:
        """Customers, newest first unless sorted otherwise. Filters are further parameters of the form `field.operator=value`.

        `phone_1.eq=0701740605`, `last_name.starts=Ber`, `created_at.gte=2026-11-01`, `email.empty=true`; archived customers show only
        when a filter names `archived_at`.
        """
        async with db.transaction() as uow:
            reader = listing.reader_of(request.user)
            found = await listing.page(uow, request.query_params.multi_items(), settings.default_region, reader)
        shown = row_of if reader.card else row_without_card
        return CustomerPage([shown(record) for record in found.items], found.page, found.page_size, found.total, found.total_is_estimate)

    @get("/export.csv", opt={"right": "customers:export"}, media_type="text/csv")
    async def export(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        columns: Annotated[str, QueryParameter(max_length=8_000, description="Columns in their order, with commas between them.")] = (
            "kind,first_name,last_name,company_name,phone_1,email,city"
        ),
    ) -> Stream:
        """What the list shows as CSV: `columns`, and `q`, `sort` and filters as for the list. Cells can't act as formulas."""
        asked = whole_list(request.query_params.multi_items(), "columns")
        spec, query, chosen = await export.begin(db, request.user, asked, columns, region=settings.default_region)
        return csv_answer("customers", export.lines(db, spec, query, chosen))

    @get("/lookup", opt={"right": "customers:read"})
    async def lookup(
        self,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        phone: FromQuery[str | None] = None,
        email: FromQuery[str | None] = None,
    ) -> LookupResult:
        """To whom a number (in any national or international form) or an e-mail address may belong, most recently in touch first."""
        errors = FieldErrors()
        if (phone is None) == (email is None):
            errors.add("phone", "required", "Give either phone or email.")
        errors.raise_if_any()
        async with db.transaction() as uow:
            if phone is not None:
                return LookupResult(await service.find_by_phone(uow, phone, settings.default_region))
            return LookupResult(await service.find_by_address(uow, "email", email or "", settings.default_region))

    @post(opt={"right": "customers:write"})
    async def create(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: CustomerFields,
        link_interaction: FromQuery[UUID | None] = None,
        accept_duplicates: FromQuery[bool] = False,
    ) -> Response[Customer]:
        """A new customer; with `link_interaction` that interaction becomes theirs."""
        customer = await service.create(
            db,
            request.user,
            data,
            region=settings.default_region,
            link_interaction=link_interaction,
            duplicates=settings.duplicates,
            accept_duplicates=accept_duplicates,
        )
        return _answer(customer, status=201, headers={"location": f"/api/v1/customers/{customer.id}"})

    @get("/{customer_id:uuid}", opt={"right": "customers:read", "part": "card"})
    async def read(self, db: NamedDependency[Database], customer_id: FromPath[UUID]) -> Response[Customer]:
        """The whole card; its ETag is the version to send as If-Match with an edit.

        The id of a card that was merged into another gives that one: its `id` is another then, and Content-Location names it.
        """
        return _answer(await service.read(db, customer_id), asked=customer_id)

    @patch("/{customer_id:uuid}", opt={"right": "customers:write", "part": "card"})
    async def edit(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        data: CustomerFields,
        if_match: IfMatch = None,
        accept_duplicates: FromQuery[bool] = False,
    ) -> Response[Customer]:
        """Set some fields. If-Match is required; a stale one answers 409 with the card as it is now in `current`."""
        customer = await service.edit(
            db,
            request.user,
            customer_id,
            data,
            version=version_for_edit(if_match),
            region=settings.default_region,
            duplicates=settings.duplicates,
            accept_duplicates=accept_duplicates,
        )
        return _answer(customer, asked=customer_id)

    @post("/{customer_id:uuid}/archive", status_code=200, opt={"right": "customers:write", "part": "card"})
    async def archive(
        self, request: PersonRequest, db: NamedDependency[Database], customer_id: FromPath[UUID], if_match: IfMatch = None
    ) -> Response[Customer]:
        """Take the card out of lists and look-up; nothing is deleted."""
        return _answer(await service.archive(db, request.user, customer_id, version=version_of(if_match)))

    @post("/{customer_id:uuid}/unarchive", status_code=200, opt={"right": "customers:write", "part": "card"})
    async def unarchive(
        self, request: PersonRequest, db: NamedDependency[Database], customer_id: FromPath[UUID], if_match: IfMatch = None
    ) -> Response[Customer]:
        """Bring an archived card back."""
        return _answer(await service.unarchive(db, request.user, customer_id, version=version_of(if_match)))


class IdentityController(Controller):
    """The addresses of a card, beyond its fields."""

    path = "/customers/{customer_id:uuid}/identities"
    tags = ("customers",)

    @post(opt={"right": "customers:write", "part": "card"})
    async def add(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        data: JSONBody[NewIdentity],
        if_match: IfMatch = None,
        accept_duplicates: FromQuery[bool] = False,
    ) -> Response[Customer]:
        """Add a confirmed address to the card."""
        customer = await service.add_identity(
            db,
            request.user,
            customer_id,
            data.kind,
            data.value,
            version=version_of(if_match),
            region=settings.default_region,
            duplicates=settings.duplicates,
            accept_duplicates=accept_duplicates,
        )
        return _answer(customer, status=201)

    @post("/{identity_id:uuid}/confirm", status_code=200, opt={"right": "customers:write", "part": "card"})
    async def confirm(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        identity_id: FromPath[UUID],
        if_match: IfMatch = None,
        accept_duplicates: FromQuery[bool] = False,
    ) -> Response[Customer]:
        """An unconfirmed address is the customer's: from now on it pops."""
        customer = await service.confirm_identity(
            db,
            request.user,
            customer_id,
            identity_id,
            version=version_of(if_match),
            region=settings.default_region,
            duplicates=settings.duplicates,
            accept_duplicates=accept_duplicates,
        )
        return _answer(customer)

    @delete("/{identity_id:uuid}", status_code=200, opt={"right": "customers:write", "part": "card"})
    async def remove(
        self,
        request: PersonRequest,
        db: NamedDependency[Database],
        settings: NamedDependency[Settings],
        customer_id: FromPath[UUID],
        identity_id: FromPath[UUID],
        if_match: IfMatch = None,
    ) -> Response[Customer]:
        """An address is not the customer's; the card without it."""
        customer = await service.remove_identity(
            db, request.user, customer_id, identity_id, version=version_of(if_match), region=settings.default_region
        )
        return _answer(customer)


def _answer(
    customer: Customer, *, status: int = 200, headers: dict[str, str] | None = None, asked: UUID | None = None
) -> Response[Customer]:
    named = {"content-location": f"/api/v1/customers/{customer.id}"} if asked and asked != customer.id else dict[str, str]()
    return Response(customer, status_code=status, headers={**etag(customer.version), **named, **(headers or {})})
