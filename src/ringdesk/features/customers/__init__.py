"""Customers: the card, its identities, look-up by address, the list (product.md 1)."""

from ringdesk.features.customers import attributes, bulk, duplicates, imports
from ringdesk.features.customers.attributes import AttributeController
from ringdesk.features.customers.bulk import BulkEditController
from ringdesk.features.customers.controllers import CustomerController, IdentityController
from ringdesk.features.customers.duplicates import DuplicateController
from ringdesk.features.customers.duplicates import follow_changes as follow_duplicates
from ringdesk.features.customers.events import (
    ChangedInBulk,
    Created,
    Erasing,
    HandedFile,
    HandingOver,
    Imported,
    Reachable,
    Releasing,
    Removed,
    Rewritten,
    changed_in_bulk,
    created,
    erasing,
    handing_over,
    imported,
    reachable,
    releasing,
    removed,
    rewritten,
)
from ringdesk.features.customers.imports import ImportsController
from ringdesk.features.customers.matching import Choice, choose, name_in_parts
from ringdesk.features.customers.merging import CardsMerged, CardsParted, Folded, Listed, MergeController, Moved, UndoController
from ringdesk.features.customers.merging import declare as moves_with_customer
from ringdesk.features.customers.merging import merged as cards_merged
from ringdesk.features.customers.merging import parted as cards_parted
from ringdesk.features.customers.models import Draft, Reach
from ringdesk.features.customers.privacy import jobs as privacy_jobs
from ringdesk.features.customers.privacy import views as views
from ringdesk.features.customers.privacy.controllers import ErasureController, PersonController, PrivacyController
from ringdesk.features.customers.privacy.errors import CallInProgress
from ringdesk.features.customers.rules import digits_of, search_fragments
from ringdesk.features.customers.schemas import Address, Customer, CustomerSummary, Identity, IdentityKind, LastContact, Match
from ringdesk.features.customers.service import (
    Search,
    add_known_identity,
    add_unconfirmed_identity,
    create,
    create_within,
    drop_unconfirmed_identity,
    find_by_address,
    find_by_phone,
    get,
    search_by_phone,
    set_last_contact,
    summaries,
    summary,
    tell,
    touch,
)
from ringdesk.features.customers.store import ask_for_summary, hold_addresses, sample_numbers

controllers = [
    CustomerController,
    IdentityController,
    AttributeController,
    ImportsController,
    MergeController,
    UndoController,
    DuplicateController,
    BulkEditController,
    PrivacyController,
    PersonController,
    ErasureController,
]
JOBS = [*imports.JOBS, *attributes.JOBS, *duplicates.JOBS, *bulk.JOBS, *privacy_jobs.JOBS]

__all__ = [
    "JOBS",
    "Address",
    "CallInProgress",
    "CardsMerged",
    "CardsParted",
    "ChangedInBulk",
    "Choice",
    "Created",
    "Customer",
    "CustomerSummary",
    "Draft",
    "Erasing",
    "Folded",
    "HandedFile",
    "HandingOver",
    "Identity",
    "IdentityKind",
    "Imported",
    "LastContact",
    "Listed",
    "Match",
    "Moved",
    "Reach",
    "Reachable",
    "Releasing",
    "Removed",
    "Rewritten",
    "Search",
    "add_known_identity",
    "add_unconfirmed_identity",
    "ask_for_summary",
    "cards_merged",
    "cards_parted",
    "changed_in_bulk",
    "choose",
    "controllers",
    "create",
    "create_within",
    "created",
    "digits_of",
    "drop_unconfirmed_identity",
    "erasing",
    "find_by_address",
    "find_by_phone",
    "follow_duplicates",
    "get",
    "handing_over",
    "hold_addresses",
    "imported",
    "moves_with_customer",
    "name_in_parts",
    "reachable",
    "releasing",
    "removed",
    "rewritten",
    "sample_numbers",
    "search_by_phone",
    "search_fragments",
    "set_last_contact",
    "summaries",
    "summary",
    "tell",
    "touch",
]
