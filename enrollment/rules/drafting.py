"""Drafting (拟稿) the papers of a founding (建会公文): from the facts to each paper, in official form.

Requests, reports and replies follow the habits of GB/T 9704: one matter after the other, numbered 一、 and （一）; a
request ends 妥否，请批示。 and a reply 此复。 The law is cited by name alone, as its articles are not sure (domain 13).
A fact that is missing takes its clause, sentence or paragraph with it.
"""

from collections.abc import Callable, Mapping

from enrollment.rules import paper_results, paper_tables
from enrollment.rules.paper_facts import ORGANIZER, Contest, PaperFacts, PaperUnit, chinese_number, day_and_place
from enrollment.rules.paper_phrases import (
    CHARTER,
    ELECTIONS,
    LAW,
    PLEASE_DECIDE,
    joined,
    made_up,
    numbered,
    offices_of,
    people_named,
    reply,
    see,
    sentence_of,
    standing,
    tables_of,
    under,
    units_named,
)
from enrollment.rules.papers import Paper, PaperKind, attachment_name, chinese_date, cleaned

# ---- The preparatory group (筹备组) ----


def _group_request(facts: PaperFacts) -> Paper:
    """关于成立工会筹备组的请示: unit, number of workers, their wish, the group (domain 7.4); or of a re-election."""
    joint = (paper_tables.UNITS,) if facts.is_joint and facts.units else ()
    group = (paper_tables.GROUP,) if facts.group else ()
    attachments = () if facts.is_re_election else (*joint, *group, "营业执照或者备案文件复印件")
    paragraphs: tuple[str, ...]
    if facts.is_re_election:
        paragraphs = (_people(facts), _plan_of_re_election(facts))
    else:
        units = _joint_units(facts, attachments) if facts.is_joint else _single_unit(facts)
        paragraphs = (units, _people(facts), _wish(facts), _proposed_group(facts, attachments))
    return Paper(
        kind=PaperKind.GROUP_REQUEST,
        title=_group_title(facts),
        addressee=facts.upper_union,
        body=(_group_opening(facts), *numbered(paragraphs)),
        tables=tables_of(facts, attachments),
        attachments=attachments,
        closing=PLEASE_DECIDE,
        signatory=facts.issuer,
        dated_on=facts.on,
    )


def _group_title(facts: PaperFacts) -> str:
    matter = f"{facts.short_name}换届选举" if facts.is_re_election else f"成立{facts.issuer}"
    return f"关于{matter}的请示"


def _group_opening(facts: PaperFacts) -> str:
    if facts.is_re_election:
        before = f"第{chinese_number(facts.session - 1)}届委员会" if facts.session > 1 else "本届委员会"
        why, what = f"{facts.short_name}{before}任期即将届满。", "拟开展换届选举工作"
    else:
        why, what = "为把劳动者组织到工会中来，维护劳动者合法权益，", f"拟成立{facts.issuer}，负责建会筹备工作"
    return f"{why}根据{LAW}{CHARTER}和{ELECTIONS}有关规定，{what}。现将有关事项请示如下："


def _single_unit(facts: PaperFacts) -> str:
    unit = facts.units[0] if facts.units else PaperUnit(name="")
    told = (
        f"主要从事{unit.business}" if unit.business else "",
        f"地处{facts.place}" if facts.place else "",
        f"统一社会信用代码（备案号）为{unit.number}" if unit.number else "",
        f"联系人为{unit.contact}" if unit.contact else "",
    )
    return f"单位基本情况。{unit.name}{joined(told, '，')}。" if unit.name and any(told) else ""


def _joint_units(facts: PaperFacts, attachments: tuple[str, ...]) -> str:
    if not facts.units:
        return ""
    where = f"{facts.place}的" if facts.place else ""
    return f"参加单位。参加联合建会的有{where}{units_named(facts.units)}{see(attachments, paper_tables.UNITS)}。"


def _people(facts: PaperFacts) -> str:
    women = f"（女会员{facts.women}人）" if facts.members and facts.women else ""
    members = f"工会会员{facts.members}人{women}" if facts.members else ""
    workers = f"从业人员{facts.workers}人" if facts.workers else ""
    told = joined((workers, members), "，其中")
    return f"人员情况。现有{told}。" if told else ""


def _wish(facts: PaperFacts) -> str:
    asked = facts.wish.rstrip("。") or "经征求意见"
    wish = f"建会意愿和方式。{asked}，从业人员自愿加入工会，希望依法建立工会组织"
    if facts.is_one_officer:
        return f"{wish}。会员不足25人，拟选举{ORGANIZER}1人，组织会员开展活动，不设工会委员会。"
    way = "由参加单位的会员联合建立一个基层工会委员会" if facts.is_joint else "单独建立基层工会委员会"
    return f"{wish}，拟{way}。"


def _plan_of_re_election(facts: PaperFacts) -> str:
    elects = "、".join(facts.committee(each.body) for each in facts.contests if facts.committee(each.body))
    return f"换届安排。拟召开{facts.meeting_name}，选举产生{elects or facts.elected}。"


def _proposed_group(facts: PaperFacts, attachments: tuple[str, ...]) -> str:
    if not facts.group:
        return ""
    return f"筹备组人选。筹备组拟{made_up(facts)}{see(attachments, paper_tables.GROUP)}。"


def _group_reply(facts: PaperFacts) -> Paper:
    """关于同意成立工会筹备组的批复."""
    agreed = f"同意{_group_matter(facts)}" + (
        f"，{made_up(facts)}。" if facts.group and not facts.is_re_election else "。"
    )
    duties = (
        f"请依照{LAW}{CHARTER}和{ELECTIONS}有关规定，做好"
        + ("会员登记" if facts.is_re_election else "发展会员、会员登记")
        + "、推荐候选人等各项筹备工作。"
    )
    ahead = f"筹备工作就绪后，请将召开{facts.meeting_name}的有关事项和候选人建议人选报我会审批。"
    return reply(
        facts,
        PaperKind.GROUP_REPLY,
        title=f"关于同意{_group_matter(facts)}的批复",
        answers=_group_title(facts),
        paragraphs=(agreed, duties, ahead),
    )


def _group_matter(facts: PaperFacts) -> str:
    return f"{facts.short_name}开展换届选举" if facts.is_re_election else f"成立{facts.issuer}"


# ---- The meeting and the candidates (大会和候选人) ----


def _meeting_request(facts: PaperFacts) -> Paper:
    """关于召开会员（代表）大会及候选人建议人选的请示 (ELEC-5, ELEC-8 … ELEC-11)."""
    candidates = (paper_tables.CANDIDATES,) if standing(facts) else ()
    attachments = (*candidates, "选举办法（草案）")
    entitled = f"应到会{facts.entitled}人" if facts.entitled else ""
    sentence = f"拟{day_and_place(facts.meeting)}召开{facts.meeting_name}"
    public = chinese_date(facts.meeting.notice_from)
    paragraphs = (
        f"大会安排。{joined((sentence, entitled), '，')}。",
        _agenda(facts),
        under("职数和任期。" if facts.is_one_officer else "机构设置和任期。", _seats(facts, "拟")),
        _proposed_candidates(facts, attachments),
        f"公示情况。候选人建议人选名单自{public}起公示，公示时间不少于5个工作日。" if public else "",
    )
    return Paper(
        kind=PaperKind.MEETING_REQUEST,
        title=_meeting_title(facts),
        addressee=facts.upper_union,
        body=(_meeting_opening(facts), *numbered(paragraphs)),
        tables=tables_of(facts, attachments),
        attachments=attachments,
        closing=PLEASE_DECIDE,
        signatory=facts.issuer,
        dated_on=facts.on,
    )


def _meeting_title(facts: PaperFacts) -> str:
    return f"关于{_meeting_matter(facts)}的请示"


def _meeting_matter(facts: PaperFacts) -> str:
    return f"召开{facts.short_name}{facts.meeting_name}及{facts.elected}候选人建议人选"


def _meeting_opening(facts: PaperFacts) -> str:
    women = f"，其中女会员{facts.women}人" if facts.women else ""
    if facts.is_re_election:
        members = f"现有会员{facts.members}人{women}，" if facts.members else ""
        told = f"{facts.short_name}{members}拟召开{facts.meeting_name}进行换届选举。"
    else:
        members = f"已发展会员{facts.members}人{women}，" if facts.members else ""
        told = (
            f"按照你会批复要求，{facts.issuer}认真做好各项筹备工作，{members}召开{facts.meeting_name}的条件已经具备。"
        )
    return f"{told}根据{CHARTER}和{ELECTIONS}有关规定，现将有关事项请示如下："


def _agenda(facts: PaperFacts) -> str:
    elects = "、".join(facts.full_seat(contest.body) for contest in facts.contests)
    points = (
        "听取并审议工会工作报告和经费审查工作报告" if facts.is_re_election else "报告工会筹备工作情况",
        "通过选举办法和监票人名单",
        f"选举产生{elects or facts.elected}",
    )
    listed = "；".join(f"（{chinese_number(place)}）{point}" for place, point in enumerate(points, 1))
    return f"大会议程。{listed}。"


def _seats(facts: PaperFacts, will: str) -> str:
    """The size of each committee and the term (ELEC-5, LAW-12), as one sentence; empty when nothing is known."""
    sizes = [_size(facts, contest, will) for contest in facts.contests if contest.seats]
    years = facts.meeting.term_years
    return sentence_of((*sizes, f"每届任期{years}年" if years else ""))


def _size(facts: PaperFacts, contest: Contest, will: str) -> str:
    committee = facts.committee(contest.body)
    seat = "委员" if committee else facts.seat(contest.body)
    return f"{committee}{will}设{seat}{contest.seats}名"


def _proposed_candidates(facts: PaperFacts, attachments: tuple[str, ...]) -> str:
    if not standing(facts):
        return ""
    counts = "、".join(_count(facts, contest) for contest in facts.contests if contest.candidates)
    offices = offices_of((who, who.proposed) for contest in facts.contests for who in contest.candidates)
    named = f"。其中，拟提名{'、'.join(f'{names}为{office}候选人' for names, office in offices)}" if offices else ""
    free = "" if any(each.relation for each in standing(facts)) else _no_relation(len(standing(facts)))
    listed = f"，名单见{attachment_name(attachments, paper_tables.CANDIDATES)}"
    return f"候选人建议人选。经民主推荐，提名{counts}{listed}{named}。{free}"


_HOW_TO_ELECT = (
    "大会采用无记名投票方式选举，不得委托他人代为投票。参加选举的人数达到应到会人数的三分之二以上，方可进行选举；"
    "候选人获得应到会人数过半数的赞成票，方可当选。"
)


def _no_relation(number: int) -> str:
    """ELEC-8, said of all who are proposed."""
    who = "该候选人不是" if number == 1 else "候选人均不是"
    return f"{who}单位行政主要负责人、法定代表人、合伙人，也不是其近亲属。"


def _count(facts: PaperFacts, contest: Contest) -> str:
    number, seats = len(contest.candidates), contest.seats
    more = f"，差额{number - seats}名" if number > seats else ""
    return f"{facts.seat(contest.body)}候选人{number}名" + (f"（应选{seats}名{more}）" if seats else "")


def _meeting_reply(facts: PaperFacts) -> Paper:
    """关于同意召开会员（代表）大会及候选人建议人选的批复; what ELEC-12, 16 and 19 ask for is said again."""
    day = f"于{chinese_date(facts.meeting.day)}" if facts.meeting.day else ""
    seats = _seats(facts, "")
    paragraphs = (
        f"同意{day}召开{facts.short_name}{facts.meeting_name}。",
        f"同意{seats}" if seats else "",
        _agreed_candidates(facts),
        _HOW_TO_ELECT,
        f"请依照{ELECTIONS}组织好大会选举，会后及时将选举结果报我会审批。",
    )
    return reply(
        facts,
        PaperKind.MEETING_REPLY,
        title=f"关于同意{_meeting_matter(facts)}的批复",
        answers=_meeting_title(facts),
        paragraphs=paragraphs,
    )


def _agreed_candidates(facts: PaperFacts) -> str:
    seats = [
        f"{people_named(contest.candidates)}为{facts.full_seat(contest.body)}候选人建议人选"
        for contest in facts.contests
        if contest.candidates
    ]
    offices = offices_of((who, who.proposed) for contest in facts.contests for who in contest.candidates)
    proposed = [f"{names}为{office}候选人建议人选" for names, office in offices]
    agreed = joined((*seats, *proposed), "；")
    return f"同意{agreed}。" if agreed else ""


_DRAFTS: Mapping[PaperKind, Callable[[PaperFacts], Paper]] = {
    PaperKind.GROUP_REQUEST: _group_request,
    PaperKind.GROUP_REPLY: _group_reply,
    PaperKind.MEETING_REQUEST: _meeting_request,
    PaperKind.MEETING_REPLY: _meeting_reply,
    PaperKind.ATTENDANCE_SHEET: paper_tables.attendance_sheet,
    PaperKind.BALLOT: paper_tables.ballot,
    PaperKind.RESULT_REPORT: paper_results.result_report,
    PaperKind.ESTABLISHMENT_REPLY: paper_results.establishment_reply,
    PaperKind.ROSTER: paper_tables.roster,
}


def compose(kind: PaperKind, facts: PaperFacts) -> Paper:
    """The paper of this kind, as these facts tell it; any combination of missing facts gives a paper without gaps."""
    return cleaned(_DRAFTS[kind](facts))
