"""The result of the election and the establishment (选举结果、成立): the report and the reply to it."""

from collections.abc import Iterable

from enrollment.rules import paper_tables
from enrollment.rules.paper_facts import Candidate, Contest, PaperFacts, chinese_number, day_and_place
from enrollment.rules.paper_phrases import (
    joined,
    numbered,
    offices_of,
    people_named,
    reply,
    sentence_of,
    standing,
    tables_of,
    under,
    units_named,
)
from enrollment.rules.papers import Paper, PaperKind, chinese_date

_HEADS = ("主席", "副主席")


def result_report(facts: PaperFacts) -> Paper:
    """关于会员（代表）大会选举结果的报告, with the offices of the first session (ELEC-1)."""
    table = (paper_tables.RESULTS,) if standing(facts) else ()
    attachments = (*table, "会员名册", *(("会议记录",) if facts.minutes else ()))
    results = tuple(_result(facts, contest) for contest in facts.contests)
    paragraphs = numbered((*results, _elected_officers(facts), under("任期。", _term(facts))))
    told = "现将选举结果报告如下：" if paragraphs else "选举结果见附件。"
    return Paper(
        kind=PaperKind.RESULT_REPORT,
        title=_result_title(facts),
        addressee=facts.upper_union,
        body=(_result_opening(facts) + told, *paragraphs),
        tables=tables_of(facts, attachments),
        attachments=attachments,
        closing="特此报告，请予审批。",
        signatory=facts.issuer,
        dated_on=facts.on,
    )


def _result_title(facts: PaperFacts) -> str:
    return f"关于{facts.short_name}{facts.meeting_name}选举结果的报告"


def _result_opening(facts: PaperFacts) -> str:
    present = f"实到会{facts.present}人" if facts.present else ""
    counted = joined((f"应到会{facts.entitled}人" if facts.entitled else "", present), "，")
    quorum = facts.entitled and facts.present * 3 >= facts.entitled * 2
    enough = "，参加选举的人数达到应到会人数的三分之二以上" if quorum else ""
    attended = f"大会{counted}{enough}。" if counted else ""
    return (
        f"经你会批复同意，{facts.short_name}{day_and_place(facts.meeting)}召开{facts.meeting_name}。{attended}"
        "大会采用无记名投票方式进行选举，"
    )


def _result(facts: PaperFacts, contest: Contest) -> str:
    """Each vote of a body with its own ballots and those it elected: after a runoff the figures are of two votes."""
    told = [_vote(facts, contest, number) for number in range(len(contest.votes))]
    return under(
        f"{facts.full_seat(contest.body)}选举结果。", "".join(told) or _winners(facts, contest, contest.winners)
    )


def _vote(facts: PaperFacts, contest: Contest, number: int) -> str:
    vote = contest.votes[number]
    which = f"第{chinese_number(number + 1)}次投票" if len(contest.votes) > 1 else ""
    valid = f"其中有效票{vote.returned - vote.void}张、无效票{vote.void}张"
    counted = f"{which}发出选票{vote.issued}张，收回选票{vote.returned}张，{valid}。"
    return counted + _winners(facts, contest, vote.winners)


def _winners(facts: PaperFacts, contest: Contest, winners: Iterable[Candidate]) -> str:
    names = [winner.name if winner.yes is None else f"{winner.name}（{winner.yes}票）" for winner in winners]
    return f"{'、'.join(names)}当选为{facts.full_seat(contest.body)}。" if names else ""


def _elected_officers(facts: PaperFacts) -> str:
    told = [*(_officers_of(facts, contest) for contest in facts.contests), _womens_member(facts)]
    return under("负责人选举结果。", sentence_of(told, "；"))


def _officers_of(facts: PaperFacts, contest: Contest) -> str:
    """Who was elected to an office beside the seat, by the first session of the committee (ELEC-1)."""
    offices = _offices_beside(facts, contest)
    committee = facts.committee(contest.body)
    if not offices or not committee:
        return ""
    return f"{committee}第一次全体会议选举{'、'.join(f'{names}为{office}' for names, office in offices)}"


def _womens_member(facts: PaperFacts) -> str:
    """BUILD-8: set up together with the union, also where no woman sits on the committee."""
    return f"经协商，{facts.womens_member}同志任{facts.womens_office}" if facts.womens_member else ""


def _offices_beside(facts: PaperFacts, contest: Contest) -> list[tuple[str, str]]:
    seat = facts.seat(contest.body)
    heads_first = sorted(contest.winners, key=lambda winner: not winner.office.startswith(_HEADS))
    return offices_of((winner, winner.office) for winner in heads_first if winner.office != seat)


def establishment_reply(facts: PaperFacts) -> Paper:
    """关于同意成立工会委员会的批复 (LAW-7, ELEC-20), or of the result of a re-election."""
    units = f"由{units_named(facts.units)}的会员联合组成" if facts.is_joint and facts.units else ""
    founded = "" if facts.is_re_election else f"{joined((f'同意成立{facts.union_name}', units), '，')}。"
    results = _agreed_results(facts)
    paragraphs = (founded, f"同意{facts.meeting_name}选举结果。{results}", _term(facts), _what_follows(facts))
    matter = f"{facts.short_name}{facts.elected}选举结果" if facts.is_re_election else f"成立{facts.union_name}"
    return reply(
        facts,
        PaperKind.ESTABLISHMENT_REPLY,
        title=f"关于同意{matter}的批复",
        answers=_result_title(facts),
        paragraphs=paragraphs,
    )


def _agreed_results(facts: PaperFacts) -> str:
    results = [_agreed_result(facts, contest) for contest in facts.contests if contest.winners]
    women = f"{facts.womens_member}同志任{facts.womens_office}" if facts.womens_member else ""
    return sentence_of([*results, women], "；")


def _agreed_result(facts: PaperFacts, contest: Contest) -> str:
    committee = facts.committee(contest.body)
    if not committee:
        return f"{people_named(contest.winners)}任{facts.seat(contest.body)}"
    offices = _offices_beside(facts, contest)
    heads = [f"{names}任{office}" for names, office in offices]
    return joined((f"{committee}由{people_named(contest.winners)}组成", *heads), "，")


def _term(facts: PaperFacts) -> str:
    """The term runs from the day of the election (ELEC-20)."""
    years = f"任期{facts.meeting.term_years}年" if facts.meeting.term_years else ""
    start = f"任期自{chinese_date(facts.meeting.day)}起计算" if facts.meeting.day else ""
    if years and start:
        start = start.removeprefix("任期")
    told = joined((years, start), "，")
    return f"{facts.elected}{told}。" if told else ""


def _what_follows(facts: PaperFacts) -> str:
    """What a new union has to see to (domain 7.4, stages 9 and 10)."""
    if facts.is_one_officer:
        tasks = "会员实名登记" if facts.is_re_election else "会员实名登记、刻制印章等"
        return f"请及时做好{tasks}工作，依法开展工会工作。"
    tasks = "会员实名登记" if facts.is_re_election else "会员实名登记、刻制印章、开立经费账户等"
    return f"请及时做好{tasks}工作，按照《基层工会法人登记管理办法》办理工会法人登记手续，依法开展工会工作。"
