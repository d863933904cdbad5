"""An exploration pays off, a goal changes its meaning, and digests begin."""

from __future__ import annotations

from demo.calendar import FRI, MON, THU, TUE, WED
from demo.story.leading import adds_goal, checks_in, edits_goal, previews_digests, starts_digests, wants_digests
from demo.story.telling import Week, on
from demo.story.working import (
    becomes_goal_work,
    begins,
    confirms,
    disputes,
    edits,
    endorses,
    explores,
    finishes,
    links_to,
    pledges,
    saw,
    starts,
    unlinks,
)

WEEK_8 = Week(
    8,
    "An exploration pays off",
    (
        on(
            MON,
            "10:00",
            "aoife.brennan",
            links_to(
                "irish-vat",
                "irish-invoices",
                "No Irish invoice is legal without it.",
                evidence="An accountant in Galway signs it off",
            ),
            links_to("first-ten", "ten-practices", "These are the ten."),
        ),
        on(
            MON,
            "11:00",
            "ingrid.solheim",
            disputes(
                "first-time",
                "lab-results",
                "Insurers asked for laboratory values in four of two thousand refused claims. It is good work for vets; I do not see how it moves this goal. Would it stand better under something of your own?",
            ),
        ),
        on(
            TUE,
            "09:40",
            "bogdan.ilic",
            pledges(
                "one-connection",
                "platform",
                "Four addresses and four certificates. The insurers take weeks to say yes to each; we push where we can.",
                by=(11, FRI),
            ),
        ),
        on(
            TUE,
            "10:00",
            "wanjiru.kamau",
            edits("codes-from-invoice", title="Read treatment codes from the invoice", effort="8"),
            becomes_goal_work("codes-from-invoice"),
            links_to(
                "codes-from-invoice",
                "claims-direct",
                "On four practices’ invoices the words gave the right code for 91 of 100 lines. Those lines need no hand at all.",
                evidence="Nine in ten lines coded without anybody looking",
                review=(14, WED),
                measure="claims-untouched",
                change="20",
            ),
        ),
        on(
            TUE,
            "11:30",
            "ingrid.solheim",
            edits("codes-from-invoice", team="claims"),
            endorses(
                "claims-direct",
                "codes-from-invoice",
                note="Ninety-one of a hundred was more than any of us had guessed. Thank you, Lab.",
            ),
        ),
        on(
            TUE,
            "15:00",
            "anjali.deshmukh",
            begins("insurers-list"),
            links_to(
                "insurers-list",
                "insurers-answer",
                "Three lists that disagree cost each connection its first week.",
                evidence="One list, used by three teams",
            ),
        ),
        on(
            WED,
            "10:00",
            "sofia.marques",
            starts(
                "leaving-owners",
                "data",
                title="Show which owners drift away",
                problem="A practice notices that an owner is gone when the vaccination letter comes back. The diary knows half a year earlier.",
                effort="5",
            ),
            links_to(
                "leaving-owners",
                "owners-return",
                "A practice that knows the forty owners who drift can phone forty owners.",
                evidence="Twenty practices phone, and a third of the owners come",
                measure="seen-twice",
                change="2",
            ),
        ),
        on(
            WED,
            "11:00",
            "mihai.popescu",
            starts(
                "door-scales",
                "lab",
                title="Weigh the dog at the door",
                problem="Every visit begins with a walk to the scales at the back, past everybody.",
                effort="3",
            ),
            links_to(
                "door-scales",
                "day",
                "Two minutes for each dog, and the weight is in the record before the vet is.",
                evidence="Four practices keep it after the trial",
            ),
        ),
        on(
            WED,
            "14:00",
            "wanjiru.kamau",
            starts(
                "second-opinion",
                "lab",
                title="Can a second opinion come by video?",
                problem="A young vet alone on a Saturday sends the owner forty miles to the clinic. Often one look by somebody older would do.",
                effort="4",
                kind="explore",
                declaration="Would experienced vets take such calls, and would they change what is done in one case of five?",
                until=(16, FRI),
            ),
        ),
        on(
            WED,
            "16:00",
            "sunita.rao",
            saw(
                "card-terminals",
                "bill-at-the-door",
                "held",
                "Practices with the new terminal are paid at the door six points more often.",
            ),
        ),
        on(
            THU,
            "10:30",
            "kwabena.mensah",
            adds_goal(
                "quiet-nights",
                below="day",
                team="support",
                title="Nights without a call",
                why="Nine of eleven calls a night could wait until the morning if the practice knew what to do. I would like this to be ours; I wait for Farah’s word before we count on it.",
                owner="farah.haddad",
            ),
        ),
        on(
            THU,
            "11:00",
            "peter.nagy",
            starts(
                "night-answers",
                "support",
                title="What to do at night, in four steps",
                problem="A nurse alone with a screen that says no. Four steps cover nine calls of eleven.",
                effort="2",
            ),
            links_to("night-answers", "quiet-nights", "It answers the nine calls before they are made."),
        ),
        on(FRI, "11:30", "amara.sesay", finishes("backup-alarms")),
        on(
            FRI,
            "14:00",
            "ingrid.solheim",
            checks_in("claims-untouched", "19", "Sixteen pilot practices send from the invoice."),
        ),
    ),
)

WEEK_9 = Week(
    9,
    "A goal changes its meaning",
    (
        on(MON, "11:00", "lotte.jansen", wants_digests(weekday=1, hour=8, wanted=False)),
        on(
            TUE,
            "10:00",
            "ingrid.solheim",
            edits_goal(
                "first-time",
                meaning_changed=True,
                title="A claim is accepted the first time, and the owner knew what it would cover",
                why="""A claim that comes back takes nineteen days longer. Nine in ten questions are about something that the record already holds.

We counted only the practice’s side. Every third complaint is from an owner whose claim was accepted, for less than they had thought. A claim is right when both sides could have known the answer beforehand.""",
                because="We counted what insurers refuse, and not what owners are surprised by. Both sides belong in it.",
            ),
        ),
        on(TUE, "16:00", "priya.nair", confirms("check-before-sending", goal="first-time")),
        on(
            WED,
            "09:30",
            "aroha.ngata",
            starts(
                "ask-for-reasons",
                "claims",
                title="Why do insurers refuse?",
                problem="They say “not covered” in forty ways. Two of them are willing to sit down with us.",
                effort="2",
                kind="explore",
                declaration="Can forty reasons be put into ten that a practice understands?",
                until=(15, WED),
            ),
        ),
        on(
            WED,
            "11:00",
            "aoife.brennan",
            starts(
                "irish-insurers-pay",
                "ireland-team",
                title="What do Irish insurers pay for?",
                problem="We do not know, and nobody who knows has written it down.",
                effort="1",
                kind="explore",
                declaration="Which of the five insurers is worth the first connection?",
                until=(15, FRI),
            ),
            starts(
                "irish-line",
                "ireland-team",
                title="A phone number in Ireland",
                problem="Practices asked for a number that does not look like a call from abroad.",
                effort="2",
            ),
        ),
        on(
            WED,
            "14:00",
            "mateo.quiroga",
            checks_in("backups-restored", "91", "All but the large clinics. No loss found so far."),
            checks_in("texts-moved", "82"),
        ),
        on(
            THU,
            "11:00",
            "chloe.martin",
            explores(
                "over-the-shoulder",
                "Would practices let us see their screen, and does it halve the length of a call?",
                (16, FRI),
            ),
        ),
        on(FRI, "09:30", "jonas.lindqvist", previews_digests()),
        on(FRI, "10:00", "jonas.lindqvist", starts_digests()),
        on(FRI, "10:30", "sunita.rao", finishes("card-terminals")),
        on(FRI, "14:00", "hugh.sutherland", unlinks("per-vet-prices", "faster-switch")),
    ),
)

WEEKS = (WEEK_8, WEEK_9)
