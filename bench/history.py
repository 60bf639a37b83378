"""Made-up conversations by the million: shapes of calls, mails and chats with the parts that each leaves behind."""

from array import array
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple
from uuid import UUID

from people import People, first_phone, key

AGENTS = 500
TEAMS = 25
CODES = ("resolved", "callback", "order", "complaint", "billing", "wrong_number", "information", "escalated")
QUEUES = ("support", "sales", "billing", "returns", "service")
# A share of conversations stays without a customer.
UNKNOWN = 0.03
NULL = "\\N"


class Part(NamedTuple):
    """One activity: its kind, when it starts and is answered (seconds after the start), and how long it lasts after that."""

    kind: str
    call_type: str
    start: int
    answer: int | None
    lasts: int
    outcome: str
    code: str = NULL


class Shape(NamedTuple):
    """A kind of conversation: how often it comes (weight), the channel, and its parts."""

    weight: int
    channel: str
    direction: str
    type: str
    result: str
    parts: tuple[Part, ...]


IVR = Part("ivr", NULL, 0, 0, 20, NULL)
LEG = Part("agent", "inbound", 25, 31, 190, "answered")
WRAP = Part("wrap_up", NULL, 240, None, 0, NULL, "resolved")
MESSAGE = Part("message", NULL, 0, None, 0, NULL)

SHAPES = (
    Shape(34, "voice", "inbound", "agent", "answered", (IVR, LEG, WRAP)),
    Shape(14, "voice", "inbound", "agent", "answered", (LEG, WRAP)),
    Shape(6, "voice", "inbound", "agent", "answered", (IVR, LEG, Part("agent", "transfer", 216, 221, 140, "answered"), WRAP, WRAP)),
    Shape(4, "voice", "inbound", "agent", "not_accepted", (IVR, LEG._replace(answer=None, lasts=20, outcome="no_answer"))),
    Shape(7, "voice", "inbound", "ivr", "abandoned", (IVR,)),
    Shape(7, "voice", "inbound", "ivr", "ivr_only", (IVR,)),
    Shape(9, "voice", "outbound", "agent", "answered", (LEG._replace(call_type="outbound"), WRAP)),
    Shape(4, "voice", "outbound", "agent", "no_answer", (LEG._replace(call_type="outbound", answer=None, lasts=25, outcome="no_answer"),)),
    Shape(7, "email", "inbound", "agent", "answered", (MESSAGE, MESSAGE._replace(start=7200))),
    Shape(5, "chat", "inbound", "agent", "answered", tuple(MESSAGE._replace(start=40 * i) for i in range(6))),
    Shape(3, "sms", "outbound", "agent", "answered", (MESSAGE, MESSAGE._replace(start=600))),
)


class Batch(NamedTuple):
    """Rows for COPY in text form, of one month."""

    month: str
    interactions: str
    activities: str
    comments: str


class History:
    """The conversations of a population over the months before `until`."""

    def __init__(self, people: People, *, activities: int, months: int, until: datetime, seed: int, busiest: float = 0.0) -> None:
        """`busiest`: the share of conversations that the first customer has beside what falls to everybody."""
        self.people = people
        self.until = until
        self._activities = activities
        self._months = months
        self._random = Random(seed)
        self._busiest = busiest
        self.last_contact = array("L", bytes(8 * people.count))
        """Per customer: seconds since 1970 of the last contact, times 1024, plus the agent; 0 without any."""
        self.interactions = self.comments = 0

    def batches(self) -> Iterator[Batch]:
        """The rows in batches of some 20,000 interactions, oldest month first."""
        made = 0
        for index, month in enumerate(self.months()):
            quota = self._activities * (index + 1) // self._months - made
            for batch, parts in self._month(month, quota):
                made += parts
                yield batch

    def months(self) -> list[datetime]:
        """The first days of the months, oldest first; the last is the one before that of `until`."""
        first = self.until.replace(day=1)
        found: list[datetime] = []
        for _ in range(self._months):
            first = (first - timedelta(days=1)).replace(day=1)
            found.append(first)
        return found[::-1]

    def _month(self, month: datetime, quota: int) -> Iterator[tuple[Batch, int]]:
        random = self._random
        mean = sum(s.weight * len(s.parts) for s in SHAPES) / sum(s.weight for s in SHAPES)
        expected = quota / mean
        days = monthrange(month.year, month.month)[1]
        per_day = max(1, int(expected / days))
        name = f"{month:%Y%m}"
        interactions: list[str] = []
        activities: list[str] = []
        comments: list[str] = []
        done = reported = count = 0
        while done < quota:
            day = month + timedelta(days=min(count * days // int(expected + 1), days - 1))
            # Rows come in order of time within a day: the key's index then grows at its end.
            for second in sorted(random.choices(range(7 * 3600, 19 * 3600), k=min(per_day, 20_000))):
                done += self._one(day, second, interactions, activities, comments)
                count += 1
                if done >= quota:
                    break
            if len(interactions) >= 20_000 or done >= quota:
                yield Batch(name, "".join(interactions), "".join(activities), "".join(comments)), done - reported
                interactions, activities, comments, reported = [], [], [], done

    def _one(self, day: datetime, second: int, interactions: list[str], activities: list[str], comments: list[str]) -> int:
        random = self._random
        shape = random.choices(SHAPES, cum_weights=_CUMULATIVE)[0]
        # A cube: most people call once a year, and the one who calls most is behind every hundredth call of a million people.
        customer = int(random.random() ** 3 * self.people.count)
        if self._busiest and random.random() < self._busiest:
            customer = 0
        agent = int(random.random() * AGENTS)
        spread = 0.3 + random.random() * 1.4
        serial = self.interactions
        self.interactions += 1
        midnight = int(day.timestamp())
        interaction = key((midnight + second) * 1000, serial)
        date = f"{day:%Y-%m-%d} "
        answered, leg, last = NULL, NULL, second
        agents: list[str] = []
        for place, part in enumerate(shape.parts):
            begins = second + int(part.start * spread)
            taken, finish = NULL, begins + part.lasts
            if part.answer is not None:
                taken = date + _CLOCK[second + int(part.answer * spread)]
                finish = second + int((part.answer + part.lasts) * spread)
            last = max(last, finish)
            who = _AGENT[(agent + place) % AGENTS] if part.kind in ("agent", "wrap_up") else _NOBODY
            activity = key((midnight + begins) * 1000, serial * 8 + place)
            code = CODES[int(random.random() ** 2 * len(CODES))] if part.kind == "wrap_up" else NULL
            activities.append(
                f"{activity}\t{interaction}\t{part.kind}\t{part.call_type}\t{who}\t{date}{_CLOCK[begins]}\t{taken}\t{date}{_CLOCK[finish]}"
                f"\t{finish - begins if part.answer is not None else 0}\t{part.outcome}\t{leg if code != NULL else NULL}\t{code}\n"
            )
            if part.kind == "agent":
                agents.append(agent_id((agent + place) % AGENTS).hex)
                leg = activity
                answered = taken if answered == NULL else answered
                if random.random() < 0.06:
                    self.comments += 1
                    comments.append(
                        f"{key((midnight + finish) * 1000, serial)}\t{activity}\t{interaction}\t{_AUTHOR[agent]}"
                        f"\tSpoke about order {serial}; will call back.\t{date}{_CLOCK[finish]}\n"
                    )
        owner = NULL
        if random.random() > UNKNOWN:
            owner = self.people.key(customer)
            self.last_contact[customer] = max(self.last_contact[customer], (midnight + second) * 1024 + agent)
        interactions.append(
            f"{interaction}\t{owner}\t{shape.channel}\t{shape.direction}\t{first_phone(customer)}\t+442079460000"
            f"\t{QUEUES[agent % len(QUEUES)]}\t{date}{_CLOCK[second]}\t{answered}\t{date}{_CLOCK[last]}\t{last - second}"
            f"\t{shape.type}\tended\t{shape.result}\tbench\t{serial}\t{{{','.join(agents)}}}\n"
        )
        return len(shape.parts)


def agent_id(agent: int) -> UUID:
    """The id of an agent."""
    return UUID(key(1_600_000_000_000, agent))


def agent_name(agent: int) -> str:
    """The name of an agent."""
    return f"Agent {agent:03}"


def extension(agent: int) -> str:
    """The extension of an agent."""
    return str(2000 + agent)


_CUMULATIVE = list(accumulate(shape.weight for shape in SHAPES))
_CLOCK = [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(86_400)]
_AGENT = [f"{agent_id(i).hex}\t{agent_name(i)}\tTeam {i % TEAMS:02}\t{extension(i)}" for i in range(AGENTS)]
_AUTHOR = [f"{agent_id(i).hex}\t{agent_name(i)}" for i in range(AGENTS)]
_NOBODY = "\t".join([NULL] * 4)
