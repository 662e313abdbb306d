"""Tables of the papers of a founding (建会公文), and the papers that are nothing but a table."""

from collections.abc import Iterable

from enrollment.rules.paper_facts import Body, Candidate, Contest, MeetingKind, PaperFacts, RosterRow
from enrollment.rules.papers import Paper, PaperKind, Table, chinese_date

UNITS = "参加联合建会单位情况表"
GROUP = "筹备组成员名单"
CANDIDATES = "候选人建议人选名单"
RESULTS = "选举结果统计表"

_SEXES = {"0": "", "1": "男", "2": "女", "9": ""}
_FEMALE = "女"
_BLANK_ROWS = 15
"""Rows of an attendance sheet to be written by hand when nobody is named yet."""


def units_table(facts: PaperFacts) -> Table:
    """The units that stand together (BUILD-4), each with its own numbers."""
    header = ("序号", "单位名称", "统一社会信用代码（备案号）", "从业人员数", "会员数", "联系人")
    rows = ((unit.name, unit.number, _count(unit.workers), _count(unit.members), unit.contact) for unit in facts.units)
    return Table(UNITS, header, _numbered(rows))


def group_table(facts: PaperFacts) -> Table:
    """The preparatory group with short CVs (domain 7.4, stage 1)."""
    leads = ("组长", *("成员" for _ in facts.group[1:]))
    rows = (
        (person.name, person.unit, person.post, lead, person.career)
        for person, lead in zip(facts.group, leads, strict=False)
    )
    return Table(GROUP, ("序号", "姓名", "工作单位", "职务", "组内职务", "简历"), _numbered(rows))


def candidates_table(facts: PaperFacts) -> Table:
    """Everybody who is proposed, with the relation to the head of a unit (ELEC-8)."""
    header = ("序号", "姓名", "性别", "出生年月", "工作单位", "拟任职务", "与单位负责人关系")
    rows = (
        (
            candidate.name,
            _sex(candidate.sex),
            _month(candidate.born),
            candidate.unit,
            _offices(_seat(facts, contest), candidate.proposed),
            candidate.relation or "无",
        )
        for contest, candidate in _standing(facts)
    )
    return Table(CANDIDATES, header, _numbered(rows))


def results_table(facts: PaperFacts) -> Table:
    """Votes of each candidate, and who is elected to what (ELEC-19)."""
    header = ("序号", "姓名", "性别", "工作单位", "选举职务", "赞成票数", "选举结果")
    rows = (
        (
            candidate.name,
            _sex(candidate.sex),
            candidate.unit,
            _seat(facts, contest),
            "" if candidate.yes is None else str(candidate.yes),
            _outcome(facts.seat(contest.body), candidate),
        )
        for contest, candidate in _standing(facts)
    )
    return Table(RESULTS, header, _numbered(rows))


def attendance_sheet(facts: PaperFacts) -> Paper:
    """Who signs at the door; delegates write their names in empty rows. There is no proxy (ELEC-16)."""
    by_name = () if facts.meeting.kind is MeetingKind.DELEGATES else facts.roster
    named = by_name or (RosterRow(name=""),) * (facts.entitled or _BLANK_ROWS)
    rows = _numbered((row.name, row.unit, "", "") for row in named)
    return Paper(
        kind=PaperKind.ATTENDANCE_SHEET,
        title=f"{facts.short_name}{facts.meeting_name}签到表",
        body=(
            f"会议时间：{_day_and_time(facts)}（北京时间）",
            *_given("会议地点：", facts.meeting.place),
            f"应到会：{_blank(facts.entitled)}人　　实到会：{_blank(facts.present)}人",
        ),
        tables=(Table("", ("序号", "姓名", "工作单位", "签名", "备注"), rows),),
    )


def _day_and_time(facts: PaperFacts) -> str:
    return (chinese_date(facts.meeting.day) or "　　　　年　　月　　日") + facts.meeting.starts_at


def ballot(facts: PaperFacts) -> Paper:
    """One ballot for each contest, on a sheet of its own (ELEC-16 … ELEC-18)."""
    return Paper(
        kind=PaperKind.BALLOT,
        title=f"{facts.short_name}{facts.meeting_name}选票",
        tables=tuple(_ballot(facts, contest) for contest in facts.contests),
    )


def _ballot(facts: PaperFacts, contest: Contest) -> Table:
    seats = contest.seats
    rows = tuple((candidate.name, "", "") for candidate in contest.candidates if not candidate.written_in)
    limit = (
        (f"本次应选{seats}名。所选人数（含另选他人）等于或者少于{seats}名的选票有效，多于{seats}名的选票无效。",)
        if seats
        else ()
    )
    notes = (
        "同意的，在“意见”栏内画“○”；不同意的，画“×”；弃权的，不作任何符号。",
        "不同意某候选人的，可以在同一行“另选他人”栏内写上另选人的姓名；同意或者弃权的，不得另选他人。",
        *limit,
        "选举采用无记名投票方式，由本人填写，不得委托他人代为投票。",
    )
    numbered = ("填写说明：", *(f"{number}. {note}" for number, note in enumerate(notes, 1)))
    return Table(f"{facts.full_seat(contest.body)}选票", ("候选人", "意见", "另选他人"), rows, numbered, apart=True)


def roster(facts: PaperFacts) -> Paper:
    """The members' roster (会员名册): no identity number, no phone."""
    members = facts.members or len(facts.roster)
    women = facts.women or sum(_sex(row.sex) == _FEMALE for row in facts.roster)
    rows = tuple(
        (row.number or str(place), row.name, _sex(row.sex), row.unit, chinese_date(row.joined_on))
        for place, row in enumerate(facts.roster, 1)
    )
    counted = f"共有会员{members}人" + (f"，其中女会员{women}人" if women else "") + "。"
    return Paper(
        kind=PaperKind.ROSTER,
        title=f"{facts.short_name}会员名册",
        body=(counted,) if members else (),
        tables=(Table("", ("序号", "姓名", "性别", "工作单位", "入会日期"), rows),),
        signatory=facts.issuer,
        dated_on=facts.on,
    )


def _standing(facts: PaperFacts) -> Iterable[tuple[Contest, Candidate]]:
    return ((contest, candidate) for contest in facts.contests for candidate in contest.candidates)


def _numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(place), *row) for place, row in enumerate(rows, 1))


def _seat(facts: PaperFacts, contest: Contest) -> str:
    """What is elected, short enough for a column."""
    return "经审委员" if contest.body is Body.AUDIT else facts.seat(contest.body)


def _outcome(seat: str, candidate: Candidate) -> str:
    if not candidate.elected:
        return "未当选"
    return "当选" if candidate.office in ("", seat) else f"当选，任{candidate.office}"


def _offices(seat: str, office: str) -> str:
    return seat if office in ("", seat) else f"{seat}、{office}"


def _given(label: str, text: str) -> tuple[str, ...]:
    return (f"{label}{text}",) if text else ()


def _sex(word_or_code: str) -> str:
    return _SEXES.get(word_or_code, word_or_code)


def _month(born: str) -> str:
    """Year and month as tables of people write them: 1990.01."""
    return born.replace("-", ".")


def _count(number: int) -> str:
    return str(number) if number else ""


def _blank(number: int) -> str:
    return str(number) if number else "　　　"
