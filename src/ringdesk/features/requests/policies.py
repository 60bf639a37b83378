"""What a channel does: to the request when an agent takes up a conversation (product.md 4.4), and with somebody whom nobody knows (4.5)."""

from uuid import UUID

from msgspec import Struct, structs

from ringdesk.features import audit, interactions
from ringdesk.features.interactions import Channel, Interaction
from ringdesk.features.people import Actor
from ringdesk.features.requests import definition_store, events, policy_store, rules, service, store, tagging
from ringdesk.features.requests.errors import RequestUsed
from ringdesk.features.requests.rules import Content
from ringdesk.features.requests.schemas import ChannelPolicy, RequestPolicies, RequestPolicy, RequestPolicyPatch
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.definitions import given
from ringdesk.kit.ids import new_id
from ringdesk.kit.problems import FieldErrors


class TakenUp(Struct, frozen=True):
    """What a policy did: the request that it opened, or the one that it proposes."""

    opened: UUID | None = None
    proposed: UUID | None = None


async def every(db: Database) -> RequestPolicies:
    """The policy of every channel."""
    async with db.transaction() as uow:
        return await _all(uow)


async def change(db: Database, actor: Actor, channel: Channel, patch: RequestPolicyPatch) -> ChannelPolicy:
    """Change what happens on a channel. Raises InvalidFields."""
    async with db.transaction() as uow:
        await policy_store.hold(uow)
        before = next(one for one in (await _all(uow)).items if one.channel == channel)
        after = structs.replace(before, **given(patch))
        if after.action != "open":
            # What is not opened has no type.
            after = structs.replace(after, type=None)
        elif after.type and after.type != before.type:
            errors = FieldErrors()
            rules.type_in_use(after.type, await definition_store.schema(uow), errors)
            errors.raise_if_any()
        if after != before:
            await policy_store.put_policy(uow, after)
            if after.unknown != before.unknown:
                await interactions.set_unknown(uow, channel, after.unknown)
            await audit.write(uow, actor, "request_policy.changed", "request_policy", channel, before, after)
            events.log_policies(uow, await _all(uow))
        return after


async def _all(uow: UnitOfWork) -> RequestPolicies:
    known = {policy.channel: policy for policy in await policy_store.policies(uow)}
    unknown = await interactions.unknown_everywhere(uow)
    every = [known.get(channel) or RequestPolicy(channel) for channel in interactions.CHANNELS]
    return RequestPolicies([ChannelPolicy(one.channel, one.action, one.type, unknown[one.channel]) for one in every])


async def take_up(uow: UnitOfWork, policy: RequestPolicy | None, interaction: Interaction, agent: Actor) -> TakenUp:
    """An agent took up a conversation: open a request for it or find the one to propose, as its channel's policy says.

    Nothing happens to an outbound one, to one that has its request, and as long as nobody knows whose it is.
    """
    customer_id = interaction.customer_id
    if policy is None or policy.action == "none" or customer_id is None or interaction.request_id or interaction.direction != "inbound":
        return TakenUp()
    if policy.action == "propose":
        return TakenUp(proposed=await policy_store.latest_active(uow, customer_id))
    return TakenUp(opened=await _open(uow, policy, interaction, customer_id, agent))


async def _open(uow: UnitOfWork, policy: RequestPolicy, interaction: Interaction, customer_id: UUID, agent: Actor) -> UUID | None:
    await definition_store.hold_values(uow)
    kind = rules.type_to_open(policy.type, (await definition_store.schema(uow)).types)
    if kind is None:
        return None
    language = await policy_store.language_of(uow, agent.id) if agent.id else agent.language
    # Fields that its type requires are asked for when somebody edits it: nobody can fill them in before the customer has spoken.
    content = Content(type=kind.key, title=rules.opening_title(interaction.queue, interaction.channel, language), owner_id=agent.id)
    number = await store.next_number(uow)
    row = store.NewRow(
        id=new_id(),
        number=number,
        customer_id=customer_id,
        content=content,
        search_text=rules.search_text(number, content),
        opened_in=interaction.id,
        created_by=agent.name,
    )
    await store.insert(uow, row)
    after = {"number": number, "customer_id": customer_id, "policy": policy.channel, "type": content.type, "title": content.title}
    await audit.write(uow, agent, "request.created", "request", row.id, None, after)
    events.log_changed(uow, service.found(await store.get(uow, row.id)), changed=["title", "type"], by_name=agent.name)
    await tagging.choose_for_leg(uow, agent, interaction, row.id)
    return row.id


async def policy_for(uow: UnitOfWork, channel: Channel) -> RequestPolicy | None:
    """The policy of a channel; None where nothing happens."""
    return await policy_store.policy_of(uow, channel)


async def is_unused(uow: UnitOfWork, request_id: UUID) -> bool:
    """Whether a request that a policy opened was left as it was opened (product.md 4.4)."""
    return await policy_store.is_unused(uow, request_id)


async def discard(uow: UnitOfWork, actor: Actor, request_id: UUID) -> None:
    """A request that nobody wrote into never happened; the audit trail keeps it. Raises NotFound, RequestUsed."""
    request = service.found(await store.get_for_change(uow, request_id))
    if not await policy_store.is_unused(uow, request_id):
        raise RequestUsed(f"Somebody wrote into REQ-{request.number} or its conversation meanwhile. Close it instead.")
    interaction_id = await policy_store.opened_in(uow, request_id)
    interaction = await interactions.get_for_change(uow, interaction_id) if interaction_id else None
    await policy_store.remove(uow, request_id)
    if interaction and interaction.request_id == request_id:
        await interactions.set_request(uow, structs.replace(interaction, request_id=None), None)
    before = {"number": request.number, "customer_id": request.customer_id, "type": request.type, "title": request.title}
    await audit.write(uow, actor, "request.discarded", "request", request_id, before, None)
    events.log_discarded(uow, request, by_name=actor.name)
