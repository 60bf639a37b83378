"""HTTP of telephony: parse, call, answer."""

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from ringdesk.features.telephony.listener import EventListener
from ringdesk.features.telephony.schemas import EventAccepted, TelephonyEvent


class TelephonyController(Controller):
    """Telephone systems that call us."""

    path = "/telephony"
    tags = ("telephony",)

    @post("/events", status_code=202, opt={"right": "telephony:write"})
    async def receive(self, listener: NamedDependency[EventListener], data: JSONBody[TelephonyEvent]) -> EventAccepted:
        """Tell what happens to a call; the caller's number and the agent's extension alone pop the card."""
        return await listener.receive(data)
