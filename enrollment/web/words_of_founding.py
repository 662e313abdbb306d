"""Words of a founding: stages, entries, bodies, offices, and what the rules say of elections and names."""

from flask_babel import lazy_gettext as _

STAGES = {
    "group_request": _("Ask for a preparatory group"),
    "group_reply": _("The upper union replies"),
    "preparation": _("Bring the members together"),
    "meeting_request": _("Ask for the meeting and the candidates"),
    "meeting_reply": _("Reply to meeting and candidates"),
    "meeting": _("Hold the assembly and vote"),
    "first_session": _("First session of the committee"),
    "result_report": _("Report the result"),
    "establishment": _("Reply: the union is established"),
    "registration": _("Seal, account, legal person"),
    "entry": _("Real names, plaque, funds"),
    "join_request": _("Ask to join"),
    "join_reply": _("The upper union replies"),
}

FOUNDING_STEPS = {
    "started": _("Begun"),
    "agreed": _("A unit agreed"),
    "declined": _("A unit declined"),
    "asked": _("A unit has a question"),
    "invited": _("More units invited"),
    "reminded": _("A unit was reminded"),
    "left_out": _("A unit was left out"),
    "renamed": _("The name changed"),
    "submitted": _("Request sent to the upper union"),
    "group_approved": _("Preparatory group approved"),
    "prepared": _("Members together, roster drawn up"),
    "meeting_requested": _("Meeting and candidates requested"),
    "meeting_approved": _("Meeting and candidates approved"),
    "meeting_held": _("Assembly held, votes recorded"),
    "voted_again": _("Voted once more"),
    "record_corrected": _("Record corrected"),
    "session_held": _("First session held"),
    "result_reported": _("Result reported"),
    "returned": _("Returned for correction"),
    "meeting_again": _("The assembly has to be held again"),
    "list_again": _("The candidates have to be asked for again"),
    "approved": _("Approved"),
    "registered": _("Registered as a legal person"),
    "concluded": _("Everything done"),
    "refused": _("Not accepted"),
    "withdrawn": _("Given up"),
}

BODIES = {
    "committee": _("Committee"),
    "standing": _("Standing committee"),
    "audit": _("Audit committee"),
    "officer": _("Organizer or chair"),
    "women": _("Women workers"),
}

SEATS = {
    "committee": _("Member of the committee"),
    "audit": _("Member of the audit committee"),
    "officer": _("Organizer or chair"),
    "women": _("Member for women workers"),
}

OFFICE_WORDS = {
    "chair": _("Chair"),
    "vice_chair": _("Vice chair"),
    "audit_chair": _("Chair of the audit committee"),
    "womens_member": _("Member for women workers"),
}

RELATIONS_TO_HEAD = {
    "none": _("No relation"),
    "head": _("Is the head"),
    "legal_representative": _("Is the legal representative"),
    "partner": _("Is a partner"),
    "near_relative": _("Near relative of one of them"),
}

CHECK_ITEMS = {
    "seal": _("Seal made"),
    "bank_account": _("Account opened"),
    "legal_person": _("Registered as a legal person"),
    "real_name": _("Real names of members and union entered"),
    "plaque": _("Plaque handed over"),
    "funds": _("Funds arranged"),
}

MATTERS = {
    "group_reply": _("Reply: preparatory group"),
    "meeting_reply": _("Reply: meeting and candidates"),
    "establishment": _("Reply to the result, 15 days"),
    "join_reply": _("Reply: a unit wants to join"),
    "invitation": _("A neighbor has not answered"),
    "term": _("Term of office: re-election"),
    "certificate": _("Certificate of the legal person"),
}

URGENCIES = {"due": _("Due"), "ending": _("Ending soon"), "overdue": _("Overdue")}

FOUNDING_REASONS = {
    # elections
    "no_quorum": _("Fewer than two thirds of those who should attend came: the meeting does not count."),
    "barred_candidate": _("Heads, legal representatives, partners and their near relatives may not stand."),
    "notice_before_the_list": _(
        "The list of candidates cannot have hung out so early: it was written, or has named somebody new, later."
    ),
    "counter_is_candidate": _("Somebody who watched the count is a candidate: the vote does not count."),
    "looks_broken": _(
        "With these numbers the assembly does not count. Look at them once more, then tick that they are right."
    ),
    "later_votes_do_not_fit": _(
        "The later votes do not follow from these numbers: empty them, and type those that were held."
    ),
    "written_in_stands": _("Somebody written in stands on a list already: add the votes there."),
    "elected_is_no_member": _("Somebody elected is no member any more: the assembly has to be held again."),
    "notice_too_short": _("The list of candidates has to hang out for five working days."),
    "more_present_than_entitled": _("More came than should attend: count again."),
    "more_ballots_than_present": _("More ballots were issued than people came; nobody votes for another."),
    "more_ballots_than_issued": _("More ballots came back than were issued: the vote does not count."),
    "more_votes_than_ballots": _("Somebody has more votes than there are valid ballots."),
    "more_votes_than_marks": _(
        "There are more votes than valid ballots can hold: on each at most as many are marked as there are seats."
    ),
    "rules_not_adopted": _("The assembly has to adopt the election rules before it votes."),
    "tie": _("Equal votes for the last seat: those tied stand again."),
    "seats_open": _("Not everybody needed has more than half of all who should attend: vote again on the open seats."),
    "committee_not_voted": _("There is no vote on the committee yet."),
    "audit_not_voted": _("There is no vote on the audit committee yet."),
    "officer_not_voted": _("There is no vote yet."),
    "committee_seats_outside_size": _("So many seats do not fit the number of members."),
    "audit_seats_outside_size": _("An audit committee has 3 to 11 seats."),
    "officer_only_below_25": _("One organizer or chair alone is for unions with fewer than 25 members."),
    "term_is_3_or_5": _("A term is three or five years."),
    "delegates_only_above_100": _("Up to 100 members all of them meet; delegates are for more."),
    "meeting_is_past": _("The day of the meeting is past: choose another one."),
    "meeting_is_to_come": _("This meeting is still to come."),
    "meeting_before_approval": _("The assembly was held before the upper union agreed to it: it does not count."),
    "meeting_not_repeated": _("The assembly is held again on a later day than the one before."),
    "listed_twice": _("Somebody stands twice on one list."),
    "on_both_lists": _("Nobody may stand for the committee and for the audit committee."),
    "candidate_is_no_member": _("Somebody on the list is no member today. Retained members cannot stand."),
    "even_seats": _("An odd number of seats is usual, so that votes do not come out even."),
    "delegates_unusual": _("Another number of delegates is usual for so many members."),
    "no_audit_committee": _("Usually an audit committee is elected together with the committee."),
    "no_woman_stands": _("There are women among the members, but none stands for election."),
    "meeting_missing": _("The meeting is not planned yet."),
    "meeting_not_recorded": _("The meeting is not recorded yet."),
    "no_seat_is_open": _("No seat is open any more."),
    "stands_no_more": _("Only those tied stand again, or where nobody is tied those who were not elected."),
    "correction_reason_missing": _("Write why it is typed anew."),
    "nothing_to_repeat": _("Nothing has to be repeated."),
    "chair_missing": _("The committee has to choose a chair."),
    "chair_not_elected": _("The chair has to be one of the elected committee."),
    "vice_chair_not_elected": _("The vice chair has to be one of the elected committee."),
    "one_person_one_office": _("Chair and vice chair are two people."),
    "audit_chair_missing": _("The audit committee has to choose its chair."),
    "audit_chair_not_elected": _("The chair of the audit committee has to be one of its elected members."),
    "womens_member_missing": _("There are women among the members: one of them has to look after the women workers."),
    "womens_member_is_no_woman": _("Only a woman who is a member can look after the women workers."),
    # names
    "joint_name_ending": _("The name of a joint union ends with 联合工会委员会."),
    "name_ending": _("The name of a union ends with 工会委员会."),
    "name_says_too_little": _("Say before 工会 whose union it is: the unit, the place or the trade."),
    "name_is_an_occupation": _("Usual is the trade (快递行业) and not the occupation (快递员)."),
    # stages
    "business_missing": _("Write what the units do."),
    "wish_missing": _("Write how you know that the workers want a union."),
    "group_without_posts": _("Write unit and post of everybody in the preparatory group."),
    "founding_under_way": _(
        "You have begun with this depot already: go on with that link. If it is lost, call the union."
    ),
    "words_are_old": _("The facts have changed since the paper was edited: open it, read it again, keep it."),
    "group_is_empty": _("Name the people of the preparatory group."),
    "question_missing": _("Write your question."),
    "decline_reason_missing": _("Write why your unit does not take part."),
    "leaving_out_reason_missing": _("Write why the others go on without this unit."),
    "unit_agreed_elsewhere": _("This unit has agreed to another founding that is under way."),
    "unit_listed_elsewhere": _("This credit code is that of a unit of another county: ask the union there."),
    "township_of_another_county": _("This township is in another county: begin anew there."),
    "unit_named_twice": _("Two of the units are one and the same on our lists: leave one of them out."),
    "reply_reason_missing": _("Write the reason: the group reads it."),
    "entry_days_missing": _("Enter a day for each of the three."),
    "certificate_incomplete": _(
        "Enter the day of registration, the credit code and how long the certificate is valid."
    ),
    "before_the_reply": _("The day lies before the approval."),
    "term_not_recorded": _("First record the term that runs now: the papers count from it."),
    "code_is_no_unions": _("This is the credit code of a company. That of a union begins with 81."),
    "certificate_ends_early": _("The certificate ends before it begins."),
    "certificate_outlives_term": _("The certificate is valid as long as the term of office, not longer."),
}

FOUNDING_VOCABULARIES = {
    "stage": STAGES,
    "founding_step": FOUNDING_STEPS,
    "body": BODIES,
    "seat": SEATS,
    "office": OFFICE_WORDS,
    "head_relation": RELATIONS_TO_HEAD,
    "check_item": CHECK_ITEMS,
    "matter": MATTERS,
    "urgency": URGENCIES,
}
