"""The demo prefecture ``changji``: the published figures, invented people behind them, a desk with open work."""

from enrollment.demo.chance import NEWS_DATE
from enrollment.demo.loading import DemoSummary, SignIn, database_is_empty, load_demo, open_to_everybody, sign_ins
from enrollment.settings import DEMO_PASSWORD

__all__ = [
    "DEMO_PASSWORD",
    "NEWS_DATE",
    "DemoSummary",
    "SignIn",
    "database_is_empty",
    "load_demo",
    "open_to_everybody",
    "sign_ins",
]
