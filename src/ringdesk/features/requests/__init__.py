"""Requests: why customers called, their types and fields, and which interactions are about them (product.md 2)."""

from ringdesk.features.requests import merging as merging
from ringdesk.features.requests.controllers import (
    CustomerRequestsController,
    MoveController,
    RequestController,
    RequestFieldController,
    RequestTypeController,
)
from ringdesk.features.requests.jobs import JOBS
from ringdesk.features.requests.rules import Content, search_text
from ringdesk.features.requests.schemas import NewRequest, Request
from ringdesk.features.requests.tagging import open_request

controllers = [RequestController, CustomerRequestsController, MoveController, RequestTypeController, RequestFieldController]

__all__ = ["JOBS", "Content", "NewRequest", "Request", "controllers", "open_request", "search_text"]
