"""Codes of the rulebook → words for people. Every code a rule can return has its words here."""

from flask_babel import lazy_gettext as _

from enrollment.web.words_of_accounts import ACCOUNT_REASONS, ACTS, ROLES, SESSION_ENDS, SIGN_INS
from enrollment.web.words_of_cards import CAUSES, MEANINGS, REQUEST_QUESTIONS, REQUEST_REASONS, REQUESTS
from enrollment.web.words_of_coverage import COVERAGE_REASONS, COVERAGE_WARNINGS, END_CAUSES, ENDS, HAPPENINGS
from enrollment.web.words_of_deciding import DECIDING_REASONS, MESSAGES
from enrollment.web.words_of_desk import DESK_REASONS, DESKS, STEPS
from enrollment.web.words_of_founding import FOUNDING_REASONS, FOUNDING_VOCABULARIES
from enrollment.web.words_of_numbers import CONFIRMATIONS, NUMBERS
from enrollment.web.words_of_pairing import CONTACT_WAYS, PAIRING_ENDS, PAIRING_ENTRIES, PAIRING_REASONS, STEP_DUES
from enrollment.web.words_of_papers import PAPER_REASONS, PAPERS
from enrollment.web.words_of_retention import RETENTION_VOCABULARIES

GROUPS = {
    "truck_driver": _("Truck driver"),
    "ride_hailing_driver": _("Ride-hailing driver"),
    "courier": _("Courier"),
    "food_rider": _("Food delivery rider"),
    "other": _("Other work"),
}

RELATIONS = {
    "labor_contract": _("I signed a labor contract with a company"),
    "de_facto": _("No contract, but fixed shifts and a monthly wage"),
    "incomplete": _("A station or partner company manages my work under an agreement"),
    "self_platform": _("I work on my own account, orders come from an app or from customers"),
    "dispatch": _("A staffing agency sent me"),
    "affiliated_owner": _("The truck is mine, registered under a company"),
    "affiliated_hired": _("I drive for the owner of an affiliated truck"),
    "part_time_multi": _("I work for several platforms or part time"),
    "boss": _("I run the business and employ people"),
    "retired_rehired": _("I am retired and work again"),
    "bingtuan": _("I work on a farm of the Corps"),
}

KINDS = {
    "single": _("Union of one unit"),
    "joint": _("Joint union"),
    "industry": _("Industry union"),
    "township": _("Township or street union"),
    "park": _("Zone union"),
    "pool": _("County holding pool"),
}

PLACES = {
    "employer": _("The union of your employer"),
    "affiliate": _("The union of the company your truck is registered with"),
    "industry": _("The union of your trade"),
    "work": _("The union where you work"),
    "home": _("The union where you live"),
    "pool": _("The county union's holding pool"),
}

STATES = {
    "new": _("New"),
    "gathering": _("Not sent yet"),
    "preparing": _("With the preparatory group"),
    "submitted": _("With the county union"),
    "returned": _("Returned, please correct"),
    "withdrawn": _("Withdrawn"),
    "approved": _("Approved"),
    "refused": _("Not accepted"),
}

APPLICATION_KINDS = {"join": _("Join a union"), "found": _("Form a union"), **REQUESTS}

WAYS = {
    "own_committee": _("A committee of your own"),
    "one_officer": _("One elected organizer"),
    "join_joint": _("Join an existing joint union"),
    "new_joint": _("A new joint union with neighbors"),
    "re_election": _("Re-election for a new term"),
}

ANSWERS = {"agreed": _("Agreed"), "declined": _("Declined"), "asked": _("Has a question")}

VISIT_KINDS = {
    "winter_warmth": _("Winter warmth"),
    "summer_cooling": _("Summer cooling"),
    "spring_jobs": _("Spring jobs"),
    "autumn_schooling": _("Autumn schooling aid"),
    "hardship_help": _("Help in hardship"),
    "joining_gift": _("Joining gift"),
    "health_check": _("Free health check"),
    "other": _("Other visit"),
}

FUNDS = {
    "state": _("State budget"),
    "upper_union": _("Upper union"),
    "own_union": _("Own union"),
    "donation": _("Donation"),
    "employer": _("Employer's payment"),
    "other": _("Other lawful source"),
}

STANDINGS = {
    "none": _("Not a member"),
    "member": _("Member"),
    "transferring": _("Moving to another union"),
    "retained": _("Membership retained"),
    "exited": _("Left"),
    "expelled": _("Expelled"),
    "deceased": _("Deceased"),
}

ENTRY_KINDS = {
    "joined": _("Joined"),
    "transferred_in": _("Transferred in"),
    "transferred_out": _("Transferred out"),
    "retained": _("Membership retained"),
    "restored": _("Membership restored"),
    "exited": _("Left"),
    "expelled": _("Expelled"),
    "died": _("Died"),
    "corrected": _("Corrected"),
}

SEXES = {"1": _("Male"), "2": _("Female")}

FIGURES = {
    "employers": _("Enterprises"),
    "workers": _("Workers"),
    "single_unions": _("Unions of one unit"),
    "joint_unions": _("Joint unions"),
    "unions": _("Unions"),
    "members": _("Members"),
    "rate": _("Enrollment rate"),
    "coverage": _("Coverage"),
    "units_covered": _("Units covered"),
}

OUTCOMES = {
    "unions": _("Yes, you can join"),
    "manual_review": _("A person at the county union will look at it"),
    "referral": _("The Corps has unions of its own"),
    "not_yet": _("Not yet: from your 16th birthday on"),
    "transfer": _("You are a member already: move your membership"),
}

# Reasons, whatever rule returns them.
REASONS = {
    # eligibility
    "under_16": _("Under 16 years of age"),
    "already_member": _("Already a member: the membership is moved, not joined anew"),
    "not_voluntary": _("Not applied of one's own free will"),
    "rejects_charter": _("Does not accept the union's charter"),
    "outside_this_union": _("Outside what this union takes in; passed on"),
    "untrue_documents": _("What was stated is not true"),
    "employs_others": _("Employs others: whether as an owner has to be checked"),
    "bingtuan": _("Works on ground of the Corps; referred to its union"),
    "retired_rehired": _("Membership of the retired stays with the old union"),
    "relation_unknown": _("How you work is not known yet; the county union will ask"),
    "employer_union_unknown": _("Whether your employer has a union is not known yet; the county union will find out"),
    "affiliate_unknown": _(
        "Whether that company's union takes you in is not known yet; the county union will find out"
    ),
    "work_region_unknown": _("Where you work is not known yet"),
    "township_unknown": _("The township where you work is not known yet; the county union will ask"),
    "work_region_outside": _("You work outside the prefecture"),
    "employer_union": _("Your employer has a union: its employees join there"),
    "dispatch_union": _("The agency that sent you has a union: that one comes first"),
    "platform_union": _("The platform or partner company has a union that can take you in"),
    "unit_union_one_only": _("One of your companies has a union; you can be in one union only"),
    "affiliate_union": _("The company your truck is registered with has a union that takes you in, employee or not"),
    "using_unit_union": _("The company you are sent to has a union, and the agency has none"),
    "industry_truck_driver": _("The union of road freight is there for all who drive trucks, whoever they belong to"),
    "industry_ride_hailing_driver": _("The union of ride-hailing is there for all who drive, whatever the platform"),
    "industry_courier": _("The union of express delivery is there for all couriers, whatever the depot"),
    "industry_food_rider": _("The union of food delivery is there for all riders, whatever the platform"),
    "township_of_work": _("The township or street where you work has a union for everyone who works there"),
    "township_of_home": _("The township or street where you live has a union for everyone who lives there"),
    "park_of_work": _("The zone where you work has a union for everyone who works there"),
    "park_of_home": _("The zone where you live has a union for everyone who lives there"),
    "county_pool": _("The county union takes you in now and moves you on when your union stands"),
    # founding
    "too_few_candidates": _(
        "More people have to stand than there are seats, at least four for three; owners and close relatives may not"
    ),
    "no_candidate": _("Somebody who is neither owner nor close relative has to be there"),
    "must_form_committee": _("With 25 members or more the law asks for a committee of your own"),
    "no_members": _("At least one member is needed"),
    "too_few_units": _("A joint union needs two units or more"),
    "a_unit_must_form_own": _("A unit with 25 members or more must form its own"),
    "a_unit_without_members": _("Each unit needs at least one member"),
    "no_joint_union_here": _("There is no joint union in this county yet"),
    "no_units_chosen": _("Choose at least one neighboring depot."),
    # ledger
    "before_last_entry": _("Dated before the last entry of this person"),
    "nothing_to_correct": _("There is no such entry to correct"),
    "not_from_none": _("Not a member"),
    "not_from_member": _("Already a member"),
    "not_from_transferring": _("Moving to another union"),
    "not_from_retained": _("Membership is retained"),
    "not_from_exited": _("Has left"),
    "not_from_expelled": _("Was expelled"),
    "not_from_deceased": _("Has died"),
    **NUMBERS,
    **FOUNDING_REASONS,
    # decisions
    "tail_wrong": _("These are not the last four characters of the identity number kept here."),
    "too_many_sendings": _("Too much was sent from here without a code. Use a code, or try again in an hour."),
    "cannot_return_moving": _(
        "This member has left the old union already: take in or refuse. A refusal restores there."
    ),
    "confirmation_missing": _("Nobody has confirmed yet that it is this person. Call or meet them first."),
    "confirmation_how_missing": _("Write how you made sure, for example: called back, met at the depot."),
    "nobody_has_both": _("Nobody here has this mobile number and these last four characters."),
    "refusal_ground_missing": _("Choose the ground of the refusal."),
    "marked_fields_missing": _("Mark what has to be corrected."),
    "return_reason_missing": _("Write what has to be corrected."),
    "application_under_way": _("An application with this identity number is already under way."),
    "unit_is_covered": _("This unit already belongs to a union."),
    "no_union_to_join": _(
        "There is no union yet that could take this person in. Return the application and ask for the place of work."
    ),
    "no_joint_union_chosen": _("The joint union to join is not known. Return the application."),
    "union_name_taken": _("There is a union of this name already."),
    "choose_a_decision": _("Choose what to do."),
    # signing in
    "demo_password": _("This is the password of the demo, which everybody can read. It does not open anything here."),
    # commands
    "database_not_empty": _("The database is not empty: the demo is only loaded into an empty one."),
    "host_unknown": _(
        "No union or employer here has exactly this name. Choose a name from the list, or leave it empty."
    ),
    # figures
    "same": _("Equal"),
    "rounded_up": _("The paper rounded up; normal rounding gives ours"),
    "differs": _("Counted differently"),
    **ACCOUNT_REASONS,
    **REQUEST_REASONS,
    **DESK_REASONS,
    **PAPER_REASONS,
    **COVERAGE_REASONS,
    **PAIRING_REASONS,
    **DECIDING_REASONS,
}

QUESTIONS = {
    "name": _("Name"),
    "identity": _("Identity number"),
    "phone": _("Mobile number"),
    "employer_name": _("Employer"),
    "group": _("Work"),
    "relation": _("How you work"),
    "work_region": _("Place of work"),
    "home_region": _("Place of residence"),
    "hires": _("People you employ"),
    "unit_name": _("Name of the depot"),
    "region_code": _("Township"),
    "workers": _("People working there"),
    "barred": _("Owners and close relatives among them"),
    "contact_name": _("Contact person"),
    "contact_phone": _("Mobile number"),
    **REQUEST_QUESTIONS,
}

# What would make a way of founding possible, by what stands against it.
REMEDIES = {
    "too_few_candidates": _("Possible once four people who are neither owner nor close relative want to be in."),
    "no_candidate": _("One person who is neither owner nor close relative is enough."),
    "must_form_committee": _("Form a committee of your own; until it stands everyone can join a local union."),
    "no_members": _("One person who wants to be a member is enough."),
    "no_joint_union_here": _("Start one with neighbors: two depots are enough."),
}

_VOCABULARIES = {
    "remedy": REMEDIES,
    "group": GROUPS,
    "relation": RELATIONS,
    "kind": KINDS,
    "place": PLACES,
    "state": STATES,
    "step": STEPS,
    "desk": DESKS,
    "application": APPLICATION_KINDS,
    "way": WAYS,
    "answer": {**ANSWERS, "left_out": _("Left out")},
    "visit": VISIT_KINDS,
    "fund": FUNDS,
    "standing": STANDINGS,
    "entry": ENTRY_KINDS,
    "role": {"visitor": _("Visitor"), "system": _("The product itself"), **ROLES},
    "act": ACTS,
    "sign_in": SIGN_INS,
    "session_end": SESSION_ENDS,
    "sex": SEXES,
    "confirmation": CONFIRMATIONS,
    "figure": FIGURES,
    "outcome": OUTCOMES,
    "question": QUESTIONS,
    "cause": CAUSES,
    "meaning": MEANINGS,
    **FOUNDING_VOCABULARIES,
    **RETENTION_VOCABULARIES,
    "paper": PAPERS,
    "end_cause": END_CAUSES,
    "end_of_union": ENDS,
    "happening": HAPPENINGS,
    "coverage_warning": COVERAGE_WARNINGS,
    "pairing_entry": PAIRING_ENTRIES,
    "pairing_end": PAIRING_ENDS,
    "contact_way": CONTACT_WAYS,
    "step_due": STEP_DUES,
    "message": MESSAGES,
}


def says(reason: str) -> str:
    """The sentence for a reason code, in the language of the request."""
    return str(REASONS[reason])


def word_for(code: str | None, vocabulary: str) -> str:
    """The word for a ``code`` of a named vocabulary; empty for none."""
    return str(_VOCABULARIES[vocabulary][code]) if code else ""


def words_for(codes: str | None, vocabulary: str) -> str:
    """The words for several ``codes`` with spaces between them, as a list in one line."""
    return str(_(", ")).join(word_for(code, vocabulary) for code in (codes or "").split())
