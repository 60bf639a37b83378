"""Use cases of the desk, and what a telephone call does to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct, structs

from ringdesk.features import customers, interactions, people, requests
from ringdesk.features.desk import events, store
from ringdesk.features.desk.errors import CallNotInWrapUp, CtiNotAllowed
from ringdesk.features.desk.schemas import (
    CallView,
    Candidate,
    CloseReason,
    Cti,
    CustomersChanged,
    DeskSettings,
    FinishCall,
    Note,
    OpenCustomer,
    Snapshot,
)
from ringdesk.features.desk.store import DeskCall
from ringdesk.features.interactions import Activity, Interaction
from ringdesk.features.people import Actor
from ringdesk.kit import clock
from ringdesk.kit.db import Database, UnitOfWork
from ringdesk.kit.eventlog import newest_position
from ringdesk.kit.problems import Forbidden, NotFound
from ringdesk.kit.settings import load_settings

# No telephone rings for so long: its system forgot to tell the end (one that tells of rings only never does).
LONGEST_RINGING = timedelta(minutes=5)
# What a desktop sends by itself before the wrap-up time runs out must not be refused for what the agent had no time to fill in.
AS_GOOD_AS_OVER = timedelta(seconds=5)
# The telephone system's clock and ours: what was opened so much before the leg rang was opened for something else.
CLOCKS_DIFFER = timedelta(seconds=2)


LegState = Literal["ringing", "talking", "hold", "wrap_up"]


class Leg(Struct, frozen=True, kw_only=True):
    """A leg as it stands at an agent's desk, with what the call bar shows of it."""

    user_id: UUID
    state: LegState
    since: datetime
    activity: Activity
    interaction: Interaction
    customer: customers.CustomerSummary | None
    candidates: Sequence[customers.Match]
    known: DeskCall | None = None
    """The call as it is on the desk already."""
    by_hand: bool = False


def person(actor: Actor) -> UUID:
    """Whose desk it is. Raises Forbidden for a program."""
    if actor.id is None:
        raise Forbidden("A desk belongs to a person; sign in as one instead of using a key.")
    return actor.id


async def snapshot(db: Database, actor: Actor, settings: DeskSettings) -> Snapshot:
    """The whole desk of a person, at one moment."""
    user_id = person(actor)
    async with db.transaction() as uow:
        await uow.send("set transaction isolation level repeatable read")
        position = await newest_position(uow)
        calls = [await view(uow, call, settings.default_region) for call in await store.calls_of_user(uow, user_id)]
        on_desk = await customers_on(uow, user_id)
        return Snapshot(
            position=position,
            user=await people.me_within(uow, actor),
            cti=_cti(await store.cti_since(uow, user_id)),
            calls=[call for call in calls if call],
            open=on_desk.open,
            previous=on_desk.previous,
            wrap_up_codes=await interactions.codes_for(uow, user_id),
            settings=settings,
        )


async def customers_on(uow: UnitOfWork, user_id: UUID) -> CustomersChanged:
    """The customers on a desk, the open ones in the order in which they were opened, the previous ones with the last closed first."""
    rows = await store.customers_of(uow, user_id)
    found = {summary.id: summary for summary in await customers.summaries(uow, [row.customer_id for row in rows])}
    return CustomersChanged(
        [OpenCustomer(found[row.customer_id], row.opened_at, row.opened_by) for row in rows if row.closed_at is None],
        [found[row.customer_id] for row in rows if row.closed_at is not None],
    )


async def log_in_to_cti(db: Database, actor: Actor) -> Cti:
    """From now on calls to this agent's extension pop here (product.md 5.2). Raises CtiNotAllowed."""
    user_id = person(actor)
    async with db.transaction() as uow:
        user = await people.me_within(uow, actor)
        if not user.cti_enabled:
            raise CtiNotAllowed("CTI is switched off for you. An administrator can switch it on.")
        if not user.extension:
            raise CtiNotAllowed("You have no telephone extension. An administrator can enter it.")
        await store.log_in(uow, user_id, clock.now())
        cti = _cti(await store.cti_since(uow, user_id))
        events.cti_changed(uow, user_id, cti)
        return cti


async def log_out_of_cti(db: Database, actor: Actor) -> Cti:
    """Calls no longer pop here; they are still stored."""
    user_id = person(actor)
    async with db.transaction() as uow:
        await store.log_out(uow, user_id)
        events.cti_changed(uow, user_id, _cti(None))
        return _cti(None)


@people.signed_out.subscribe
async def leave_the_telephone(uow: UnitOfWork, fact: people.SignedOut) -> None:
    """Whoever signs out no longer sits at this desk: calls do not pop there."""
    if await store.cti_since(uow, fact.user_id):
        await store.log_out(uow, fact.user_id)
        events.cti_changed(uow, fact.user_id, _cti(None))


async def open_by_choice(db: Database, actor: Actor, customer_id: UUID) -> OpenCustomer:
    """The agent opens a customer. Raises NotFound."""
    user_id = person(actor)
    async with db.transaction() as uow:
        summary = await customers.summary(uow, customer_id)
        if summary is None:
            raise NotFound("No customer has this id; search for the customer in the list.")
        opened = OpenCustomer(summary, clock.now(), "choice")
        await open_for(uow, user_id, opened)
        return opened


async def open_for(uow: UnitOfWork, user_id: UUID, opened: OpenCustomer) -> None:
    """Open a customer on an agent's desk, unless it is open there."""
    if await store.open_customer(uow, user_id, opened.customer.id, opened.by, opened.opened_at):
        events.customer_opened(uow, user_id, opened)


async def close_customer(db: Database, actor: Actor, customer_id: UUID) -> None:
    """The agent closes a customer, which becomes the first of the previous ones; one that is not open stays as it is."""
    user_id = person(actor)
    async with db.transaction() as uow:
        summary = await customers.summary(uow, customer_id)
        if summary and await store.close_customer(uow, user_id, summary.id, clock.now()):
            events.customer_closed(uow, user_id, summary)


@customers.rewritten.subscribe
async def name_those_open(uow: UnitOfWork, fact: customers.Rewritten) -> None:
    """Many cards change at once: those that are open on desks are told of one by one."""
    fact.shown.update(await store.open_among(uow, fact.customer_ids))


@customers.removed.subscribe
async def take_off_desks(uow: UnitOfWork, fact: customers.Removed) -> None:
    """Cards are removed: they leave every desk."""
    for user_id, customer_id in await store.take_away(uow, fact.customer_ids):
        events.customer_removed(uow, user_id, customer_id)


async def finish_call(db: Database, actor: Actor, activity_id: UUID, given: FinishCall, *, region: str) -> None:
    """The agent ends the wrap-up of a call, with its outcome if one is given. Raises CallNotInWrapUp, InvalidFields.

    Nothing typed is lost: a note belongs to its outcome, and without one it is kept as a comment on the leg (product.md 3.4, 3.5).
    `region` (ISO 3166) is where telephone numbers in its fields are read.
    """
    user_id = person(actor)
    async with db.transaction() as uow:
        call = await held_call(uow, activity_id)
        if call is None or call.user_id != user_id or call.state != "wrap_up":
            raise CallNotInWrapUp("Only a call that ended at your desk and was not finished yet can be finished.")
        time_left = call.wrap_up_until is None or call.wrap_up_until - clock.now() > AS_GOOD_AS_OVER
        await interactions.fill_in_within(uow, actor, activity_id, given.fields, region=region, whole=time_left)
        if given.code:
            await interactions.apply_wrap_up(uow, actor, activity_id, interactions.NewWrapUp(given.code, given.note))
        elif given.note and given.note.strip():
            await interactions.comment_within(uow, actor, activity_id, given.note)
        await _finish(uow, call)


async def finish_due(db: Database) -> datetime | None:
    """End every wrap-up whose time is over; when the next one will be, None if none is running."""
    async with db.transaction() as uow:
        due = await store.due(uow, clock.now())
    for overdue in due:
        async with db.transaction() as uow:
            call = await held_call(uow, overdue.activity_id)
            if call and call.wrap_up_until and call.wrap_up_until <= clock.now():
                await _finish(uow, call)
    async with db.transaction() as uow:
        for lost in await store.ringing_since_before(uow, clock.now() - LONGEST_RINGING):
            await store.drop_call(uow, lost.activity_id)
            events.call_closed(uow, lost.user_id, lost.activity_id, lost.interaction_id, "missed")
        return await store.next_due(uow)


async def held_call(uow: UnitOfWork, activity_id: UUID) -> DeskCall | None:
    """The call of a leg, with its interaction held until the commit."""
    # Whoever changes a call holds its interaction first, telephony too: so nobody waits for each other crosswise.
    call = await store.call_of(uow, activity_id)
    if call is None:
        return None
    await interactions.hold(uow, call.interaction_id)
    return await store.call_of(uow, activity_id)


async def own_call(uow: UnitOfWork, actor: Actor, activity_id: UUID) -> DeskCall:
    """Like `held_call`, of this agent's own desk. Raises NotFound."""
    user_id = person(actor)
    call = await held_call(uow, activity_id)
    if call is None or call.user_id != user_id:
        raise NotFound("This conversation is not on your desk any more.")
    return call


async def _finish(uow: UnitOfWork, call: DeskCall) -> None:
    await interactions.finish_leg(uow, call.activity_id)
    await store.drop_call(uow, call.activity_id)
    events.call_closed(uow, call.user_id, call.activity_id, call.interaction_id, "finished")
    await _ready_again(uow, call.user_id)


async def show(uow: UnitOfWork, leg: Leg, *, wrap_up_seconds: int = 0, opens: bool = True) -> None:
    """Show a leg at its agent's desk, or its new state; a known customer is opened there unless not `opens` (product.md 4.5).

    A leg in wrap-up leaves by itself `wrap_up_seconds` from now.
    """
    wrap_up_until = clock.now() + timedelta(seconds=wrap_up_seconds) if leg.state == "wrap_up" else None
    known = leg.known or DeskCall(leg.activity.id, leg.interaction.id, leg.user_id, leg.state, leg.since, None, by_hand=leg.by_hand)
    call = structs.replace(known, state=leg.state, since=leg.since, wrap_up_until=wrap_up_until)
    await store.put_call(uow, call)
    if leg.state == "wrap_up":
        await interactions.set_wrap_up_time(uow, leg.activity.id, until=wrap_up_until, finished_at=None)
    note = await _note(uow, leg.interaction, leg.activity, leg.user_id)
    marks = await _marks(uow, call, leg.interaction)
    events.call_changed(uow, leg.user_id, _compose(call, leg.interaction, leg.activity, leg.customer, leg.candidates, note, marks))
    if leg.customer and opens and leg.state != "wrap_up":
        await open_for(uow, leg.user_id, OpenCustomer(leg.customer, clock.now(), "pop"))


async def take_off(uow: UnitOfWork, user_id: UUID, activity: Activity, reason: CloseReason) -> None:
    """The leg leaves the agent's call bar without a wrap-up time; a card that it popped leaves when another agent took the call (4.5)."""
    await store.drop_call(uow, activity.id)
    if reason == "answered_elsewhere":
        popped = await store.popped_by(uow, user_id, activity.interaction_id, activity.started_at - CLOCKS_DIFFER)
        if popped and (summary := await customers.summary(uow, popped)):
            await store.close_customer(uow, user_id, popped, clock.now())
            events.customer_closed(uow, user_id, summary)
    events.call_closed(uow, user_id, activity.id, activity.interaction_id, reason)
    await _ready_again(uow, user_id)


async def _ready_again(uow: UnitOfWork, user_id: UUID) -> None:
    """The time in the state Ready begins anew when a call has left the desk."""
    if since := await store.restart_ready(uow, user_id, clock.now()):
        events.cti_changed(uow, user_id, _cti(since))


@customers.changed_in_bulk.subscribe
async def tell_open_cards(uow: UnitOfWork, fact: customers.ChangedInBulk) -> None:
    """Of many cards that changed at once, those that lie open on a desk are told of one by one, as after any other edit."""
    for customer_id in await store.open_anywhere(uow, fact.customer_ids):
        await customers.tell(uow, customer_id, fact.changed, fact.by_name)


@interactions.linked.subscribe
async def follow_link(uow: UnitOfWork, fact: interactions.Linked) -> None:
    """An interaction got (another) customer: every desk that it is on shows that customer at once (product.md 3.6)."""
    calls = await (await store.ask_for_calls(uow, fact.interaction.id)).all()
    summary = await customers.summary(uow, fact.customer_id) if calls else None
    if summary is None:
        return
    for call in calls:
        activity = await interactions.get_activity(uow, call.activity_id)
        if activity is None:
            continue
        note = await _note(uow, fact.interaction, activity, call.user_id)
        marks = await _marks(uow, call, fact.interaction)
        events.call_changed(uow, call.user_id, _compose(call, fact.interaction, activity, summary, [], note, marks))
        await open_for(uow, call.user_id, OpenCustomer(summary, clock.now(), "pop"))


@interactions.tagged.subscribe
async def follow_tag(uow: UnitOfWork, fact: interactions.Tagged) -> None:
    """An interaction got (another) request: every desk that it is on shows it at once (product.md 3.6)."""
    for call in await (await store.ask_for_calls(uow, fact.interaction.id)).all():
        await tell_again(uow, call)


async def view(uow: UnitOfWork, call: DeskCall, region: str) -> CallView | None:
    """A call as its agent's desk shows it; None once its interaction is gone."""
    activity = await interactions.get_activity(uow, call.activity_id)
    interaction = await interactions.get_with_request(uow, call.interaction_id)
    if activity is None or interaction is None:
        return None
    customer = await customers.summary(uow, interaction.customer_id) if interaction.customer_id else None
    candidates = await candidates_of(uow, interaction, region)
    note = await _note(uow, interaction, activity, call.user_id)
    return _compose(call, interaction, activity, customer, candidates, note, await _marks(uow, call, interaction))


async def candidates_of(uow: UnitOfWork, interaction: Interaction, region: str) -> list[customers.Match]:
    """The customers to choose from for an interaction that nobody has been chosen for."""
    if interaction.customer_id or not interaction.candidates or not interaction.ani:
        return []
    kind = interactions.kind_of_address(interaction.channel)
    matches = await customers.find_by_address(uow, kind, interaction.ani, region)
    return [match for match in matches if match.customer.id in interaction.candidates]


class Marks(Struct, frozen=True):
    """What a policy asks of the agent about a call: see CallView."""

    proposed: interactions.RequestTag | None = None
    unused: interactions.RequestTag | None = None


async def _marks(uow: UnitOfWork, call: DeskCall, interaction: Interaction) -> Marks:
    """What the policy asks about this call. Most calls have none, and cost nothing here."""
    tagged = interaction.request_id or None
    if call.proposed_request and tagged is None:
        tag = (await interactions.request_tags(uow, [call.proposed_request])).get(call.proposed_request)
        return Marks(proposed=tag if tag and tag.status == "active" else None)
    if call.opened_request and call.opened_request == tagged and call.state == "wrap_up":
        unused = await requests.is_unused(uow, call.opened_request)
        return Marks(unused=(await interactions.request_tags(uow, [call.opened_request])).get(call.opened_request) if unused else None)
    return Marks()


async def tell_again(uow: UnitOfWork, call: DeskCall) -> None:
    """Tell a call's desk how it is now."""
    if shown := await view(uow, call, load_settings().default_region):
        events.call_changed(uow, call.user_id, shown)


async def _note(uow: UnitOfWork, interaction: Interaction, activity: Activity, reader: UUID) -> Note | None:
    # Only a leg that took the call over from somebody has a note to read.
    if activity.call_type in {"inbound", "outbound"}:
        return None
    note = await store.last_note(uow, interaction.id, reader)
    return Note(*note) if note else None


def _compose(
    call: DeskCall,
    interaction: Interaction,
    activity: Activity,
    customer: customers.CustomerSummary | None,
    candidates: Sequence[customers.Match],
    note: Note | None,
    marks: Marks,
) -> CallView:
    return CallView(
        activity_id=activity.id,
        interaction_id=interaction.id,
        state=call.state,
        since=call.since,
        direction=interaction.direction,
        call_type=activity.call_type,
        ani=interaction.ani,
        dnis=interaction.dnis,
        queue=interaction.queue,
        caller_name=interaction.caller_name,
        started_at=activity.started_at,
        answered_at=activity.answered_at,
        ended_at=activity.ended_at,
        wrap_up_until=call.wrap_up_until,
        customer=customer,
        candidates=[] if customer else [Candidate(m.customer, m.last_contact_at, m.last_agent, m.reason) for m in candidates],
        request=interaction.request or None,
        note_from=note,
        channel=interaction.channel,
        by_hand=call.by_hand,
        proposed_request=marks.proposed,
        unused_request=marks.unused,
    )


def _cti(since: datetime | None) -> Cti:
    return Cti(since is not None, "ready" if since else "logged_out", since)
