"""Every query of interactions, activities, wrap-ups and comments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, structs
from psycopg import sql
from psycopg.types.json import Jsonb

from ringdesk.features import customers
from ringdesk.features.interactions.schemas import Activity, Comment, Interaction, RequestTag, Tag, WrapUp, WrapUpCode
from ringdesk.kit.db import UnitOfWork

INTERACTION = sql.SQL(
    "id, customer_id, candidates, channel, direction, ani, dnis, queue, caller_name, started_at, answered_at, ended_at, duration_s,"
    " type, state, result, source, external_id, standalone, request_id"
)
ACTIVITY = sql.SQL(
    "id, interaction_id, kind, call_type, agent_id, agent_name, team_name, extension, started_at, answered_at, ended_at, duration_s,"
    " outcome, media_type, tags, fields, text, wrap_up_until, finished_at"
)
# What a telephone system (or a push) knows of an interaction; the customer, the candidates and the tags belong to people.
_TOLD = (
    "direction",
    "ani",
    "dnis",
    "queue",
    "caller_name",
    "started_at",
    "answered_at",
    "ended_at",
    "duration_s",
    "type",
    "state",
    "result",
)
_TOLD_LEG = (
    "call_type",
    "agent_id",
    "agent_name",
    "team_name",
    "extension",
    "started_at",
    "answered_at",
    "ended_at",
    "duration_s",
    "outcome",
    "media_type",
)


PEOPLES = frozenset({"tags", "fields", "wrap_ups", "comments", "wrap_up_until", "finished_at"})
"""What of an activity belongs to people: no telephone system and no push writes it."""


def _upsert(table: str, kind: type[Struct], told: Sequence[str]) -> bytes:
    names = [name for name in kind.__struct_fields__ if name not in PEOPLES | {"activities", "request_id", "request"}]
    composed = sql.SQL("insert into {table} ({names}) values ({values}) on conflict (id) do update set {updates}").format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(map(sql.Placeholder, names)),
        updates=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in told),
    )
    # Written out once: these two stand in the path of every event of a call.
    return composed.as_bytes()


_PUT_INTERACTION = _upsert("interaction", Interaction, _TOLD)
_PUT_ACTIVITY = _upsert("activity", Activity, _TOLD_LEG)


async def put_interaction(uow: UnitOfWork, interaction: Interaction) -> None:
    """Write a new interaction, or what was told of a known one (its customer and candidates stay)."""
    await uow.send(_PUT_INTERACTION, structs.asdict(interaction))


async def put_activity(uow: UnitOfWork, activity: Activity, *, same_agent: bool = False) -> None:
    """Write a new activity, or what was told of a known one (its tags, fields, text and wrap-up stay).

    `same_agent`: it is known with this agent, who therefore stands on the interaction already.
    """
    await uow.send(_PUT_ACTIVITY, structs.asdict(activity))
    if activity.agent_id and not same_agent:
        await uow.send(
            "update interaction set agents = agents || %(agent)s where id = %(id)s and not agents @> array[%(agent)s]",
            {"agent": activity.agent_id, "id": activity.interaction_id},
        )


async def get(uow: UnitOfWork, interaction_id: UUID) -> Interaction | None:
    """One interaction without its activities."""
    return await uow.one(Interaction, sql.SQL("select {} from interaction where id = %s").format(INTERACTION), [interaction_id])


async def get_many(uow: UnitOfWork, ids: Sequence[UUID]) -> list[Interaction]:
    """These interactions without their activities, in no order; ids of none are left out."""
    return await uow.all(Interaction, sql.SQL("select {} from interaction where id = any(%s)").format(INTERACTION), [list(ids)])


async def get_for_change(uow: UnitOfWork, interaction_id: UUID) -> Interaction | None:
    """Like `get`, held against changes by others until the commit."""
    return await uow.one(Interaction, sql.SQL("select {} from interaction where id = %s for update").format(INTERACTION), [interaction_id])


async def hold(uow: UnitOfWork, interaction_id: UUID) -> None:
    """Keep others from changing this interaction until the commit."""
    await uow.value("select 1 from interaction where id = %s for update", [interaction_id])


async def drop_activity(uow: UnitOfWork, activity_id: UUID) -> None:
    """Take out a part that turned out not to have been one."""
    await uow.send(
        """
        with gone as (delete from activity where id = %(id)s returning interaction_id)
        update interaction i set agents = array(select distinct agent_id from activity a where a.interaction_id = i.id and a.id >= i.id
                                                and a.id <> %(id)s and a.kind <> 'wrap_up' and agent_id is not null)
        from gone where i.id = gone.interaction_id
        """,
        {"id": activity_id},
    )


async def set_candidates(uow: UnitOfWork, interaction_id: UUID, customer_id: UUID | None, candidates: Sequence[UUID]) -> None:
    """What the interaction's address says of its customer."""
    await uow.send(
        "update interaction set customer_id = %s, candidates = %s where id = %s", [customer_id, list(candidates), interaction_id]
    )


async def get_activity(uow: UnitOfWork, activity_id: UUID) -> Activity | None:
    """One activity without wrap-ups and comments."""
    return await uow.one(Activity, sql.SQL("select {} from activity where id = %s").format(ACTIVITY), [activity_id])


class JourneyFilter(Struct, frozen=True, kw_only=True):
    """What of a journey is asked for; `before` is the id after which the page goes on (older ones)."""

    channel: str | None = None
    agent_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    tag: str | None = None
    request_id: UUID | None = None
    interaction_id: UUID | None = None
    before: UUID | None = None


# Read in a few milliseconds; an agent in a hundred, or a tag on every twentieth, fills a page from so many.
_NEWEST = 1_000


async def journey(uow: UnitOfWork, customer_id: UUID, wanted: JourneyFilter, limit: int) -> list[Interaction]:
    """The customer's interactions that match, newest first, at most `limit`, without their activities."""
    params: dict[str, Any] = {"customer": customer_id, "limit": limit}
    clauses: list[sql.Composable] = [sql.SQL("customer_id = %(customer)s")]
    for name, clause in (
        ("interaction_id", sql.SQL("id = %(interaction_id)s")),
        ("before", sql.SQL("id < %(before)s")),
        ("channel", sql.SQL("channel = %(channel)s")),
        ("request_id", sql.SQL("request_id = %(request_id)s")),
        ("since", sql.SQL("started_at >= %(since)s")),
        ("until", sql.SQL("started_at < %(until)s")),
        ("agent_id", sql.SQL("agents @> array[%(agent_id)s]")),
        ("tag", sql.SQL("tags @> array[fold(%(tag)s)]")),
    ):
        if (value := getattr(wanted, name)) is not None:
            params[name] = value
            clauses.append(clause)
    where = sql.SQL(" and ").join(clauses)
    if wanted.interaction_id or not set(params) - {"customer", "limit", "before"}:
        query = sql.SQL("select {} from interaction where {} order by id desc limit %(limit)s").format(INTERACTION, where)
        return await uow.all(Interaction, query, params)
    # What many match fills the page from the newest few; for what few match, all of the customer's are read once, in no order.
    newest = sql.SQL("select id from (select * from interaction where customer_id = %(customer)s {} order by id desc limit {}) newest")
    ids = await uow.values(
        sql.SQL("{} where {} order by id desc limit %(limit)s").format(
            newest.format(sql.SQL("and id < %(before)s" if wanted.before else ""), sql.Literal(_NEWEST)), where
        ),
        params,
    )
    if len(ids) < limit:
        ids = await uow.values(
            sql.SQL(
                "with matching as materialized (select id from interaction where {})"
                " select id from matching order by id desc limit %(limit)s"
            ).format(where),
            params,
        )
    query = sql.SQL("select {} from interaction where id = any(%s) order by id desc").format(INTERACTION)
    return await uow.all(Interaction, query, [ids]) if ids else []


async def plan_for_one_customer(uow: UnitOfWork) -> None:
    """Let the statements of this transaction find their rows by the indexes, partition by partition.

    A month of a small installation looks cheaper to read whole than it is beside what a journey needs of it; and one plan for every
    customer took 20 s where one of their own took 2 ms.
    """
    await uow.send(
        "select set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),"
        " set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)"
    )


class _Part(Activity, frozen=True, kw_only=True):
    """An activity of any kind; a wrap-up with its leg and code."""

    leg_id: UUID | None
    code: str | None
    inherited: bool


async def activities_of(uow: UnitOfWork, interactions: Sequence[Interaction]) -> list[Activity]:
    """The activities of these interactions in time order, legs and messages complete with wrap-ups and comments."""
    if not interactions:
        return []
    ids = [item.id for item in interactions]
    # The key of an activity is greater than its interaction's (ids.id_after), so the smallest one spares the older partitions.
    parts = await uow.ask(
        _Part,
        sql.SQL(
            "select {}, leg_id, code, inherited from activity where interaction_id = any(%s) and id >= %s order by started_at, id"
        ).format(ACTIVITY),
        [ids, min(ids)],
    )
    labels = await uow.ask(_Label, "select code, label from wrap_up_code")
    comments = await _comments(uow, ids)
    rows = await parts.all()
    names = {one.code: one.label for one in await labels.all()}
    wrap_ups: dict[UUID, list[WrapUp]] = {}
    for row in rows:
        if row.kind == "wrap_up" and row.leg_id and row.code:
            given = WrapUp(row.id, row.code, names.get(row.code, {}), row.text, row.started_at, row.agent_name, row.inherited)
            wrap_ups.setdefault(row.leg_id, []).append(given)
    return [_whole(row, wrap_ups.get(row.id, []), comments.get(row.id, [])) for row in rows if row.kind != "wrap_up"]


_OF_ACTIVITY = tuple(name for name in Activity.__struct_fields__ if name not in ("wrap_ups", "comments"))


def _whole(row: _Part, wrap_ups: list[WrapUp], comments: list[Comment]) -> Activity:
    return Activity(**{name: getattr(row, name) for name in _OF_ACTIVITY}, wrap_ups=wrap_ups, comments=comments)


async def request_tags(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, RequestTag]:
    """What the journey shows of these requests."""
    if not ids:
        return {}
    tags = await uow.all(RequestTag, "select id, number, title, status from request where id = any(%s)", [list(ids)])
    return {tag.id: tag for tag in tags}


async def set_request(uow: UnitOfWork, interaction_id: UUID, request_id: UUID | None) -> None:
    """Tag an interaction with a request, or with none."""
    await uow.run("update interaction set request_id = %s, version = version + 1 where id = %s", [request_id, interaction_id])


class _Label(Struct):
    code: str
    label: dict[str, str]


class _ActivityComment(Comment, frozen=True, kw_only=True):
    activity_id: UUID


async def _comments(uow: UnitOfWork, interaction_ids: list[UUID]) -> dict[UUID, list[Comment]]:
    rows = await uow.all(
        _ActivityComment,
        "select id, text, author_name, at, activity_id from activity_comment where interaction_id = any(%s) order by id",
        [interaction_ids],
    )
    found: dict[UUID, list[Comment]] = {}
    for row in rows:
        found.setdefault(row.activity_id, []).append(Comment(row.id, row.text, row.author_name, row.at))
    return found


async def set_customer(uow: UnitOfWork, interaction_id: UUID, customer_id: UUID) -> None:
    """The interaction belongs to this customer; its candidates are kept as they were."""
    await uow.send("update interaction set customer_id = %s, version = version + 1 where id = %s", [customer_id, interaction_id])


async def taken_over(uow: UnitOfWork, customer_ids: Sequence[UUID]) -> list[UUID]:
    """The interactions of those among these customers who have none but such as came before their card and were linked by nobody."""
    return await uow.values(
        """
        with theirs as (
            select i.id, i.customer_id, i.started_at < c.created_at and i.state = 'ended' and not exists (
                select from audit_entry a where a.entity = 'interaction' and a.entity_id = i.id::text
                and a.action = 'interaction.linked' and a.actor_id is not null) as by_address
            from interaction i join customer c on c.id = i.customer_id where i.customer_id = any(%s))
        select id from theirs t where not exists (select from theirs o where o.customer_id = t.customer_id and not o.by_address) order by id
        """,
        [list(customer_ids)],
    )


async def unlink(uow: UnitOfWork, interaction_id: UUID) -> None:
    """The interaction belongs to nobody."""
    await uow.send("update interaction set customer_id = null, version = version + 1 where id = %s", [interaction_id])


async def last_contact(uow: UnitOfWork, customer_id: UUID) -> customers.LastContact | None:
    """When, how and with whom this customer was last in touch, by their interactions."""
    return await uow.one(
        customers.LastContact,
        """
        select i.started_at as at, i.channel,
               (select a.agent_name from activity a where a.interaction_id = i.id and a.id >= i.id and a.kind = 'agent'
                and a.answered_at is not null order by a.started_at desc limit 1) as agent_name
        from interaction i where i.customer_id = %s order by i.id desc limit 1
        """,
        [customer_id],
    )


async def was_in_touch_from(uow: UnitOfWork, customer_id: UUID, address: str) -> bool:
    """Whether an interaction of this customer came from this address."""
    return bool(await uow.value("select exists (select from interaction where customer_id = %s and ani = %s)", [customer_id, address]))


async def was_in(uow: UnitOfWork, interaction_id: UUID, agent_id: UUID | None) -> bool:
    """Whether this agent had a leg of the interaction."""
    return bool(await uow.value("select exists (select from interaction where id = %s and %s = any(agents))", [interaction_id, agent_id]))


async def unknown_from(uow: UnitOfWork, addresses: Sequence[str], customer_id: UUID) -> list[UUID]:
    """Interactions without a customer from one of these addresses, for which nobody else was a candidate (ADR 7)."""
    return await uow.values(
        "select id from interaction where customer_id is null and ani = any(%s) and candidates <@ array[%s::uuid] order by id",
        [list(addresses), customer_id],
    )


async def unknown_from_relation(uow: UnitOfWork, addresses: sql.Composable) -> list[tuple[UUID, UUID]]:
    """Like `unknown_from`, for a relation of (customer_id, normalised); each with the first customer of its address."""
    cursor = await uow.conn.execute(
        sql.SQL(
            "select i.id, (array_agg(a.customer_id order by a.customer_id))[1] from {} a join interaction i on i.ani = a.normalised"
            " where i.customer_id is null and i.candidates <@ array[a.customer_id] group by i.id order by i.id"
        ).format(addresses)
    )
    return await cursor.fetchall()


async def set_tags(uow: UnitOfWork, activity: Activity, tags: Sequence[str]) -> None:
    """Write the tags of an activity, and by which tags its interaction is found."""
    await uow.send("update activity set tags = %s where id = %s", [list(tags), activity.id])
    await uow.send(
        """
        update interaction i set tags = array(
            select distinct fold(tag) from activity a, unnest(a.tags) as tag where a.interaction_id = i.id and a.id >= i.id)
        where id = %s
        """,
        [activity.interaction_id],
    )


async def count_tags(uow: UnitOfWork, *, added: Sequence[str], removed: Sequence[str]) -> None:
    """Keep count of the tags in use. Counters are held in one order, so that two who swap tags don't wait for each other crosswise."""
    await uow.send(
        """
        insert into tag (folded, name, uses)
        select fold(name), min(name), sum(change) from unnest(%s::text[], %s::int[]) as c(name, change) group by fold(name)
        having sum(change) <> 0 order by fold(name)
        on conflict (folded) do update set uses = tag.uses + excluded.uses
        """,
        [[*added, *removed], [*([1] * len(added)), *([-1] * len(removed))]],
    )


async def tags_in_use(uow: UnitOfWork, begins: str, limit: int) -> list[Tag]:
    """The most used tags that begin with this text, in whatever case and accents."""
    return await uow.all(
        Tag,
        """
        select name, uses from tag where uses > 0 and folded collate "C" >= fold(%(begins)s)
           and folded collate "C" < fold(%(begins)s) || U&'\\+10FFFF' order by uses desc, folded limit %(limit)s
        """,
        {"begins": begins, "limit": limit},
    )


async def add_comment(uow: UnitOfWork, activity: Activity, comment: Comment, author_id: UUID | None) -> None:
    """Write a comment."""
    await uow.send(
        """
        insert into activity_comment (id, activity_id, interaction_id, author_id, author_name, text, at)
        values (%s, %s, %s, %s, %s, %s, %s)
        """,
        [comment.id, activity.id, activity.interaction_id, author_id, comment.author_name, comment.text, comment.at],
    )


class WrapUpRow(Struct, frozen=True):
    """An outcome about to be written for `leg`."""

    id: UUID
    leg: Activity
    code: str
    note: str | None
    at: datetime
    by_id: UUID | None
    by_name: str | None
    inherited: bool


async def add_wrap_up(uow: UnitOfWork, row: WrapUpRow) -> None:
    """Write an outcome: an activity of kind wrap_up that points to its leg (product.md 3.4)."""
    await uow.send(
        "insert into activity (id, interaction_id, kind, leg_id, code, text, agent_id, agent_name, started_at, inherited)"
        " values (%s, %s, 'wrap_up', %s, %s, %s, %s, %s, %s, %s)",
        [row.id, row.leg.interaction_id, row.leg.id, row.code, row.note, row.by_id, row.by_name, row.at, row.inherited],
    )


async def drop_inherited(uow: UnitOfWork, leg: Activity) -> None:
    """Take an inherited outcome away from a leg, because it has one of its own or another one to inherit."""
    await uow.send(
        "delete from activity where interaction_id = %s and id >= %s and leg_id = %s and inherited",
        [leg.interaction_id, leg.interaction_id, leg.id],
    )


async def set_wrap_up_time(uow: UnitOfWork, activity_id: UUID, *, until: datetime | None, finished_at: datetime | None) -> None:
    """When the wrap-up time of a leg runs out, or that it is over."""
    await uow.send("update activity set wrap_up_until = %s, finished_at = %s where id = %s", [until, finished_at, activity_id])


async def wrap_up_codes(uow: UnitOfWork, agent_id: UUID | None, since: UUID) -> list[WrapUpCode]:
    """Every code in its order, each with how often this agent gave it since the id `since`."""
    return await uow.all(
        WrapUpCode,
        """
        select c.code, c.label as labels, c.channels, c.teams, c.active, coalesce(u.uses, 0) as uses from wrap_up_code c
        left join (select code, count(*) as uses from activity where agent_id = %(agent)s and id >= %(since)s and kind = 'wrap_up'
                   group by code) u using (code)
        order by c.position, c.code
        """,
        {"agent": agent_id, "since": since},
    )


async def codes_to_choose(uow: UnitOfWork, agent_id: UUID | None, channel: str) -> list[str]:
    """The codes that fit a leg of this agent (None: nobody's, any team will do) on this channel."""
    return await uow.values(
        """
        select code from wrap_up_code where active and (channels = '{}' or %(channel)s = any(channels))
           and (%(agent)s::uuid is null or teams = '{}' or (select team_id from app_user where id = %(agent)s) = any(teams))
        order by position, code
        """,
        {"agent": agent_id, "channel": channel},
    )


async def hold_codes(uow: UnitOfWork) -> None:
    """Let nobody else change codes until the commit."""
    await uow.send("lock table wrap_up_code in share row exclusive mode")


async def add_code(uow: UnitOfWork, code: WrapUpCode) -> None:
    """Write a new code behind the others."""
    await uow.run(
        "insert into wrap_up_code (code, label, channels, teams, position)"
        " values (%s, %s, %s, %s, (select coalesce(max(position), 0) + 1 from wrap_up_code))",
        [code.code, Jsonb(code.labels), code.channels, code.teams],
    )


async def put_code(uow: UnitOfWork, code: WrapUpCode) -> None:
    """Write a changed code."""
    await uow.run(
        "update wrap_up_code set label = %s, channels = %s, teams = %s, active = %s where code = %s",
        [Jsonb(code.labels), code.channels, code.teams, code.active, code.code],
    )


async def place_codes(uow: UnitOfWork, codes: Sequence[str]) -> None:
    """Put the codes into this order."""
    await uow.run(
        "update wrap_up_code c set position = n.place from unnest(%s::text[]) with ordinality as n(code, place) where c.code = n.code",
        [list(codes)],
    )


async def unknown_teams(uow: UnitOfWork, teams: Sequence[UUID]) -> list[UUID]:
    """Those of these ids that no team has."""
    return await uow.values("select t from unnest(%s::uuid[]) as t where not exists (select from team where id = t)", [list(teams)])
