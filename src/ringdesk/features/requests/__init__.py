"""Requests: why customers called, their types and fields, and which interactions are about them (product.md 2)."""

from ringdesk.features.requests import merging as merging
from ringdesk.features.requests import privacy as privacy
from ringdesk.features.requests.controllers import (
    CustomerRequestsController,
    MoveController,
    RequestController,
    RequestFieldController,
    RequestPolicyController,
    RequestTypeController,
)
from ringdesk.features.requests.events import Edited, edited
from ringdesk.features.requests.jobs import JOBS
from ringdesk.features.requests.policies import TakenUp, discard, is_unused, policy_for, take_up
from ringdesk.features.requests.rules import Content, search_text
from ringdesk.features.requests.schemas import NewRequest, Request, RequestPolicy
from ringdesk.features.requests.tagging import open_request

controllers = [
    RequestController,
    CustomerRequestsController,
    MoveController,
    RequestTypeController,
    RequestFieldController,
    RequestPolicyController,
]

__all__ = [
    "JOBS",
    "Content",
    "Edited",
    "NewRequest",
    "Request",
    "RequestPolicy",
    "TakenUp",
    "controllers",
    "discard",
    "edited",
    "is_unused",
    "open_request",
    "policy_for",
    "search_text",
    "take_up",
]
