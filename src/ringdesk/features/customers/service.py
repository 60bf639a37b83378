"""Use cases of customers: each one transaction; the functions that take `uow` act inside the caller's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Literal
from uuid import UUID

from msgspec import Struct
from psycopg.errors import UniqueViolation

from ringdesk.features import audit
from ringdesk.features.customers import events, fields, identity_rules, rules, store
from ringdesk.features.customers.attributes import service as attributes
from ringdesk.features.customers.attributes.events import AddressesChanged, addresses_changed
from ringdesk.features.customers.attributes.sealed_values import may_hold_sealed
from ringdesk.features.customers.errors import SharedAddress, StaleCustomer
from ringdesk.features.customers.models import CustomerRecord, Draft, IdentityRow, MatchRecord, Reach
from ringdesk.features.customers.privacy import erasure_store
from ringdesk.features.customers.records import as_stored, customer_of, draft_of, identities_of, match_of, whole_draft
from ringdesk.features.customers.schemas import Customer, CustomerSummary, Identity, IdentityKind, LastContact, Match
from ringdesk.features.people import Actor
from ringdesk.kit import clock, phones
from ringdesk.kit.db import Answer, Database, UnitOfWork
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldError, InvalidFields, NotFound
from ringdesk.kit.sealed import reach_index
from ringdesk.kit.settings import load_settings

DuplicatePolicy = Literal["allow", "warn", "refuse"]
"""What happens when a new or edited card shares a number or e-mail with another: nothing, a question, or a refusal (product.md 1.4)."""


class Search(Struct, frozen=True):
    """A look-up by number that was asked for; its rows are waited for when it is read. `forms` None: no number."""

    forms: identity_rules.PhoneForms | None
    found: Answer[MatchRecord] | None
    sealed: Answer[MatchRecord] | None = None
    """Who has the number in a sensitive attribute, found by its blind index."""
    sure: frozenset[str] = frozenset()

    async def matches(self, uow: UnitOfWork) -> list[Match]:
        """The customers to whom the number may belong, most recently in touch first."""
        if self.forms is None or self.found is None:
            return []
        found = [*await self.found.all(), *(await self.sealed.all() if self.sealed else [])]
        if not found and self.forms.tail:
            found = await store.find_by_tail(uow, self.forms.tail)
        return identity_rules.best_matches(match_of(record, self.sure) for record in _latest_first(found))


async def search_by_phone(uow: UnitOfWork, raw: str, region: str) -> Search:
    """Ask whose number this is, without waiting: see `find_by_phone`."""
    forms = identity_rules.phone_forms(phones.variants(raw, region))
    if forms is None:
        return Search(None, None)
    if not await may_hold_sealed(uow):
        return Search(forms, await store.ask_for(uow, "phone", forms.every), sure=frozenset(forms.sure))
    indexes = {form: reach_index(uow.vault, "phone", form) for form in forms.every}
    sure = frozenset([*forms.sure, *(indexes[form] for form in forms.sure)])
    found = await store.ask_for(uow, "phone", forms.every)
    return Search(forms, found, await store.ask_for_sealed(uow, list(indexes.values())), sure)


def _latest_first(found: Sequence[MatchRecord]) -> list[MatchRecord]:
    return sorted(found, key=lambda one: (one.last_contact_at is not None, one.last_contact_at, one.id), reverse=True)


async def find_by_phone(uow: UnitOfWork, raw: str, region: str) -> list[Match]:
    """The customers to whom a caller's number may belong, most recently in touch first; [] for what is no number.

    `region` (ISO 3166) is where a number without a country code is read. Only a confirmed number gives a `known` match.
    """
    return await (await search_by_phone(uow, raw, region)).matches(uow)


async def find_by_address(uow: UnitOfWork, kind: IdentityKind, raw: str, region: str) -> list[Match]:
    """Like `find_by_phone` for any kind of address; e-mail addresses and handles compare without case."""
    if kind == "phone":
        return await find_by_phone(uow, raw, region)
    form = " ".join(raw.split()).lower()
    if not form:
        return []
    index = reach_index(uow.vault, kind, form)
    asked = [await store.ask_for(uow, kind, [form])]
    if await may_hold_sealed(uow):
        asked.append(await store.ask_for_sealed(uow, [index]))
    found = [record for answer in asked for record in await answer.all()]
    return identity_rules.best_matches(match_of(record, (form, index)) for record in _latest_first(found))


async def summary(uow: UnitOfWork, customer_id: UUID) -> CustomerSummary | None:
    """The short form of a card, or None; the id of a card that was merged into another gives that one."""
    return await store.current_summary(uow, customer_id)


async def summaries(uow: UnitOfWork, ids: Iterable[UUID]) -> list[CustomerSummary]:
    """The short forms of these cards, in the order asked; ids of none are left out."""
    wanted = list(ids)
    found = {item.id: item for item in await store.summaries(uow, wanted)} if wanted else {}
    return [found[customer_id] for customer_id in wanted if customer_id in found]


async def get(uow: UnitOfWork, customer_id: UUID) -> Customer | None:
    """A whole card, or None."""
    record = await store.read(uow, customer_id)
    return customer_of(record) if record else None


async def read(db: Database, customer_id: UUID) -> Customer:
    """A whole card. Raises NotFound."""
    async with db.transaction() as uow:
        return customer_of(await _found(uow, customer_id, await store.read(uow, customer_id)))


async def touch(uow: UnitOfWork, customer_id: UUID, at: datetime, channel: str, agent: str | None) -> None:
    """Last contact follows an interaction (product.md 1.10): time, channel and name of the agent, unless a later one is known.

    The version stays, so that an edit which is under way during the call stays good.
    """
    record = await store.touch(uow, customer_id, at, channel, agent)
    if record:
        events.log_changed(uow, customer_of(record), changed=["last_contact"], by_name=agent or "")


async def add_unconfirmed_identity(
    uow: UnitOfWork, customer_id: UUID, kind: IdentityKind, raw: str, *, region: str | None = None, actor: Actor | None = None
) -> None:
    """An interaction came from an address that the card lacks: it is kept as `maybe` (product.md 1.10).

    Such an identity leads to the chooser, never straight to a pop. An address that the card has in any form, and what is no address at
    all (a withheld number), change nothing. `region` is where a number without a country code is read (None: the deployment's).
    """
    await _add_identity(uow, customer_id, kind, raw, "maybe", region=region, actor=actor)


async def add_known_identity(uow: UnitOfWork, customer_id: UUID, kind: IdentityKind, raw: str, *, actor: Actor | None) -> None:
    """A card was made of this address: it is surely the customer's. One that the card has in any form changes nothing."""
    await _add_identity(uow, customer_id, kind, raw, "known", region=None, actor=actor)


async def _add_identity(
    uow: UnitOfWork,
    customer_id: UUID,
    kind: IdentityKind,
    raw: str,
    confidence: Literal["known", "maybe"],
    *,
    region: str | None,
    actor: Actor | None,
) -> None:
    reach, forms = identity_rules.reach_of(kind, raw, region or _deployment_region())
    if reach is None:
        return
    identity = IdentityRow(new_id(), kind, reach.raw, reach.normalised, identity_rules.first_behind(kind), confidence)
    # A card that has the address in a sensitive attribute has it; beside the others it would stand in clear.
    sealed = [reach_index(uow.vault, kind, form) for form in forms]
    record = await store.add_identity(uow, customer_id, identity, forms, " ".join(rules.searchable(reach)), sealed=sealed)
    if record is None:
        return
    customer = customer_of(record)
    await audit.write(
        uow, actor, "customer.identity_added", "customer", customer_id, None, {"kind": kind, "value": raw, "confidence": confidence}
    )
    events.log_changed(uow, customer, changed=["identities"], by_name=actor.name if actor else "")


async def drop_unconfirmed_identity(uow: UnitOfWork, customer_id: UUID, kind: IdentityKind, raw: str, *, actor: Actor | None) -> None:
    """An address that was only seen in an interaction which turned out to be somebody else's leaves the card again."""
    reach, forms = identity_rules.reach_of(kind, raw, _deployment_region())
    record = await store.read_for_change(uow, customer_id) if reach else None
    if record is None:
        return
    seen = [one for one in identities_of(record) if one.kind == kind and one.confidence == "maybe" and one.normalised in forms]
    if seen:
        draft = whole_draft(record, await attributes.definitions(uow), _deployment_region())
        await store.put_identities(uow, keep=[], remove=[seen[0].id])
        kept = [Reach(one.value, one.normalised) for one in identities_of(record) if one not in seen]
        await store.put_search_texts(uow, [(customer_id, rules.derive(draft, kept).search_text)])
        await audit.write(uow, actor, "customer.identity_removed", "customer", customer_id, {"kind": kind, "value": raw}, None)
        await _tell_whole(uow, customer_id, "identities", actor)


async def set_last_contact(uow: UnitOfWork, customer_id: UUID, contact: LastContact | None, actor: Actor | None) -> None:
    """Last contact is what it was before an interaction that turned out to be somebody else's."""
    if await store.set_contact(uow, customer_id, contact):
        await _tell_whole(uow, customer_id, "last_contact", actor)


async def _tell_whole(uow: UnitOfWork, customer_id: UUID, changed: str, actor: Actor | None) -> None:
    await tell(uow, customer_id, [changed], actor.name if actor else "")


async def tell(uow: UnitOfWork, customer_id: UUID, changed: list[str], by_name: str) -> None:
    """Log that a card changed, as it is now: for who shows one that changed among many."""
    if record := await store.read(uow, customer_id):
        events.log_changed(uow, customer_of(record), changed=changed, by_name=by_name)


async def create(
    db: Database,
    actor: Actor,
    values: Mapping[str, object],
    *,
    region: str,
    link_interaction: UUID | None = None,
    duplicates: DuplicatePolicy = "allow",
    accept_duplicates: bool = False,
) -> Customer:
    """A new card from fields as on the wire. Raises InvalidFields with every error, SharedAddress, NotFound (of the interaction).

    `accept_duplicates` answers the question that the policy `warn` asks. `link_interaction` is given to the new card.
    """
    async with db.transaction() as uow:
        await uow.reuse_plans()
        draft = fields.check(values, region=region, definitions=await attributes.definitions(uow), vault=uow.vault)
        await _mind_duplicates(uow, draft, duplicates, before=None, beside=None, accepted=accept_duplicates)
        return await create_within(uow, actor, draft, region=region, link_interaction=link_interaction)


async def create_within(
    uow: UnitOfWork, actor: Actor | None, draft: Draft, *, region: str, link_interaction: UUID | None = None
) -> Customer:
    """Write a card from a checked draft inside the caller's transaction, whatever the duplicate policy. Raises InvalidFields."""
    customer_id = new_id()
    identities = identity_rules.identity_rows(draft, new_id)
    try:
        record = await store.insert(uow, customer_id, draft, rules.derive(draft), identities)
    except UniqueViolation as taken:
        raise _external_id_taken(draft) from taken
    record.identities = [as_stored(row) for row in identities]
    customer = customer_of(record)
    after = rules.field_values(draft)
    await audit.write(uow, actor, "customer.created", "customer", customer_id, None, after)
    events.log_created(uow, customer, changed=rules.changed_fields({}, after), by_name=actor.name if actor else "")
    await events.created.send(uow, events.Created(customer_id, identity_rules.all_forms(identities, region), actor, link_interaction))
    return customer


async def edit(
    db: Database,
    actor: Actor,
    customer_id: UUID,
    values: Mapping[str, object],
    *,
    version: int | None,
    region: str,
    duplicates: DuplicatePolicy = "allow",
    accept_duplicates: bool = False,
) -> Customer:
    """Set some fields of a card, based on `version` (None: whatever it is now); the card afterwards.

    Fields that are absent stay; null and blank clear. Raises NotFound, StaleCustomer with the current card (product.md 1.5),
    InvalidFields with every error, SharedAddress. An edit that changes nothing writes nothing.
    """
    async with db.transaction() as uow:
        await uow.reuse_plans()
        record = await _found(uow, customer_id, await store.read_for_change(uow, customer_id))
        _check_version(record, version)
        definitions = await attributes.definitions(uow)
        before = whole_draft(record, definitions, region)
        draft = fields.check(values, region=region, base=before, definitions=definitions, vault=uow.vault)
        if not rules.changed_fields(rules.field_values(before), rules.field_values(draft)):
            return customer_of(record)
        await _mind_duplicates(uow, draft, duplicates, before=before, beside=record.id, accepted=accept_duplicates)
        return await _write_edit(uow, actor, record, draft, region=region)


@addresses_changed.subscribe
async def renew_addresses(uow: UnitOfWork, fact: AddressesChanged) -> None:
    """Values of an attribute became addresses, or are none any more: look-up and search follow on every card that has one."""
    definitions = await attributes.definitions(uow)
    after = UUID(int=0)
    while records := await store.with_attribute(uow, fact.key, after):
        plans = [
            (record, draft, identity_rules.plan_identities(identities_of(record), draft, new_id))
            for record in records
            for draft in [whole_draft(record, definitions, fact.region)]
        ]
        await store.put_identities(
            uow,
            keep=[(record.id, row) for record, _, plan in plans for row in plan.keep],
            remove=[identity for _, _, plan in plans for identity in plan.remove],
        )
        await store.put_search_texts(uow, [(record.id, rules.derive(draft, plan.further).search_text) for record, draft, plan in plans])
        for record, _, plan in plans:
            if plan.new:
                await events.reachable.send(uow, events.Reachable(record.id, identity_rules.all_forms(plan.new, fact.region), None))
        after = records[-1].id


async def _write_edit(
    uow: UnitOfWork,
    actor: Actor,
    record: CustomerRecord,
    draft: Draft,
    *,
    region: str,
    also: IdentityRow | None = None,
    without: UUID | None = None,
) -> Customer:
    """Write the difference between a held card and `draft`; `also` is an identity to add behind the fields, `without` one to drop."""
    before = draft_of(record)
    was, now = rules.field_values(before), rules.field_values(draft)
    plan = identity_rules.plan_identities((one for one in identities_of(record) if one.id != without), draft, new_id)
    if also:
        plan = identity_rules.with_also(plan, also)
    remove = [*plan.remove, *([without] if without else [])]
    await store.put_identities(uow, keep=[(record.id, row) for row in plan.keep], remove=remove)
    try:
        updated = await store.update(uow, record.id, draft, rules.derive(draft, plan.further))
    except UniqueViolation as taken:
        raise _external_id_taken(draft) from taken
    customer = customer_of(updated)
    if also or without:
        was["identities"], now["identities"] = identities_of(record), customer.identities
    changed = rules.changed_fields(was, now)
    values = [{name: side.get(name) for name in changed} for side in (was, now)]
    await audit.write(uow, actor, "customer.changed", "customer", record.id, *values)
    events.log_changed(uow, customer, changed=changed, by_name=actor.name)
    if plan.new:
        await events.reachable.send(uow, events.Reachable(record.id, identity_rules.all_forms(plan.new, region), actor))
    return customer


async def add_identity(
    db: Database,
    actor: Actor,
    customer_id: UUID,
    kind: IdentityKind,
    value: object,
    *,
    version: int | None,
    region: str,
    duplicates: DuplicatePolicy = "allow",
    accept_duplicates: bool = False,
) -> Customer:
    """Add a confirmed address: a number at the first free phone field, an e-mail as the primary one if there is none, else behind them.

    An unconfirmed one of the card is confirmed; one that it has changes nothing. Raises NotFound, StaleCustomer, InvalidFields,
    SharedAddress.
    """
    reach = fields.check_identity(kind, value, region=region)
    async with db.transaction() as uow:
        record = await _found(uow, customer_id, await store.read_for_change(uow, customer_id))
        _check_version(record, version)
        had = next((one for one in identities_of(record) if (one.kind, one.normalised) == (kind, reach.normalised)), None)
        if had and had.confidence == "known":
            return customer_of(record)
        await _refuse_shared(uow, {kind: [reach.normalised]}, duplicates, beside=record.id, accepted=accept_duplicates)
        return await _place(uow, actor, record, kind, reach, region=region)


async def confirm_identity(
    db: Database,
    actor: Actor,
    customer_id: UUID,
    identity_id: UUID,
    *,
    version: int | None,
    region: str,
    duplicates: DuplicatePolicy = "allow",
    accept_duplicates: bool = False,
) -> Customer:
    """An unconfirmed address is the customer's (product.md 1.10). Raises NotFound, StaleCustomer, SharedAddress."""
    async with db.transaction() as uow:
        record = await _found(uow, customer_id, await store.read_for_change(uow, customer_id))
        _check_version(record, version)
        identity = _identity(record, identity_id)
        if identity.confidence == "known":
            return customer_of(record)
        shared = {identity.kind: [identity.normalised]}
        await _refuse_shared(uow, shared, duplicates, beside=record.id, accepted=accept_duplicates)
        return await _place(uow, actor, record, identity.kind, Reach(identity.value, identity.normalised), region=region)


async def remove_identity(
    db: Database, actor: Actor, customer_id: UUID, identity_id: UUID, *, version: int | None, region: str
) -> Customer:
    """An address is not, or no longer, the customer's (product.md 1.10). Raises NotFound, StaleCustomer."""
    async with db.transaction() as uow:
        record = await _found(uow, customer_id, await store.read_for_change(uow, customer_id))
        _check_version(record, version)
        identity = _identity(record, identity_id)
        whole = whole_draft(record, await attributes.definitions(uow), region)
        draft = identity_rules.without_identity(whole, identity)
        return await _write_edit(uow, actor, record, draft, region=region, without=identity_id)


async def _place(uow: UnitOfWork, actor: Actor, record: CustomerRecord, kind: IdentityKind, reach: Reach, *, region: str) -> Customer:
    before = whole_draft(record, await attributes.definitions(uow), region)
    draft = identity_rules.with_identity(before, kind, reach)
    also = identity_rules.behind(identities_of(record), kind, reach, new_id) if draft is None else None
    return await _write_edit(uow, actor, record, draft or before, region=region, also=also)


def _identity(record: CustomerRecord, identity_id: UUID) -> Identity:
    for identity in identities_of(record):
        if identity.id == identity_id:
            return identity
    raise NotFound("The customer has no address with this id; it may have been removed meanwhile.")


async def archive(db: Database, actor: Actor, customer_id: UUID, *, version: int | None) -> Customer:
    """Take a card out of lists and look-up; archiving twice changes nothing. Raises NotFound, StaleCustomer."""
    async with db.transaction() as uow:
        record = await _found(uow, customer_id, await store.read_for_change(uow, customer_id))
        _check_version(record, version)
        if record.archived_at:
            return customer_of(record)
        customer = customer_of(await store.set_archived(uow, record.id, clock.now()))
        await audit.write(
            uow, actor, "customer.archived", "customer", record.id, {"archived_at": None}, {"archived_at": customer.archived_at}
        )
        events.log_archived(uow, customer, by_name=actor.name)
        return customer


async def unarchive(db: Database, actor: Actor, customer_id: UUID, *, version: int | None) -> Customer:
    """Bring an archived card back; one that is not archived stays as it is. Raises NotFound, StaleCustomer."""
    async with db.transaction() as uow:
        record = await _found(uow, customer_id, await store.read_for_change(uow, customer_id))
        _check_version(record, version)
        if record.archived_at is None:
            return customer_of(record)
        customer = customer_of(await store.set_archived(uow, record.id, None))
        await audit.write(
            uow, actor, "customer.unarchived", "customer", record.id, {"archived_at": record.archived_at}, {"archived_at": None}
        )
        events.log_changed(uow, customer, changed=["archived_at"], by_name=actor.name)
        return customer


async def _mind_duplicates(
    uow: UnitOfWork, draft: Draft, policy: DuplicatePolicy, *, before: Draft | None, beside: UUID | None, accepted: bool
) -> None:
    """Raises SharedAddress when an address that this change brings belongs to others and the policy says to ask or refuse."""
    numbers, mails = identity_rules.new_addresses(draft, before)
    await _refuse_shared(uow, {"phone": numbers, "email": mails}, policy, beside=beside, accepted=accepted)


async def _refuse_shared(
    uow: UnitOfWork, addresses: Mapping[str, Sequence[str]], policy: DuplicatePolicy, *, beside: UUID | None, accepted: bool
) -> None:
    """Raises SharedAddress when one of these normalised addresses (by kind) belongs to others and the policy says to ask or refuse."""
    numbers, mails = addresses.get("phone", ()), addresses.get("email", ())
    if policy == "allow" or (policy == "warn" and accepted) or not (numbers or mails):
        return
    await store.hold_addresses(uow, (*numbers, *mails))
    sealed = [reach_index(uow.vault, kind, form) for kind, forms in addresses.items() for form in forms]
    shared = await store.sharing(uow, numbers, mails, sealed, beside=beside)
    if shared:
        names = ", ".join(f"{item.display_name} (no. {item.number})" for item in shared[:3])
        advice = "Open that card, or save it all the same." if policy == "warn" else "Open that card instead."
        raise SharedAddress(f"This number or e-mail already belongs to {names}. {advice}", extra={"duplicates": shared, "policy": policy})


@cache
def _deployment_region() -> str:
    return load_settings().default_region


def _check_version(record: CustomerRecord, version: int | None) -> None:
    if version is not None and version != record.version:
        raise StaleCustomer(
            f"You edited version {version}; the customer is at version {record.version} now. Look at what changed and save again.",
            extra={"current": customer_of(record)},
        )


async def _found(uow: UnitOfWork, customer_id: UUID, record: CustomerRecord | None) -> CustomerRecord:
    if record is None:
        await erasure_store.raise_if_erased(uow, customer_id)
        raise NotFound("No customer has this id; search for the customer in the list.")
    return record


def _external_id_taken(draft: Draft) -> InvalidFields:
    error = FieldError("external_id", "taken", f"Another customer has the external id “{draft.external_id}”. Use that card, or another id.")
    return InvalidFields("Correct these fields and send the request again: external_id.", errors=[error])
