"""Tables and the transaction (存储): SQLAlchemy, no request, no clock. All tables are known once this is imported."""

from enrollment.storage import (
    accounts,
    applications,
    audit,
    batches,
    cards,
    events,
    foundings,
    ledger,
    outbox,
    papers,
    people,
    referrals,
    reversals,
    unions,
    visits,
)

__all__ = [
    "accounts",
    "applications",
    "audit",
    "batches",
    "cards",
    "events",
    "foundings",
    "ledger",
    "outbox",
    "papers",
    "people",
    "referrals",
    "reversals",
    "unions",
    "visits",
]
