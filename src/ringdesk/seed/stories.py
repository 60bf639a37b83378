"""Two years of made-up conversations: calls with legs, outcomes and remarks, e-mails, chats and messages."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from uuid import UUID

import msgspec

from ringdesk.features.requests import Content, search_text
from ringdesk.seed.customers import SampleCustomer
from ringdesk.seed.rows import ActivityRow, ChoiceRow, CommentRow, ContactRow, InteractionRow, RequestRow, repeatable_id
from ringdesk.seed.staff import Agent

HISTORY = timedelta(days=730)
CENTRE = "+442079460000"
# Most people were in touch a few times, some very often: (share of customers, fewest, most conversations).
HOW_OFTEN = ((0.15, 0, 0), (0.45, 1, 2), (0.28, 3, 6), (0.10, 7, 15), (0.02, 20, 60))
# One conversation in so many is about something that takes longer.
HOW_OFTEN_A_MATTER = 0.12
FIRST_NUMBER = 1001
# As the shipped types close by themselves.
IDLE = timedelta(days=5)
# By language when the customer's own is missing.
FALLBACK = "en"


class Topic(msgspec.Struct, frozen=True):
    """What a conversation is about. `texts` by language: two remarks of an agent, a question of a customer, an agent's answer."""

    queue: str
    code: str
    subject: dict[str, str]
    texts: dict[str, tuple[str, str, str, str]]


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic of topics.json."""
    found = msgspec.json.decode((files("ringdesk.seed") / "topics.json").read_bytes(), type=dict[str, Topic])
    return tuple(found.values())


class Archive:
    """Writes history; the rows lie in its lists afterwards."""

    def __init__(self, agents: Sequence[Agent], *, now: datetime, seed: int) -> None:
        self.interactions: list[InteractionRow] = []
        self.activities: list[ActivityRow] = []
        self.comments: list[CommentRow] = []
        self.requests: list[RequestRow] = []
        self.choices: list[ChoiceRow] = []
        self.contacts: dict[UUID, ContactRow] = {}
        """The last contact of each customer who has been in touch."""
        self._agents = agents
        self._now = now
        self._random = Random(seed)
        # By itself, so that the conversations stay the same whatever they are about.
        self._matters = Random(seed + 1)

    def write(self, customer: SampleCustomer) -> None:
        """Draw this customer's conversations, and note the last contact."""
        random = self._random
        _, fewest, most = random.choices(HOW_OFTEN, [share for share, _, _ in HOW_OFTEN])[0]
        since = max(customer.row.created_at, self._now - HISTORY)
        # The square draws them towards today: a card that was in use lately is in use.
        days = (self._now - since) / timedelta(days=1)
        drawn = [self._now - timedelta(days=days * random.random() ** 1.5) for _ in range(random.randint(fewest, most))]
        for when in sorted(map(self._in_office_hours, drawn)):
            self._one(customer, when)

    def _in_office_hours(self, when: datetime) -> datetime:
        at = when.replace(hour=self._random.randint(7, 17), minute=self._random.randrange(60), second=self._random.randrange(60))
        return at if at < self._now - timedelta(hours=1) else at - timedelta(days=1)

    def _one(self, customer: SampleCustomer, at: datetime) -> None:
        kinds: tuple[tuple[int, Callable[[_Story], None]], ...] = (
            (50, self._answered),
            (10, self._transferred),
            (5, self._abandoned),
            (4, self._not_accepted),
            (5, self._menu_only),
            (8, self._called_back),
            (4, self._not_reached),
            (8, self._mailed),
            (6, self._chatted),
        )
        if not customer.row.email:
            kinds = kinds[:-2]
        tell = self._random.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
        topic = self._random.choice(topics())
        story = _Story(
            customer,
            topic,
            at,
            self._random.choice(self._agents),
            str(self._random.randrange(10_000, 99_999)),
            repeatable_id(at, self._random),
        )
        tell(story)
        last = self.interactions[-1]
        if last.answered_at and self._matters.random() < HOW_OFTEN_A_MATTER:
            self._request(story, last)
        before = self.contacts.get(customer.id)
        agent = story.agent.name if last.answered_at else before.agent if before else None
        self.contacts[customer.id] = ContactRow(customer_id=customer.id, at=last.started_at, channel=last.channel, agent=agent)

    def _request(self, story: "_Story", call: InteractionRow) -> None:
        """What the conversation was about stays open for some days."""
        random = self._matters
        opened = call.answered_at or call.started_at
        touched = opened + timedelta(days=random.uniform(0, 3))
        closed = min(touched + IDLE, self._now) if touched + IDLE < self._now else None
        by_itself = random.random() < 0.4
        kind = "service_request" if story.topic.code == "escalated" else "question"
        title = story.topic.subject.get(story.customer.language) or story.topic.subject[FALLBACK]
        number = FIRST_NUMBER + len(self.requests)
        leg = next((one for one in reversed(self.activities) if one.interaction_id == call.id and one.kind == "agent"), None)
        request = RequestRow(
            id=repeatable_id(opened, random),
            number=number,
            customer_id=story.customer.id,
            type=kind,
            title=title,
            description="",
            status="closed" if closed else "active",
            owner_id=story.agent.id if random.random() < 0.85 else None,
            due_on=(opened + timedelta(days=random.randint(2, 14))).date() if random.random() < 0.6 else None,
            priority=random.choices(("low", "normal", "high", "urgent"), (1, 8, 2, 1))[0],
            search_text=search_text(number, Content(type=kind, title=title)),
            opened_in=call.id,
            created_at=opened,
            created_by=story.agent.name,
            updated_at=closed or opened,
            touched_at=min(touched, self._now),
            closed_at=closed,
            closed_by=("" if by_itself else story.agent.name) if closed else None,
        )
        self.requests.append(request)
        call.request_id = request.id
        self.choices.append(
            ChoiceRow(
                id=repeatable_id(opened, random),
                interaction_id=call.id,
                leg_id=leg.id if leg else None,
                request_id=request.id,
                by_id=story.agent.id,
                by_name=story.agent.name,
                at=opened,
            )
        )

    def _answered(self, story: "_Story") -> None:
        menu = self._menu(story) if self._random.random() < 0.6 else 0.0
        leg = self._leg(story, "inbound", menu + self._random.uniform(1, 20))
        self._remark(story, leg)
        self._wrap_up(story, leg, story.topic.code)
        self._keep(story, result="answered", answered=leg.answered_at, ended=leg.ended_at)

    def _transferred(self, story: "_Story") -> None:
        first = self._leg(story, "inbound", self._random.uniform(1, 20))
        self._remark(story, first)
        self._wrap_up(story, first, "escalated")
        assert first.ended_at is not None
        others = [agent for agent in self._agents if agent.id != story.agent.id]
        story = story.taken_by(self._random.choice(others))
        second = self._leg(story, "transfer", (first.ended_at - story.at).total_seconds())
        if self._random.random() < 0.7:
            self._wrap_up(story, second, story.topic.code)
        else:
            self._wrap_up(story, second, "escalated", inherited=True)
        self._keep(story, result="answered", answered=first.answered_at, ended=second.ended_at)

    def _abandoned(self, story: "_Story") -> None:
        leg = self._leg(story, "inbound", self._menu(story) + 5, outcome="cancelled")
        self._keep(story, result="abandoned", ended=leg.ended_at)

    def _not_accepted(self, story: "_Story") -> None:
        leg = self._leg(story, "inbound", 4, outcome="no_answer")
        self._keep(story, result="not_accepted", ended=leg.ended_at)

    def _menu_only(self, story: "_Story") -> None:
        self._keep(story, result="ivr_only", ended=story.at + timedelta(seconds=self._menu(story)), kind="ivr")

    def _called_back(self, story: "_Story") -> None:
        leg = self._leg(story, "outbound", 0)
        self._remark(story, leg)
        self._wrap_up(story, leg, story.topic.code)
        self._keep(story, direction="outbound", result="answered", answered=leg.answered_at, ended=leg.ended_at)

    def _not_reached(self, story: "_Story") -> None:
        leg = self._leg(story, "outbound", 0, outcome="no_answer")
        self._keep(story, direction="outbound", result="no_answer", ended=leg.ended_at)

    def _mailed(self, story: "_Story") -> None:
        _, _, question, answer = story.texts
        self._message(story, "email", 0, question)
        reply = self._message(story, "email", self._random.uniform(600, 18_000), answer, by=story.agent)
        self._keep(story, channel="email", result="answered", answered=reply.started_at, ended=reply.started_at)

    def _chatted(self, story: "_Story") -> None:
        _, remark, question, answer = story.texts
        self._message(story, "chat", 0, question)
        reply = self._message(story, "chat", self._random.uniform(10, 60), answer, by=story.agent)
        thanks = self._message(story, "chat", self._random.uniform(70, 120), "👍")
        self._comment(story, reply, remark)
        self._keep(story, channel="chat", result="answered", answered=reply.started_at, ended=thanks.started_at)

    def _menu(self, story: "_Story") -> float:
        lasts = self._random.uniform(8, 35)
        end = story.at + timedelta(seconds=lasts)
        self.activities.append(
            ActivityRow(
                id=repeatable_id(story.at, self._random),
                interaction_id=story.id,
                kind="ivr",
                media_type="voice",
                started_at=story.at,
                answered_at=story.at,
                ended_at=end,
                duration_s=round(lasts, 3),
            )
        )
        return lasts

    def _leg(self, story: "_Story", call_type: str, after: float, outcome: str = "answered") -> ActivityRow:
        rings = story.at + timedelta(seconds=after)
        answered = rings + timedelta(seconds=self._random.uniform(2, 14)) if outcome == "answered" else None
        lasts = min(self._random.expovariate(1 / 240) + 15, 2400) if answered else 0.0
        ended = answered + timedelta(seconds=lasts) if answered else rings + timedelta(seconds=self._random.uniform(8, 25))
        leg = ActivityRow(
            id=repeatable_id(rings, self._random),
            interaction_id=story.id,
            kind="agent",
            call_type=call_type,
            agent_id=story.agent.id,
            agent_name=story.agent.name,
            team_name=story.agent.team,
            extension=story.agent.extension,
            started_at=rings,
            answered_at=answered,
            ended_at=ended,
            duration_s=round(lasts, 3),
            outcome=outcome,
            media_type="voice",
            finished_at=ended,
        )
        self.activities.append(leg)
        return leg

    def _wrap_up(self, story: "_Story", leg: ActivityRow, code: str, *, inherited: bool = False) -> None:
        assert leg.ended_at is not None
        at = leg.ended_at + timedelta(seconds=self._random.uniform(3, 25))
        self.activities.append(
            ActivityRow(
                id=repeatable_id(at, self._random),
                interaction_id=story.id,
                kind="wrap_up",
                agent_id=leg.agent_id,
                agent_name=leg.agent_name,
                team_name=leg.team_name,
                extension=leg.extension,
                started_at=at,
                ended_at=at,
                duration_s=0.0,
                leg_id=leg.id,
                code=code,
                inherited=inherited,
            )
        )

    def _remark(self, story: "_Story", leg: ActivityRow) -> None:
        if self._random.random() < 0.45:
            self._comment(story, leg, story.texts[self._random.randrange(2)])

    def _comment(self, story: "_Story", about: ActivityRow, text: str) -> None:
        at = (about.ended_at or about.started_at) + timedelta(seconds=self._random.uniform(2, 60))
        self.comments.append(
            CommentRow(
                id=repeatable_id(at, self._random),
                activity_id=about.id,
                interaction_id=story.id,
                author_id=story.agent.id,
                author_name=story.agent.name,
                text=text,
                at=at,
            )
        )

    def _message(self, story: "_Story", media_type: str, after: float, text: str, by: Agent | None = None) -> ActivityRow:
        at = story.at + timedelta(seconds=after)
        message = ActivityRow(
            id=repeatable_id(at, self._random),
            interaction_id=story.id,
            kind="message",
            agent_id=by.id if by else None,
            agent_name=by.name if by else None,
            team_name=by.team if by else None,
            started_at=at,
            ended_at=at,
            duration_s=0.0,
            media_type=media_type,
            text=text,
        )
        self.activities.append(message)
        return message

    def _keep(
        self,
        story: "_Story",
        *,
        result: str,
        ended: datetime | None,
        answered: datetime | None = None,
        channel: str = "voice",
        direction: str = "inbound",
        kind: str = "agent",
    ) -> None:
        voice = channel == "voice"
        self.interactions.append(
            InteractionRow(
                id=story.id,
                customer_id=story.customer.id,
                channel=channel,
                direction=direction,
                ani=story.customer.number if voice else story.customer.row.email,
                dnis=CENTRE if voice else "help@example.com",
                queue=story.topic.queue,
                started_at=story.at,
                answered_at=answered,
                ended_at=ended,
                duration_s=round((ended - story.at).total_seconds(), 3) if ended else None,
                type=kind,
                result=result,
                external_id=f"sample-{len(self.interactions) + 1}",
            )
        )


class _Story(msgspec.Struct, frozen=True):
    customer: SampleCustomer
    topic: Topic
    at: datetime
    agent: Agent
    order: str
    id: UUID

    @property
    def texts(self) -> tuple[str, ...]:
        """The topic's sentences in the customer's language, about this order."""
        found = self.topic.texts.get(self.customer.language) or self.topic.texts[FALLBACK]
        return tuple(text.replace("{n}", self.order) for text in found)

    def taken_by(self, agent: Agent) -> "_Story":
        """The same conversation at another agent."""
        return msgspec.structs.replace(self, agent=agent)
