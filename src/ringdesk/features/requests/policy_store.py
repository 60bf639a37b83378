"""Every query of request policies, and of the requests that they open."""

from uuid import UUID

from ringdesk.features.interactions import Channel
from ringdesk.features.requests.schemas import RequestPolicy
from ringdesk.kit.db import UnitOfWork


async def hold(uow: UnitOfWork) -> None:
    """Let nobody else change policies until the commit."""
    await uow.send("lock table request_policy in share row exclusive mode")


async def policies(uow: UnitOfWork) -> list[RequestPolicy]:
    """The policies of the channels that have one."""
    return await uow.all(RequestPolicy, "select channel, action, type from request_policy")


async def policy_of(uow: UnitOfWork, channel: Channel) -> RequestPolicy | None:
    """The policy of a channel, if it has one."""
    return await uow.one(RequestPolicy, "select channel, action, type from request_policy where channel = %s", [channel])


async def put_policy(uow: UnitOfWork, policy: RequestPolicy) -> None:
    """Write the policy of a channel; `none` is no row."""
    if policy.action == "none":
        await uow.run("delete from request_policy where channel = %s", [policy.channel])
        return
    await uow.run(
        "insert into request_policy (channel, action, type) values (%s, %s, %s)"
        " on conflict (channel) do update set action = excluded.action, type = excluded.type",
        [policy.channel, policy.action, policy.type],
    )


async def latest_active(uow: UnitOfWork, customer_id: UUID) -> UUID | None:
    """The active request of a customer to which something happened last."""
    return await uow.value(
        "select id from request where customer_id = %s and status = 'active' order by touched_at desc, id desc limit 1", [customer_id]
    )


async def language_of(uow: UnitOfWork, user_id: UUID) -> str:
    """The language in which a person works."""
    return await uow.value("select language from app_user where id = %s", [user_id]) or "en"


async def is_unused(uow: UnitOfWork, request_id: UUID) -> bool:
    """Whether nobody wrote into this request, nor anything on the interaction in which it was opened, nor gave it another interaction."""
    return bool(
        await uow.value(
            """
            select exists (
                select from request r where r.id = %s and r.version = 1 and r.status = 'active' and r.opened_in is not null
                and not exists (select from interaction i where i.request_id = r.id and i.id <> r.opened_in)
                and not exists (select from interaction_move m where m.interaction_id = r.opened_in and m.at >= r.created_at)
                and not exists (select from activity_comment c where c.interaction_id = r.opened_in and c.at >= r.created_at)
                and not exists (select from activity a where a.interaction_id = r.opened_in and a.id >= r.opened_in
                                and (a.tags <> '{}' or a.fields <> a.told_fields)))
            """,
            [request_id],
        )
    )


async def opened_in(uow: UnitOfWork, request_id: UUID) -> UUID | None:
    """The interaction in which a request was opened."""
    return await uow.value("select opened_in from request where id = %s", [request_id])


async def remove(uow: UnitOfWork, request_id: UUID) -> None:
    """A request never happened; nobody chose it either."""
    await uow.run("delete from request_choice where request_id = %s", [request_id])
    await uow.run("update interaction set request_id = null where request_id = %s", [request_id])
    await uow.run("delete from request where id = %s", [request_id])
