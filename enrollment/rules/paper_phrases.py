"""What the papers of a founding (建会公文) share: the frame of a reply, numbering, names in a row, missing clauses."""

from collections.abc import Callable, Iterable, Mapping

from enrollment.rules import paper_tables
from enrollment.rules.paper_facts import Candidate, PaperFacts, PaperUnit, chinese_number
from enrollment.rules.papers import Paper, PaperKind, Table, attachment_name

LAW = "《中华人民共和国工会法》"
CHARTER = "《中国工会章程》"
ELECTIONS = "《工会基层组织选举工作条例》"
PLEASE_DECIDE = "妥否，请批示。"

_SO_REPLIED = "此复。"
_UNITS_NAMED = 5
"""Up to so many units are named in a sentence; of more, the first three."""

_UNITS_BEFORE_MORE = 3

_TABLES: Mapping[str, Callable[[PaperFacts], Table]] = {
    paper_tables.UNITS: paper_tables.units_table,
    paper_tables.GROUP: paper_tables.group_table,
    paper_tables.CANDIDATES: paper_tables.candidates_table,
    paper_tables.RESULTS: paper_tables.results_table,
}


def reply(facts: PaperFacts, kind: PaperKind, *, title: str, answers: str, paragraphs: Iterable[str]) -> Paper:
    """A reply (批复) of the upper union. ``answers``: the title of the paper it answers, as composed."""
    you = "你会" if facts.is_re_election else "你筹备组"
    return Paper(
        kind=kind,
        title=title,
        number=facts.number,
        addressee=facts.issuer,
        body=(f"{you}《{facts.answers or answers}》收悉。经研究，现批复如下：", *numbered(paragraphs)),
        closing=_SO_REPLIED,
        signatory=facts.upper_union,
        dated_on=facts.on,
    )


def numbered(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Paragraphs numbered 一、二、三、; empty ones are left out."""
    return tuple(f"{chinese_number(place)}、{text}" for place, text in enumerate(filter(None, paragraphs), 1))


def under(heading: str, text: str) -> str:
    return heading + text if text else ""


def joined(parts: Iterable[str], separator: str) -> str:
    return separator.join(filter(None, parts))


def sentence_of(parts: Iterable[str], separator: str = "，") -> str:
    told = joined(parts, separator)
    return f"{told}。" if told else ""


def see(attachments: tuple[str, ...], name: str) -> str:
    return f"（见{attachment_name(attachments, name)}）" if name in attachments else ""


def tables_of(facts: PaperFacts, attachments: tuple[str, ...]) -> tuple[Table, ...]:
    return tuple(_TABLES[name](facts) for name in attachments if name in _TABLES)


def standing(facts: PaperFacts) -> tuple[Candidate, ...]:
    return tuple(candidate for contest in facts.contests for candidate in contest.candidates)


def people_named(people: Iterable[Candidate]) -> str:
    names = [person.name for person in people]
    return f"{'、'.join(names)}同志" if len(names) == 1 else f"{'、'.join(names)}等{len(names)}名同志"


def units_named(units: tuple[PaperUnit, ...]) -> str:
    named = units if len(units) <= _UNITS_NAMED else units[:_UNITS_BEFORE_MORE]
    return f"{'、'.join(unit.name for unit in named)}等{len(units)}家单位"


def made_up(facts: PaperFacts) -> str:
    """Who makes up the group: the first named leads it."""
    names = [person.name for person in facts.group]
    if len(names) == 1:
        return f"由{names[0]}同志负责"
    return f"由{'、'.join(names)}等{len(names)}名同志组成，{names[0]}同志任组长"


def offices_of(people: Iterable[tuple[Candidate, str]]) -> list[tuple[str, str]]:
    """(names, office) for each office somebody has, in the order they come; who has none is left out."""
    found: dict[str, list[str]] = {}
    for person, office in people:
        if office:
            found.setdefault(office, []).append(person.name)
    return [("、".join(names), office) for office, names in found.items()]
