"""The views, one table each; what their columns mean where the name does not say it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, Index, Table

from adapters.views.shape import (
    POSITION,
    TEXT,
    View,
    flags,
    jsons,
    made,
    metadata,
    numbers,
    texts,
    view,
)

timeline = Table(
    "timeline",
    metadata,
    Column("position", POSITION, primary_key=True, autoincrement=False),
    Column("record", TEXT, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("topic", TEXT, nullable=False),
    Column("at", TEXT, nullable=False),
    Column("account", TEXT),
    Column("organisation", TEXT),
    Column("rule", TEXT),
    Column("request_id", TEXT, nullable=False),
)
"""One row an event. Its facts are the event's, read from the log at the same position."""

requests = Table(
    "requests",
    metadata,
    Column("first", POSITION, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("request_id", TEXT, nullable=False),
)
"""One row a command: its events, from the first position to the last. A request is done once."""

organisations = view(
    "organisations",
    texts("name kind parent federation recommender path code"),
    jsons("timing"),
    flags("closed"),
    now="path parent",
)
accounts = view(
    "accounts", texts("username name home path"), flags("disabled"), now="path username"
)
roles = view("roles", texts("account role organisation path"), now="account path")
studios = view(
    "studios",
    texts("name unit recommender federation path leader_id leader founded_on"),
    texts("leader_case leader_case_on survey_grade"),
    jsons("predecessors"),
    texts("status ended_on successor policy level category number named_on"),
    jsons("namings"),
    texts("due_on due"),
    jsons("dues open_applications"),
    numbers("applications_open failing_run survey_year"),
    now="path recommender name due_on",
    then="path",
)
"""status: registered, applying, named, de_named, closed or merged. leader_case: why an open change
of leader was opened, and on which day that was. survey_grade, survey_year: of the last survey. `namings` (number → what is
known of it), `dues` (what → day) and `open_applications` (ids) are JSON; level, category, number,
named_on, policy and failing_run are those of the naming that counts most."""

applications = view(
    "applications",
    texts("studio call category unit recommender federation path policy"),
    texts("status stage submitted_at submitted_by amend_by reason"),
    jsons("stages passed"),
    texts("call_state left_why quota_reason"),
    jsons("exceeded judged overridden reviews scores"),
    texts("notice notice_ends_on number"),
    jsons("objections"),
    numbers("dossier_at first_at clauses_passed clauses_failed clauses_open barring"),
    numbers("rank score_count score_total"),
    flags("publicity late"),
    now="path call studio recommender",
    then="path call",
)
"""status: under_review, returned, withdrawn, rejected, dropped or named. stage: what is next, with
publicity and naming after the reviews. call_state: entered, recommended, selected, named or left.
`dossier_at`, `first_at`: positions of the events that hold the dossier and verdicts. JSON: stages,
passed (stage → day), judged (condition → outcome), overridden, reviews and scores (with the
positions of their events), objections (open ones), exceeded (quotas)."""

namings = view(
    "namings",
    texts("studio number level category unit recommender federation path named_on"),
    texts("status ended_on ended_reason ended_document document policy policy_version"),
    texts("policy_digest application submitted_by named_by from_number succeeded_by"),
    texts("plaque plaque_on"),
    jsons("failed_years rectify_by alerts"),
    texts("alerted_on"),
    numbers("failing_run named_at"),
    flags("proposed reinstatement_case"),
    now="path studio number",
    then="path",
)
"""id: studio/number. status: active, de_named, upgraded or closed. JSON: failed_years,
rectify_by (year → day), alerts (number of a naming of the same studio that was de-named → day);
alerted_on: the last of these days."""

standings = view("standings", jsons("results missed"), inner=True)
"""What a naming's run of failing years is counted from. id: that of the naming. JSON: results (year →
assessor → check, failing, counts), missed (years). Apart from the namings, because every check changes it."""

checks = view(
    "checks",
    texts("studio number unit recommender federation path assessor grade grade_name findings"),
    texts("due_on received_on first_grade correction_reason correction_document"),
    numbers("year recorded_at corrected_at"),
    flags("failing counts governing late corrected"),
    now="studio+year",
    then="path+year",
)
"""assessor: unit_union, recommending_union, city, or nobody where a year was missed (未考核)."""

self_checks = view(
    "self_checks", texts("studio number path period summary"), numbers("year"), now="studio+year"
)
rectifications = view(
    "rectifications",
    texts("studio number path due_on status findings clause"),
    numbers("year failures remaining"),
    now="path studio",
)
"""id: studio/number/year. status: ordered, accepted, refused, lifted, or lapsed with the name."""

calls = view(
    "calls",
    texts("title federation path policy policy_version policy_digest opens_at deadline status"),
    texts("notice_deadline deadline_reason"),
    numbers("opened_at named"),
    now="federation",
)
"""status: open, closed or concluded. notice_deadline, deadline_reason: where the call has another than
the notice. Quotas, stages and amounts stand in the event `opened_at`."""

notices = view(
    "notices",
    texts("call federation path posted_at starts_on ends_on objections_until day_kind calendar"),
    texts("media content status"),
    jsons("dropped"),
    numbers("days entries_at objections_open"),
    flags("count_first_day provisional"),
    now="call path",
)
"""status: running or completed. day_kind: working_days or calendar_days. The lines stand in the event `entries_at`; `dropped` is a JSON list
of the studios that are no longer on it."""

objections = view(
    "objections",
    texts("notice studio path kind received_at status"),
    numbers("raised_at closed_at"),
    flags("upheld anonymous"),
    now="notice studio",
)

funds = view(
    "funds",
    texts("name payer path source"),
    numbers("year appropriated free committed paid returned"),
    now="path payer",
)
grants = view(
    "grants",
    texts("studio number fund payer unit recommender federation path status matches document"),
    texts("payee payee_name bank granted_on granted_by amount_reason cancelled_reason"),
    jsons("uses"),
    numbers("amount paid reconciled spent returned recovery unpaid balance granted_at"),
    now="path studio fund",
    then="path",
)
"""status: granted, paying, paid or cancelled. balance: paid, neither spent nor returned (fen).
amount_reason: why the amount is not the rule's."""

payments = view(
    "payments",
    texts("grant_id studio fund path paid_on voucher paid_by bank_reference bank_on counterparty"),
    texts("counterparty_reason"),
    numbers("amount recorded_at reconciled_at"),
    now="grant_id path bank_reference",
)
expenses = view(
    "expenses",
    texts("grant_id studio path use spent_on description"),
    jsons("receipt"),
    numbers("amount recorded_at"),
    now="grant_id path",
)
campaigns = view(
    "campaigns",
    texts("federation path policy opens_on due_on status"),
    numbers("year filed late missing closed_at"),
    now="federation",
)
filings = view(
    "filings", texts("campaign organisation path received_on"), flags("late"), now="campaign"
)
members = view(
    "members",
    texts("studio path person name duty joined_on left_on left_reason"),
    flags("frontline"),
    now="studio path",
)
"""id: studio/person."""

terms = view(
    "terms", texts("studio path person name ends_on basis"), flags("leads"), now="ends_on studio"
)
"""Until when a leader leads or a member belongs. id: studio/person."""

achievements = view(
    "achievements",
    texts("studio path title kind recognised_by achieved_on"),
    jsons("evidence"),
    now="studio path",
)
activities = view(
    "activities",
    texts("studio path title kind held_on"),
    numbers("participants"),
    now="studio path",
)
surveys = view(
    "surveys",
    texts("studio path assessor grade findings surveyed_on"),
    jsons("evidence"),
    numbers("year"),
    now="studio path",
)
"""assessor: unit_union, recommending_union or city."""

apprenticeships = view(
    "apprenticeships",
    texts("studio path master master_name apprentice apprentice_name starts_on ends_on"),
    texts("duties plan"),
    jsons("agreement"),
    now="studio path",
)

layout = Table("views_layout", metadata, Column("digest", TEXT, nullable=False))
"""One row: which layout the tables were made with. Others are refolded before they are used."""

VIEWS: dict[str, View] = made
"""Every view by its name."""


def log_indexes(timeline: Table, requests: Table, suffix: str = "") -> Iterator[Index]:
    """The indexes of the two tables that only grow."""
    t, r = timeline.c, requests.c
    yield Index(f"timeline_record{suffix}", t.record, t.position)
    yield Index(f"timeline_at{suffix}", t["at"], t.position)
    yield Index(f"timeline_account{suffix}", t.account, t.position)
    yield Index(f"requests_request_id{suffix}", r.request_id, unique=True)
