"""The rulebook (规则): law and data rules as pure functions of frozen facts and a date.

No Flask, no database, no clock. A rule returns a decision with all its reasons as codes; the words for people
stand in ``web/wording.py``. Rule IDs such as LAW-5 or ROUTE-6a name the clause a rule comes from.
"""
