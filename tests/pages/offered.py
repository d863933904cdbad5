"""What each page offers to do, and to whom: the ways that lead to a form, and the buttons that do it at once (with !).

Of the lively World: `V` is the viewer, `W` a plain member of the crew, `M` its lead, who owns `work` and `half-open`,
`L` a leader and `A` an administrator.
"""

from __future__ import annotations

from tests.permissions.table import SECRET_KEY

ROLES = {"V": "viewer", "W": "worker", "M": "member", "L": "leader", "A": "admin"}
CREW, LEADS, LEADERS, ADMIN = "WMLA", "MLA", "LA", "A"


def offers(**roles: str) -> dict[str, set[str]]:
    """The names of the ways, and after a `_do` of the buttons, for each role that has any."""
    found: dict[str, set[str]] = {}
    for name, those in roles.items():
        for role in those:
            found.setdefault(role, set()).add(name.replace("_do", "!"))
    return found


def of_work(roles: str, *more: str, **others: str) -> dict[str, set[str]]:
    """What may be done with any initiative that goes on, for those `roles`, with `more` ways."""
    return offers(**dict.fromkeys((*WORK, "proposal_new_from_work", *more), roles), **others)


WORK = ("initiative_edit", "initiative_status", "initiative_kind", "link_new", "support_new")
BET = ("link_confirmation_do", "link_edit", "link_removal")
TEAM = ("team_stance", "team_mission", "goal_new_of_team", "team_personas", "team_members", "team_edit")
PLACE = ("team_new", "team_position", "team_removal", "team_archival", "team_absence_do")

_TABLE: dict[str, dict[str, set[str]]] = {
    "/initiatives/work/": of_work(
        CREW,
        *(*BET, "initiative_confirmation_do", "link_shares", "link_outcome"),
        *("support_edit", "support_removal_do", "support_delivery_do", "support_thanks", "flag_snooze"),
        support_answer=LEADERS,
        link_endorsement=LEADS,
        link_dispute=LEADS,
        link_judgement_removal=LEADS,
    ),
    "/initiatives/foreign/": of_work(
        LEADERS,
        *BET,
        "initiative_confirmation_do",
        "flag_snooze",
        link_endorsement=LEADERS,
        link_judgement_removal=LEADERS,
        support_new_offer="WM",
    ),
    "/initiatives/resting/": of_work(CREW, *BET, link_endorsement=LEADERS, link_dispute=LEADERS),
    "/initiatives/finished/": offers(**dict.fromkeys(WORK, CREW)),
    "/initiatives/loose/": of_work(CREW, "initiative_confirmation_do", "flag_snooze", "flag_waking_do"),
    "/initiatives/busy-work/": of_work(LEADS, "initiative_confirmation_do", "flag_snooze", support_new_offer="WM"),
    "/initiatives/asking/": of_work(
        LEADERS,
        *("initiative_confirmation_do", "flag_snooze", "support_edit", "support_removal_do"),
        support_answer=CREW,
        support_new_offer="WM",
    ),
    "/goals/open-goal/": offers(
        **dict.fromkeys(("goal_edit", "goal_citations", "goal_position", "goal_closure", "goal_order"), LEADERS),
        **dict.fromkeys(("measure_new", "measure_edit", "measure_removal"), LEADERS),
        **dict.fromkeys(("link_endorsement", "link_dispute", "link_judgement_removal"), LEADERS),
        **dict.fromkeys(("measure_check_in#check-in",), LEADERS),
        goal_new_below=LEADS,
        link_new_from_goal=CREW,
    ),
    "/goals/half-open/": offers(
        **dict.fromkeys(("goal_position", "goal_closure"), LEADERS),
        **dict.fromkeys(("goal_edit", "goal_citations", "goal_new_below", "measure_new"), LEADS),
        link_endorsement="M",
        link_dispute="M",
        link_new_from_goal=CREW,
    ),
    "/goals/closed/": offers(
        **dict.fromkeys(("goal_edit", "goal_citations", "goal_reopening", "measure_edit", "measure_removal"), LEADERS)
    ),
    "/goals/drafted/": offers(
        **dict.fromkeys(
            ("goal_activation", "goal_edit", "goal_citations", "goal_position", "goal_removal", "measure_new"), LEADERS
        ),
        **dict.fromkeys(("goal_new_below", "link_new_from_goal"), LEADERS),
    ),
    "/goals/own-draft/": offers(
        **dict.fromkeys(
            ("goal_activation", "goal_edit", "goal_citations", "goal_position", "goal_removal", "measure_new"), LEADS
        ),
        goal_new_below=LEADS,
        link_new_from_goal=CREW,
    ),
    "/goals/crew-goal/": offers(
        **dict.fromkeys(
            ("goal_edit", "goal_citations", "goal_position", "goal_closure", "measure_new", "flag_snooze"), LEADS
        ),
        goal_new_below=LEADS,
        link_new_from_goal=CREW,
    ),
    "/goals/below-open/": offers(
        **dict.fromkeys(
            ("goal_edit", "goal_citations", "goal_position", "goal_closure", "measure_new", "flag_waking_do"), LEADS
        ),
        goal_new_below=LEADS,
        link_dispute=LEADS,
        link_judgement_removal=LEADS,
        link_new_from_goal=CREW,
    ),
    "/strategy/": offers(strategy_new=LEADERS),
    "/strategies/open/": offers(
        proposal_new=CREW,
        **dict.fromkeys(("goal_new", "strategy_edit", "strategy_next", "strategy_archive", "strategy_order"), LEADERS),
        strategy_goals=LEADERS,
    ),
    "/strategies/old/": offers(strategy_edit=LEADERS, strategy_publication=LEADERS),
    f"/strategies/{SECRET_KEY}-draft/": offers(
        **dict.fromkeys(("goal_new", "strategy_edit", "strategy_publication", "strategy_removal"), LEADERS),
        strategy_goals=LEADERS,
    ),
    "/strategies/bare/": offers(
        **dict.fromkeys(("goal_new", "strategy_goals", "strategy_edit", "strategy_removal"), LEADERS)
    ),
    "/strategies/open/editions/4/": offers(edition_read_do="VWMLA", edition_back_briefs=LEADERS),
    "/measures/sold/check-ins/": offers(
        **dict.fromkeys(("measure_edit", "measure_check_in_do", "check_in_correction"), LEADERS)
    ),
    "/measures/untouched/check-ins/": offers(
        **dict.fromkeys(("measure_edit", "measure_removal", "measure_check_in_do"), LEADERS)
    ),
    "/measures/of-closed/check-ins/": offers(measure_edit=LEADERS, measure_removal=LEADERS),
    "/context/": offers(context_new=LEADERS),
    "/context/prices/": offers(
        **dict.fromkeys(("context_edit", "context_confirmation_do", "context_removal"), LEADERS)
    ),
    "/decisions/": offers(decision_new=LEADERS),
    "/decisions/partners-sell/": offers(
        **dict.fromkeys(("decision_edit", "decision_relations", "decision_reopening_do", "decision_new"), LEADERS)
    ),
    "/decisions/own-sales/": offers(decision_edit=LEADERS, decision_relations=LEADERS),
    "/decisions/to-decide/": offers(
        **dict.fromkeys(("decision_edit", "decision_relations", "decision_conclusion_do", "decision_removal"), LEADERS)
    ),
    "/threads/": offers(thread_new=CREW, proposal_new=CREW),
    "/threads/question-why/": offers(
        thread_outcome_do="W",
        thread_pin_do="WLA",
        thread_following_do="VWMLA",
        thread_detail_do=CREW,
        message_text=ADMIN,
    ),
    "/personas/": offers(persona_new=LEADERS, persona_edit=LEADERS),
    "/teams/": offers(team_new=LEADERS),
    "/teams/crew/": offers(
        **dict.fromkeys((*TEAM, "flag_waking_do", "flag_snooze"), LEADS),
        **dict.fromkeys(PLACE, LEADERS),
        **dict.fromkeys(("initiative_new", "support_answer", "support_edit"), CREW),
        **dict.fromkeys(("support_removal_do", "support_delivery_do", "support_thanks", "team_confirmations"), CREW),
        team_support="VWMLA",
    ),
    "/teams/busy/": offers(
        **dict.fromkeys((*TEAM, "initiative_new", "flag_snooze"), LEADS), **dict.fromkeys(PLACE, LEADERS)
    ),
    "/teams/empty/": offers(**dict.fromkeys((*TEAM, *PLACE, "initiative_new"), LEADERS)),
    "/teams/crew/members/": offers(
        **dict.fromkeys(("team_members_do", "team_member_do", "team_member_removal_do"), LEADS)
    ),
    "/initiatives/": offers(initiative_start=CREW),
    "/people/": offers(
        **dict.fromkeys(("person_invite", "person_rollout", "invitations_do", "person_invitation_do"), ADMIN),
        **dict.fromkeys(("person_role_do", "digest_administration"), ADMIN),
    ),
    "/digests/administration/": offers(
        **dict.fromkeys(("digest_pause_do", "digest_preview", "digest_times_of_company"), ADMIN),
        **dict.fromkeys(("digest_resend_do", "digest_resend_failed_do", "digest_address_do"), ADMIN),
    ),
}

ASKED_ABOUT = ("initiatives", "goals", "strategies", "teams", "context", "decisions")
"""On the page of each of these, whoever writes can ask about it."""
for _address, _offers in _TABLE.items():
    if (_parts := _address.strip("/").split("/"))[0] in ASKED_ABOUT and len(_parts) == 2:
        for _role in LEADERS if _address == "/goals/drafted/" else CREW:
            _offers.setdefault(_role, set()).add("thread_new")

LOOKED_AT_AS = {
    "L": "*",
    "W": "threads question-why work loose open-goal crew asking initiatives teams own-draft foreign",
    "M": "work busy-work half-open crew crew-goal below-open own-draft members drafted open-goal asking",
    "V": "threads question-why work crew open-goal people teams strategy context decisions personas sold loose members"
    " half-open",
    "A": "question-why people administration",
}
"""By role, the last parts of the addresses that are looked at as it; for the others the rules tell no difference."""


def _roles(address: str) -> str:
    last = address.strip("/").removesuffix("/check-ins").rpartition("/")[2]
    return "".join(role for role, pages in LOOKED_AT_AS.items() if pages == "*" or last in pages.split())


OFFERED = {address: (_roles(address), offered) for address, offered in _TABLE.items()}
"""By address, which roles look, and what each of them is offered."""
