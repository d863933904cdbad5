"""Registers the log's actions and kinds for links, flags and figures, and who may see them."""

from __future__ import annotations

from alignment.models import Flag, Link, Proposal
from alignment.services.links import revert_judgement
from lib.log.actions import Action, Telling, Undo, register
from lib.log.kinds import register_kind


def register_kinds() -> None:
    register_kind("link", Link, visible_to=Link.objects.visible_to, parents=("initiative", "goal"))
    register_kind(
        *("proposal", Proposal),
        visible_to=Proposal.objects.visible_to,
        parents=("thread",),
        private=("title", "measure", "because"),
    )
    register_kind("flag", Flag, visible_to=Flag.objects.visible_to, parents=("initiative", "goal", "team"))


def register_actions() -> None:
    _register_links()
    _register_proposals()
    _register_company()


def _register_proposals() -> None:
    register(
        Action("proposal.made", "proposal", "Proposed a goal, with work as its evidence."),
        Action("proposal.accepted", "proposal", "Accepted a proposed goal into an amendment."),
        Action("proposal.linked", "proposal", "Published a proposed goal, so that its work is linked to it."),
        Action("proposal.unlinked", "proposal", "Took the publication of a proposed goal back, and the links with it."),
    )


def _register_links() -> None:
    made = Telling("Linking {work} to {goal}", "{count} new links")
    edited = Telling("Editing the link of {work} to {goal}", "Editing {count} links")
    removed = Telling("Taking away the link of {work} to {goal}", "Taking away {count} links")
    restored = Telling("Linking {work} to {goal} again", "Restoring {count} links")
    endorsed = Telling("Endorsing the link of {work} to {goal}", "Endorsing {count} links")
    disputed = Telling("Disputing the link of {work} to {goal}", "Disputing {count} links")
    withdrawn = Telling("Taking back the dispute over {work} and {goal}", "Taking back {count} disputes over links")
    undone = Telling("Undoing a judgement of {work} and {goal}", "Undoing {count} judgements of links")
    of_judgement = Undo(revert_judgement)
    shares = Telling("New shares of {work}", "New shares of {count} initiatives")
    register(
        Action("link.made", "link", "Bet that work moves a goal.", made),
        Action("link.edited", "link", "Changed what the bet says.", edited),
        Action("link.removed", "link", "Took a link away.", removed),
        Action("link.restored", "link", "Brought a link back that was taken away.", restored),
        Action("link.confirmed", "link", "Said that the bet still holds."),
        Action("link.outcome_recorded", "link", "Said how the bet turned out."),
        Action("link.endorsed", "link", "Endorsed a bet.", endorsed, undo=of_judgement),
        Action("link.disputed", "link", "Disputed a bet.", disputed, undo=of_judgement),
        Action("link.judgement_undone", "link", "Took a judgement back, so that the one before holds.", undone),
        Action(
            "link.judgement_withdrawn",
            "link",
            "The goal’s owner took their judgement back.",
            withdrawn,
            undo=of_judgement,
        ),
        Action("initiative.shares_set", "initiative", "Gave the links of one initiative other shares.", shares),
    )


def _register_company() -> None:
    days = Telling(
        "The passing of days", "The passing of days", detail="Goals or strategies began, or came to their end."
    )
    register(
        Action("alignment.recomputed", "", "All figures were computed as of a day.", days, days=("as_of",)),
        Action("alignment.drift_found", "", "Stored figures were not what the engine says, and were repaired."),
        Action("flag.snoozed", "flag", "Put a flag off to a later day."),
        Action("flag.woken", "flag", "Asked a snoozed flag again at once."),
    )


register_kinds()
register_actions()
