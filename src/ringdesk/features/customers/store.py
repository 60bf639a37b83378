"""Every query of customers but the list's (listing.py)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.features.customers.models import CustomerRecord, Draft, IdentityRow, MatchRecord
from ringdesk.features.customers.rules import Derived
from ringdesk.features.customers.schemas import CustomerSummary, IdentityKind, LastContact
from ringdesk.kit.db import Answer, UnitOfWork

# A number shared by more cards than this is a switchboard: nobody picks from a longer list, they search instead.
MOST_MATCHES = 50

COLUMNS = sql.SQL(
    "c.id, c.number, c.version, c.kind, c.first_name, c.last_name, c.company_name, c.display_name, c.phone_1, c.phone_2, c.phone_3,"
    " c.phone_4, c.phone_5, c.email, c.addresses, c.preferred_language, c.consent, c.attributes, c.external_id, c.created_at, c.updated_at,"
    " c.archived_at, k.at as last_contact_at, k.channel as last_contact_channel, k.agent as last_contact_agent"
)
"""The columns of a CustomerRecord, of CUSTOMERS."""
SUMMARY = sql.SQL(
    "c.id, c.number, c.display_name, c.kind, c.phone_1, c.email, c.city, c.preferred_language, k.at as last_contact_at, c.version,"
    " c.created_at"
)
"""The columns of a CustomerSummary, of CUSTOMERS."""
_CONTACT = sql.SQL("left join customer_contact k on k.customer_id = c.id")
CUSTOMERS = sql.SQL("customer c {}").format(_CONTACT)
"""Customers `c`, each with its last contact `k`, if any."""
_IDENTITIES = sql.SQL("""coalesce((
    select jsonb_agg(jsonb_build_object('id', i.id, 'kind', i.kind, 'value', i.raw, 'normalised', i.normalised,
                                        'confidence', i.confidence, 'position', i.position, 'attribute', i.attribute)
                     order by i.kind <> 'phone', i.kind <> 'email', i.kind, i.position, i.created_at, i.id)
    from customer_identity i where i.customer_id = c.id), '[]') as identities""")
_CARD = sql.SQL("{}, {}").format(COLUMNS, _IDENTITIES)
# The id of a card that was merged into another means that one (docs/adr/0015).
_CURRENT = sql.SQL("c.id = current_customer(%s)")
_CARD_OF = sql.SQL("select {} from {} where {}").format(_CARD, CUSTOMERS, _CURRENT)
_CARDS_OF = sql.SQL("select {} from {} where c.id = any(%s)").format(_CARD, CUSTOMERS)

# How many forms of one address are looked for at once (kit/phones.variants knows at most four). A fixed number of parameters instead of an
# array: PostgreSQL then keeps one generic plan, where it would plan every call anew, which takes longer than the look-up itself.
FORMS = 5
_MATCH = sql.SQL("""
select {summary}, k.agent as last_contact_agent, i.normalised, i.confidence
from customer_identity i join customer c on c.id = i.customer_id {contact}
where {which} and c.archived_at is null
order by k.at desc nulls last, c.id desc limit {most}""")
_BY_FORMS = _MATCH.format(
    summary=SUMMARY,
    contact=_CONTACT,
    most=MOST_MATCHES,
    which=sql.SQL("i.kind = %s and i.normalised in ({})").format(sql.SQL(", ").join([sql.Placeholder()] * FORMS)),
).as_bytes()
_BY_TAIL = _MATCH.format(
    summary=SUMMARY, contact=_CONTACT, most=MOST_MATCHES, which=sql.SQL("i.kind = 'phone' and right(i.normalised, 9) = %s")
).as_bytes()


async def ask_for(uow: UnitOfWork, kind: IdentityKind, forms: Sequence[str]) -> Answer[MatchRecord]:
    """Ask for the customers in use with an address among these (at most FORMS) normalised forms, the most recently in touch first."""
    return await uow.ask(MatchRecord, _BY_FORMS, [kind, *forms[:FORMS], *([forms[0]] * (FORMS - len(forms)))])


# The blind indexes of a card's sensitive values, as one list: it has an index of its own, which is empty while no attribute is sensitive.
SEALED = sql.SQL("jsonb_path_exists(c.attributes, '$.*.index') and jsonb_path_query_array(c.attributes, '$.*.index') ?| {}::text[]")
_BY_SEALED = (
    sql.SQL("""
select {summary}, k.agent as last_contact_agent,
       (select i from unnest(%(indexes)s::text[]) i where jsonb_path_query_array(c.attributes, '$.*.index') ? i limit 1) as normalised,
       'known' as confidence
from {customers} where c.id in (select customers_with_sealed(%(indexes)s))
order by k.at desc nulls last, c.id desc limit {most}""")
    .format(summary=SUMMARY, customers=CUSTOMERS, most=MOST_MATCHES)
    .as_bytes()
)


async def ask_for_sealed(uow: UnitOfWork, indexes: Sequence[str]) -> Answer[MatchRecord]:
    """Ask for the customers in use with a sensitive value of one of these blind indexes, which stands as their `normalised`."""
    return await uow.ask(MatchRecord, _BY_SEALED, {"indexes": list(indexes)})


async def find_by_tail(uow: UnitOfWork, tail: str) -> list[MatchRecord]:
    """Customers in use with a number that ends with these nine digits, the most recently in touch first."""
    return await uow.all(MatchRecord, _BY_TAIL, [tail])


_CARD_OF_HELD = _CARD_OF + sql.SQL(" for update of c")


async def read(uow: UnitOfWork, customer_id: UUID) -> CustomerRecord | None:
    """The customer with its identities, or None."""
    return await uow.one(CustomerRecord, _CARD_OF, [customer_id])


async def read_for_change(uow: UnitOfWork, customer_id: UUID) -> CustomerRecord | None:
    """Like `read`, holding the row until the transaction ends, so that edits of one card queue up."""
    held = await uow.one(CustomerRecord, _CARD_OF_HELD, [customer_id])
    # Merged away while this waited for it: the next statement sees where it went.
    return held or await uow.one(CustomerRecord, _CARD_OF_HELD, [customer_id])


_SUMMARY_OF = sql.SQL("select {} from {} where c.id = %s").format(SUMMARY, CUSTOMERS).as_bytes()
_CURRENT_SUMMARY = sql.SQL("select {} from {} where {}").format(SUMMARY, CUSTOMERS, _CURRENT).as_bytes()
_SUMMARIES_OF = sql.SQL("select {} from {} where c.id = any(%s)").format(SUMMARY, CUSTOMERS)


async def ask_for_summary(uow: UnitOfWork, customer_id: UUID) -> Answer[CustomerSummary]:
    """Ask for the short form of a card, without waiting."""
    return await uow.ask(CustomerSummary, _SUMMARY_OF, [customer_id])


async def current_summary(uow: UnitOfWork, customer_id: UUID) -> CustomerSummary | None:
    """The short form of the card that this id means today."""
    return await uow.one(CustomerSummary, _CURRENT_SUMMARY, [customer_id])


async def summaries(uow: UnitOfWork, ids: Iterable[UUID]) -> list[CustomerSummary]:
    """The short forms of these customers, in no order; ids of none are left out."""
    return await uow.all(CustomerSummary, _SUMMARIES_OF, [list(ids)])


_INSERT = sql.SQL("""
with c as (
    insert into customer (id, kind, first_name, last_name, company_name, display_name, sort_name, addresses, preferred_language, consent,
                          attributes, external_id, search_text, phone_1, phone_2, phone_3, phone_4, phone_5, email, city)
    values (%(id)s, %(kind)s, %(first_name)s, %(last_name)s, %(company_name)s, %(display_name)s, %(sort_name)s, %(addresses)s,
            %(preferred_language)s, %(consent)s, %(attributes)s, %(external_id)s, %(search_text)s, %(phone_1)s, %(phone_2)s, %(phone_3)s,
            %(phone_4)s, %(phone_5)s, %(email)s, %(city)s)
    returning *
), made as (
    insert into customer_identity (id, customer_id, kind, raw, normalised, confidence, position, attribute)
    select i.id, %(id)s, i.kind, i.raw, i.normalised, i.confidence, i.position, i.attribute
    from unnest(%(i_id)s::uuid[], %(i_kind)s::text[], %(i_raw)s::text[], %(i_normalised)s::text[], %(i_confidence)s::text[],
                %(i_position)s::int[], %(i_attribute)s::text[])
         as i(id, kind, raw, normalised, confidence, position, attribute)
)
select {columns} from c {contact}""").format(columns=COLUMNS, contact=_CONTACT)


async def insert(uow: UnitOfWork, customer_id: UUID, draft: Draft, derived: Derived, identities: Sequence[IdentityRow]) -> CustomerRecord:
    """Write a new customer and its identities in one statement. Raises psycopg's UniqueViolation when the external id is taken."""
    record = await uow.one(CustomerRecord, _INSERT, {"id": customer_id} | _row(draft, derived) | _identity_arrays(identities))
    assert record is not None
    return record


def _changed(statement: LiteralString) -> sql.Composed:
    """A statement that changes a customer, answered by the whole card as it is then."""
    return sql.SQL("with c as ({} returning *) select {} from c {}").format(sql.SQL(statement), _CARD, _CONTACT)


_UPDATE = _changed("""
update customer set
    kind = %(kind)s, first_name = %(first_name)s, last_name = %(last_name)s, company_name = %(company_name)s,
    display_name = %(display_name)s, sort_name = %(sort_name)s, addresses = %(addresses)s, preferred_language = %(preferred_language)s,
    consent = %(consent)s, attributes = %(attributes)s, external_id = %(external_id)s, search_text = %(search_text)s,
    phone_1 = %(phone_1)s, phone_2 = %(phone_2)s, phone_3 = %(phone_3)s, phone_4 = %(phone_4)s, phone_5 = %(phone_5)s,
    email = %(email)s, city = %(city)s, version = version + 1, updated_at = now()
where id = %(id)s""")


async def update(uow: UnitOfWork, customer_id: UUID, draft: Draft, derived: Derived) -> CustomerRecord:
    """Write the fields of a card that this transaction holds; the version goes up. Identities are written before this."""
    record = await uow.one(CustomerRecord, _UPDATE, {"id": customer_id} | _row(draft, derived))
    assert record is not None
    return record


_UPDATE_MANY = sql.SQL("""
update customer c set
    kind = n.kind, first_name = n.first_name, last_name = n.last_name, company_name = n.company_name, display_name = n.display_name,
    sort_name = n.sort_name, addresses = n.addresses, preferred_language = n.preferred_language, consent = n.consent,
    attributes = n.attributes, external_id = n.external_id, search_text = n.search_text, phone_1 = n.phone_1, phone_2 = n.phone_2,
    phone_3 = n.phone_3, phone_4 = n.phone_4, phone_5 = n.phone_5, email = n.email, city = n.city,
    archived_at = n.archived_at, version = version + 1, updated_at = now()
from jsonb_to_recordset(%s) as n(
    id uuid, kind text, first_name text, last_name text, company_name text, display_name text, sort_name text, addresses jsonb,
    preferred_language text, consent jsonb, attributes jsonb, external_id text, search_text text, phone_1 text, phone_2 text, phone_3 text,
    phone_4 text, phone_5 text, email text, city text, archived_at timestamptz)
where c.id = n.id
returning c.id, c.version""").as_bytes()


async def update_many(uow: UnitOfWork, cards: Sequence[tuple[UUID, Draft, Derived, datetime | None]]) -> dict[UUID, int]:
    """Like `update` for many cards that this transaction holds, each with when it was archived: their versions afterwards."""
    rows = [
        {"id": customer_id, "archived_at": archived_at}
        | {name: value.obj if isinstance(value, Jsonb) else value for name, value in _row(draft, derived).items()}
        for customer_id, draft, derived, archived_at in cards
    ]
    cursor = await uow.conn.execute(_UPDATE_MANY, [Jsonb(rows)])
    return dict(await cursor.fetchall())


async def read_many_for_change(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, CustomerRecord]:
    """Like `read_for_change` for many cards, by their ids; held in that order, so that two who hold many don't wait for each other
    crosswise.
    """
    found = await uow.all(CustomerRecord, _CARDS_OF + sql.SQL(" order by c.id for update of c"), [list(ids)])
    return {record.id: record for record in found}


async def put_identities(uow: UnitOfWork, *, keep: Sequence[tuple[UUID, IdentityRow]], remove: Sequence[UUID]) -> None:
    """Remove some identities and write others, each with its customer: new ones, moved ones, and unconfirmed ones that a field confirms."""
    if remove:
        await uow.send("delete from customer_identity where id = any(%s)", [list(remove)])
    if keep:
        await uow.send(
            """insert into customer_identity (id, customer_id, kind, raw, normalised, confidence, position, attribute)
               select * from unnest(%(i_id)s::uuid[], %(customers)s::uuid[], %(i_kind)s::text[], %(i_raw)s::text[],
                   %(i_normalised)s::text[], %(i_confidence)s::text[], %(i_position)s::int[], %(i_attribute)s::text[])
               on conflict (customer_id, kind, normalised) do update
               set raw = excluded.raw, position = excluded.position, confidence = excluded.confidence, attribute = excluded.attribute""",
            {"customers": [customer_id for customer_id, _ in keep]} | _identity_arrays([row for _, row in keep]),
        )


async def put_search_texts(uow: UnitOfWork, texts: Sequence[tuple[UUID, str]]) -> None:
    """Write what quick search finds these customers by, of those for whom it is another text."""
    await uow.send(
        "update customer c set search_text = n.text from unnest(%s::uuid[], %s::text[]) as n(id, text)"
        " where c.id = n.id and c.search_text <> n.text",
        [[customer_id for customer_id, _ in texts], [text for _, text in texts]],
    )


# Cards that are brought in line with a changed attribute at one go: enough to cost little each, few enough to stay small in memory.
BITE = 1_000


async def with_attribute(uow: UnitOfWork, key: str, after: UUID) -> list[CustomerRecord]:
    """The next BITE customers with a value of this attribute, held, in the order of their ids."""
    return await uow.all(
        CustomerRecord,
        sql.SQL("select {} from {} where jsonb_exists(c.attributes, %s) and c.id > %s order by c.id limit %s for update of c").format(
            _CARD, CUSTOMERS
        ),
        [key, after, BITE],
    )


async def add_identity(
    uow: UnitOfWork, customer_id: UUID, identity: IdentityRow, forms: Sequence[str], found_as: str, *, sealed: Sequence[str]
) -> CustomerRecord | None:
    """Add an identity behind the others of its kind, and `found_as` to the searched text; None when the card has one of its `forms`.

    `sealed` are their blind indexes: a sensitive value with one of them is the address too.

    The version stays: no field of the card changed, so an edit that is under way stays good.
    """
    added = await uow.run(
        """insert into customer_identity (id, customer_id, kind, raw, normalised, confidence, position)
           select %(identity)s, c.id, %(kind)s, %(raw)s, %(normalised)s, %(confidence)s,
                  greatest((select max(position) from customer_identity where customer_id = c.id and kind = %(kind)s), %(position)s - 1) + 1
           from customer c where c.id = %(id)s
             and not exists (select from customer_identity where customer_id = c.id and kind = %(kind)s and normalised = any(%(forms)s))
             and not jsonb_path_query_array(c.attributes, '$.*.index') ?| %(sealed)s::text[]
           on conflict (customer_id, kind, normalised) do nothing""",
        {
            "identity": identity.id,
            "id": customer_id,
            "kind": identity.kind,
            "raw": identity.raw,
            "normalised": identity.normalised,
            "confidence": identity.confidence,
            "position": identity.position,
            "forms": list(forms),
            "sealed": list(sealed),
        },
    )
    if not added:
        return None
    return await uow.one(
        CustomerRecord,
        # What the CTE of one statement writes the rest of it can't see: the identity is written by the statement before.
        _changed("update customer set search_text = concat_ws(' ', nullif(search_text, ''), %s::text), updated_at = now() where id = %s"),
        [found_as, customer_id],
    )


_TOUCH = sql.SQL("""
with k as (
    insert into customer_contact as known (customer_id, at, channel, agent)
    select id, %(at)s, %(channel)s, %(agent)s from customer where id = %(id)s
    on conflict (customer_id) do update set at = excluded.at, channel = excluded.channel, agent = excluded.agent
    where known.at <= excluded.at
      and (known.at, known.channel, known.agent) is distinct from (excluded.at, excluded.channel, excluded.agent)
    returning *
)
select {card} from k join customer c on c.id = k.customer_id""").format(card=_CARD)


async def touch(uow: UnitOfWork, customer_id: UUID, at: datetime, channel: str, agent: str | None) -> CustomerRecord | None:
    """Note a contact; None when there is no such customer or a later contact is known. Version and time of change stay."""
    return await uow.one(
        CustomerRecord,
        _TOUCH,
        {"id": customer_id, "at": at, "channel": channel, "agent": agent},
    )


async def set_contact(uow: UnitOfWork, customer_id: UUID, contact: LastContact | None) -> bool:
    """Write the last contact as it is, also an earlier one than was known; whether it changed."""
    if contact is None:
        return await uow.run("delete from customer_contact where customer_id = %s", [customer_id]) > 0
    changed = await uow.run(
        """
        insert into customer_contact as known (customer_id, at, channel, agent) values (%s, %s, %s, %s)
        on conflict (customer_id) do update set at = excluded.at, channel = excluded.channel, agent = excluded.agent
        where (known.at, known.channel) is distinct from (excluded.at, excluded.channel)
        """,
        [customer_id, contact.at, contact.channel, contact.agent_name],
    )
    return changed > 0


async def set_archived(uow: UnitOfWork, customer_id: UUID, at: datetime | None) -> CustomerRecord:
    """Archive at a time, or with None take back; the version goes up."""
    record = await uow.one(
        CustomerRecord,
        _changed("update customer set archived_at = %s, version = version + 1, updated_at = now() where id = %s"),
        [at, customer_id],
    )
    assert record is not None
    return record


async def hold_addresses(uow: UnitOfWork, addresses: Iterable[str]) -> None:
    """Let no other transaction that holds one of these addresses go on before this one ends, so that two can't both find it free."""
    await uow.send(
        "select pg_advisory_xact_lock(7203, key) from (select distinct hashtext(a) as key from unnest(%s::text[]) a order by 1) keys",
        [list(addresses)],
    )


async def sharing(
    uow: UnitOfWork, phones: Sequence[str], emails: Sequence[str], sealed: Sequence[str], *, beside: UUID | None
) -> list[CustomerSummary]:
    """Other customers in use that are known at one of these addresses, or hide one of these blind indexes; at most MOST_MATCHES."""
    return await uow.all(
        CustomerSummary,
        sql.SQL("""select {summary} from {customers}
            where c.archived_at is null and c.id is distinct from %(beside)s and c.id in (
                select i.customer_id from customer_identity i where i.confidence = 'known'
                  and ((i.kind = 'phone' and i.normalised = any(%(phones)s)) or (i.kind = 'email' and i.normalised = any(%(emails)s)))
                union select c.id from customer c where {sealed})
            order by k.at desc nulls last, c.id desc limit {most}""").format(
            summary=SUMMARY, customers=CUSTOMERS, sealed=SEALED.format(sql.SQL("%(sealed)s")), most=MOST_MATCHES
        ),
        {"phones": list(phones), "emails": list(emails), "sealed": list(sealed), "beside": beside},
    )


def _row(draft: Draft, derived: Derived) -> dict[str, Any]:
    phones = {f"phone_{slot}": draft.phones[slot].raw if slot in draft.phones else None for slot in range(1, 6)}
    return phones | {
        "kind": draft.kind,
        "first_name": draft.first_name,
        "last_name": draft.last_name,
        "company_name": draft.company_name,
        "display_name": derived.display_name,
        "sort_name": derived.sort_name,
        "addresses": Jsonb(draft.addresses),
        "preferred_language": draft.preferred_language,
        "consent": Jsonb(draft.consent),
        "attributes": Jsonb(draft.attributes),
        "external_id": draft.external_id,
        "search_text": derived.search_text,
        "email": draft.email.raw if draft.email else None,
        "city": derived.city,
    }


def _identity_arrays(identities: Sequence[IdentityRow]) -> dict[str, Any]:
    return {
        "i_id": [identity.id for identity in identities],
        "i_kind": [identity.kind for identity in identities],
        "i_raw": [identity.raw for identity in identities],
        "i_normalised": [identity.normalised for identity in identities],
        "i_confidence": [identity.confidence for identity in identities],
        "i_position": [identity.position for identity in identities],
        "i_attribute": [identity.attribute for identity in identities],
    }


async def sample_numbers(uow: UnitOfWork, limit: int, *, shared: bool) -> list[str]:
    """Confirmed numbers of the newest customers, in E.164: those that several customers have (`shared`), or one only."""
    return await uow.values(
        """
        select i.normalised
        from (select id from customer where archived_at is null order by created_at desc, id desc limit 2000) newest
        join customer_identity i on i.customer_id = newest.id and i.kind = 'phone' and i.confidence = 'known'
        group by i.normalised having (count(*) > 1) = %s order by md5(i.normalised) limit %s
        """,
        [shared, limit],
    )
