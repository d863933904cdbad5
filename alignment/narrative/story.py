"""How each action of the log is told, after the name of whoever did it and before a full stop."""

from __future__ import annotations

from collections.abc import Mapping

STORY: Mapping[str, tuple[str, ...]] = {
    "strategy.created": ("began the draft {strategy}",),
    "strategy.edited": ("changed {strategy}",),
    "strategy.published": ("published {strategy} with its goals",),
    "strategy.unpublished": ("took back that {strategy} was published",),
    "strategy.archived": ("archived {strategy}",),
    "strategy.restored": ("published {strategy} again",),
    "strategy.goals_ordered": ("put the goals of {strategy} in another order",),
    "strategy.amended": ("published an amendment of {strategy}",),
    "strategy.edition_taken_back": ("took back the last edition of {strategy}",),
    "amendment.opened": ("began an amendment of {strategy}",),
    "amendment.planned": ("planned an edit of {strategy}",),
    "amendment.withdrawn": ("took an edit out of the amendment of {strategy}",),
    "amendment.explained": ("wrote why {strategy} is amended",),
    "amendment.dropped": ("dropped the amendment of {strategy}",),
    "goal.created": ("wrote down the goal {goal}",),
    "goal.edited": ("changed the goal {goal}",),
    "goal.activated": ("made the goal {goal} active",),
    "goal.deactivated": ("made the goal {goal} a draft again",),
    "goal.closed": ("closed the goal {goal}: {=status}",),
    "goal.reopened": ("opened the goal {goal} again",),
    "goal.moved": ("moved the goal {goal}",),
    "goal.related": ("said whom the goal {goal} is for, and what it rests on",),
    "goal.goals_ordered": ("put the goals below {goal} in another order",),
    "measure.created": ("made {measure} a measure of {goal}",),
    "measure.edited": ("changed the measure {measure} of {goal}",),
    "measure.removed": ("removed a measure of {goal}",),
    "measure.checked_in": ("checked in {measure} of {goal}: {=current}", "checked in {measure} of {goal}"),
    "measure.corrected": ("corrected a check-in of {measure} of {goal}",),
    "team.created": ("made the team {team}",),
    "team.edited": ("gave {team} another name",),
    "team.moved": ("moved {team} to another place among the teams",),
    "team.archived": ("archived {team}",),
    "team.restored": ("brought {team} back from the archive",),
    "team.stance_set": (
        "changed the stance of {team} from {-stance} to {=stance}",
        "said anew why {team} has its stance, or until when",
    ),
    "team.presence_set": ("marked {team} as {!is_here}", "said anew whether {team} is here"),
    "team.mission_set": ("said what {team} is for",),
    "team.personas_set": ("said whom {team} serves",),
    "member.added": ("took {person} on {team} as {=role}", "took {person} on {team}"),
    "member.changed": ("made {person} {=role} of {team}",),
    "member.removed": ("took {person} off {team}",),
    "persona.created": ("described the persona {persona}",),
    "persona.edited": ("changed the persona {persona}",),
    "context_page.created": ("wrote {contextpage}",),
    "context_page.edited": ("changed {contextpage}",),
    "context_page.confirmed": ("said that {contextpage} is still true",),
    "context_page.restored": ("brought {contextpage} back",),
    "decision.created": ("began the decision {decision}",),
    "decision.edited": ("changed the decision {decision}",),
    "decision.related": ("said what the decision {decision} touches and rests on",),
    "decision.concluded": ("decided {decision}",),
    "decision.reopened": ("made the decision {decision} a draft again",),
    "initiative.created": ("wrote down {initiative} for {team}", "wrote down {initiative}"),
    "initiative.edited": ("changed {initiative}",),
    "initiative.kind_declared": ("declared {initiative} {=kind}", "said anew what kind of work {initiative} is"),
    "initiative.status_changed": ("{!status} {initiative}", "said anew why {initiative} has its status"),
    "initiative.confirmed": ("said that {initiative} is still going on",),
    "initiative.restored": ("brought {initiative} back, which had been removed",),
    "initiative.undone": ("took back an edit of {initiative}",),
    "initiative.shares_set": ("gave the links of {initiative} other shares",),
    "support.asked": ("asked {team} to support {initiative}",),
    "support.asked_again": ("said anew what is asked of {team} for {initiative}",),
    "support.answered": (
        "{!status} support of {initiative} by {team}",
        "said anew how {team} answers the ask of {initiative}",
    ),
    "support.delivered": ("said that {team} gave its support to {initiative}",),
    "support.withdrawn": ("took back the ask for support of {initiative} by {team}",),
    "support.restored": ("brought back the ask for support of {initiative} by {team}",),
    "support.undone": ("took back what was last done to the ask of {initiative}",),
    "link.made": ("bet that {initiative} moves {goal}",),
    "link.edited": ("changed the bet that {initiative} moves {goal}",),
    "link.removed": ("took back the bet that {initiative} moves {goal}",),
    "link.restored": ("bet again that {initiative} moves {goal}",),
    "link.confirmed": ("said that the bet still holds: {initiative} moves {goal}",),
    "link.outcome_recorded": (
        "said how the bet that {initiative} moves {goal} turned out: {=outcome}",
        "said anew what was seen of the bet that {initiative} moves {goal}",
    ),
    "link.endorsed": ("endorsed the bet that {initiative} moves {goal}",),
    "link.disputed": ("disputed the bet that {initiative} moves {goal}",),
    "link.judgement_undone": ("took back a judgement of the bet that {initiative} moves {goal}",),
    "link.judgement_withdrawn": ("withdrew a judgement of the bet that {initiative} moves {goal}",),
    "flag.snoozed": ("put off the flag {flag} of {thing}",),
    "flag.woken": ("asked again about the flag {flag} of {thing}",),
    "proposal.made": (
        "proposed a goal, with {initiative} as evidence for it",
        "proposed a goal for {strategy}",
        "proposed a goal",
    ),
    "thread.opened": ("opened a {thread} about {thing}", "opened a {thread}"),
    "thread.answered": ("answered in the {thread} about {thing}", "answered in the {thread}"),
    "thread.ended": ("ended the {thread} about {thing}: {outcome}", "ended the {thread}: {outcome}"),
    "thread.reopened": ("opened the {thread} about {thing} again", "opened the {thread} again"),
    "thread.pinned": ("pinned an answer in the {thread} about {thing}", "pinned an answer in the {thread}"),
}
"""By action, the first of these whose parts are all there. `{goal}` names a thing of that kind that the entry refers
to, `{thing}` what a flag or a conversation is about, `{flag}` the flag; `{=status}` is what a field was changed to,
`{-status}` from what, `{!status}` the word for that change (VERBS), `{outcome}` what came of a conversation."""

VERBS: Mapping[tuple[str, str], Mapping[str | bool, str]] = {
    ("initiative", "status"): {
        "active": "took up",
        "proposed": "put back to the proposals",
        "paused": "paused",
        "done": "finished",
        "dropped": "dropped",
    },
    ("team", "is_here"): {True: "here", False: "not here yet"},
    ("support", "status"): {"pledged": "pledged", "declined": "declined"},
}

REASONS: Mapping[str, str] = {
    **dict.fromkeys(("stance_reason", "rationale", "declaration", "why"), "Because:"),
    **dict.fromkeys(("status_reason", "closing_reason", "note"), "Why:"),
    "learned": "What was learned:",
    "evidence": "What they would see:",
    "outcome_note": "What they saw:",
    "ask": "What is asked:",
    "answer": "The answer:",
    "mission": "The mission:",
    "choice": "What was chosen:",
}
"""Fields that are said in full where they are new, each with the words before them."""

UNSAID = frozenset(
    {
        *("key", "first_key", "position", "state", "asked_on", "touched_on", "confirmed_on", "confirmed_at"),
        *("judged_by", "judged_on", "closed_on", "archived_on", "meaning_changed_on", "meaning_changed_at"),
        *("decided_on", "supersedes", "snoozed_until", "is_here", "status"),
    }
)
"""Fields that say nothing beside the sentence."""
