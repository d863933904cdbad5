"""One bet fails, one holds, and the company is where it is today."""

from __future__ import annotations

from decimal import Decimal

from demo.calendar import FRI, MON, THU, TUE, WED
from demo.story.leading import (
    begins_amendment,
    checks_in,
    closes,
    creates_team,
    ends_access,
    marks_not_here,
    plans_for,
    reads,
    rewrites_page,
    sets_mission,
)
from demo.story.talking import accepts, asks_about, commits, counters, has_answer, proposes, reminds, writes
from demo.story.telling import Week, on
from demo.story.weeks_1_to_4 import FIRST_IN, LEADS, ON_MONDAY
from demo.story.working import (
    begins,
    confirms,
    delivers,
    edits_link,
    endorses,
    finishes,
    links_to,
    looks_over,
    offers,
    receives,
    relinks,
    saw,
    snoozes,
    starts,
    thanks,
)

WEEK_10 = Week(
    10,
    "Support arrives",
    (
        on(MON, "10:30", "marieke.devries", delivers("claim-status", "billing")),
        on(
            MON,
            "11:00",
            "emeka.obi",
            receives("claim-status", "billing"),
            *relinks(
                "claim-status",
                "bill-at-the-door",
                "paid",
                "With the day of payment beside each claim a manager sees on which insurer she waits, and we see it for all of them.",
                evidence="Managers’ Thursday calls to insurers stop at the pilot practices",
                review=(12, WED),
            ),
        ),
        on(
            TUE,
            "09:40",
            "kwabena.mensah",
            delivers("claim-from-invoice", "support"),
            sets_mission(
                "support",
                "We answer so that the question is not asked again: first the person, then the cause.",
                "day",
                "first-time",
            ),
        ),
        on(
            TUE,
            "10:20",
            "tomasz.zielinski",
            thanks(
                "claim-from-invoice",
                "support",
                "Twenty practices in three weeks, and the three worst insurers among theirs: we learned more from them than in the whole autumn.",
            ),
        ),
        on(TUE, "11:00", "nadia.benali", confirms("structured-findings", goal="first-time")),
        on(
            TUE,
            "14:30",
            "jack.whelan",
            begins("deposits"),
            *relinks(
                "deposits",
                "visits-kept",
                "book-themselves",
                "A deposit taken while booking replaces the phone call with the card number.",
                evidence="Deposits without a call at thirty practices",
            ),
        ),
        on(
            TUE,
            "15:30",
            "priya.nair",
            asks_about(
                "goal",
                "paid",
                "When does the week begin: with the invoice, or when the claim leaves the practice? I would check other things first.",
                name="when-it-begins",
            ),
        ),
        on(
            WED,
            "09:10",
            "ruth.adeyemi",
            writes(
                "when-it-begins",
                "With the invoice. The practice has treated, and from then on it waits: what happens before the claim leaves is our part of the week, and the only part that we can shorten alone.",
            ),
        ),
        on(WED, "09:25", "priya.nair", has_answer("when-it-begins")),
        on(
            WED,
            "10:00",
            "farah.haddad",
            checks_in("booked-by-owners", "17", "Nearly all of it at night.", sure="at_risk"),
            checks_in("free-visits", "87"),
            endorses("book-themselves", "move-own-visit", "book-from-app"),
        ),
        on(
            THU,
            "10:00",
            "mateo.quiroga",
            checks_in("insurers-connected", "2", "The second one went live on Tuesday."),
            checks_in("largest-insurer", "1", "Signed on Monday. They had asked for it before we did."),
        ),
        on(THU, "11:30", "kwabena.mensah", looks_over("support", but=["help-centre"])),
        on(
            THU,
            "15:00",
            "naomi.cohen",
            starts(
                "practice-letter",
                "commercial",
                title="A letter to practices, four times a year",
                problem="What we learned, not what we built.",
                effort="2",
                status="proposed",
            ),
        ),
        on(
            THU,
            "16:30",
            "chloe.martin",
            asks_about(
                "strategy",
                "stay-independent",
                "Two practices told us on the phone that a group had made them an offer. What do we say to them, beside that we are sorry?",
            ),
        ),
        on(FRI, "09:20", "beatriz.almeida", looks_over("commercial")),
        on(
            FRI,
            "11:00",
            "beatriz.almeida",
            sets_mission(
                "commercial",
                "Practices hear about us from practices. We help them say it, and keep our promises small enough to keep.",
                "paid",
                "ireland",
            ),
        ),
        on(FRI, "14:30", "aoife.brennan", looks_over("ireland-team")),
    ),
)

WEEK_11 = Week(
    11,
    "A bet fails",
    (
        on(
            MON,
            "10:00",
            "noah.becker",
            saw(
                "push-reminders",
                "owners-return",
                "failed",
                "Eight thousand notifications, and no more visits than without. Owners who read it knew already. We go on for now: three practices like it, and we have not agreed what to do instead.",
            ),
        ),
        on(MON, "11:30", "adaeze.okonkwo", looks_over("front-desk")),
        on(
            MON,
            "14:00",
            "ingrid.solheim",
            checks_in("accepted-at-once", "71", "The date of onset alone was worth two points."),
            checks_in("care-plans", "29", "Two gave it up: too much paper.", sure="off_track"),
        ),
        on(
            MON,
            "15:30",
            "thandi.mokoena",
            asks_about(
                "goal",
                "care-plan",
                "Both that gave up had a desk of one. Is a care plan meant for them at all, or for those with three?",
            ),
        ),
        on(
            MON,
            "16:00",
            "sofia.marques",
            asks_about(
                "team",
                "lab",
                "You have tried four things at once since the summer. What would make you drop one of them?",
            ),
        ),
        on(TUE, "09:30", "tomasz.zielinski", looks_over("claims")),
        on(
            TUE,
            "10:15",
            "chloe.martin",
            asks_about(
                "initiative",
                "push-reminders",
                "I read that the bet failed, and that we go on. What do I tell a practice that asks me whether to switch it on?",
            ),
        ),
        on(TUE, "14:00", "camila.restrepo", looks_over("owner-app")),
        on(WED, "09:30", "bogdan.ilic", looks_over("platform")),
        on(WED, "11:00", "haruto.sakamoto", looks_over("records", but=["card-scans"])),
        on(
            WED,
            "15:00",
            "hugh.sutherland",
            snoozes(
                "orphan",
                "new-brochure",
                until=(16, MON),
                reason="The printer wants an answer only after the fair; until then it costs an hour a week.",
            ),
        ),
        on(THU, "09:15", "wanjiru.kamau", looks_over("lab")),
        on(
            THU,
            "10:00",
            "mateo.quiroga",
            endorses("insurers-answer", "insurers-list"),
            checks_in("minutes-without-desk", "96", "Elif’s two valleys: none since the trial began."),
        ),
        on(THU, "16:00", "anjali.deshmukh", looks_over("data")),
        on(FRI, "10:30", "siobhan.gallagher", looks_over("onboarding")),
        on(FRI, "11:15", "marieke.devries", looks_over("billing")),
        on(
            FRI,
            "14:00",
            "farah.haddad",
            endorses(
                "whole-weekend", "weekend-switch", "rival-imports", note="This is what I hoped you would propose."
            ),
            checks_in("moves-without-loss", "86", sure="at_risk"),
        ),
        on(FRI, "16:00", "jonas.lindqvist", ends_access("dafydd.pugh", to="siobhan.gallagher")),
    ),
)

WEEK_12 = Week(
    12,
    "A bet holds",
    (
        on(
            MON,
            "11:00",
            "ruth.adeyemi",
            endorses("paid", "payment-promise", note="Two insurers phoned me about it. Good."),
        ),
        on(
            MON,
            "14:00",
            "callum.reid",
            creates_team("nordic-team", "Nordics", below="commercial"),
            marks_not_here("nordic-team"),
        ),
        on(
            MON,
            "14:30",
            "naomi.cohen",
            counters(
                "north-first",
                goal="ireland",
                instead="The north of England first, and Ireland once there is somebody who lives there.",
                evidence="Of the nine practices that asked for a visit of their own accord this spring, seven are between Leeds and the border.",
            ),
        ),
        on(
            MON,
            "15:30",
            "chloe.martin",
            proposes(
                "found-first",
                below="day",
                title="A practice finds the answer before it calls",
                why="""Four in ten of the calls that we take ask for something that stands in the help centre. They have looked, with an owner at the desk, and have not found it.

Each of these calls is two people who wait: ours, and the one at their desk.""",
                measure="Calls about what stands in the help centre",
                work="help-centre",
                because="The other tool searches by what somebody types in a hurry, and shows the answer where the question came up.",
            ),
        ),
        on(
            TUE,
            "10:00",
            "tomasz.zielinski",
            saw(
                "claim-from-invoice",
                "claims-direct",
                "held",
                "Of 1,100 claims from twenty practices, 640 left without a hand on them. We had bet on seven in ten and are at six, in nine weeks.",
            ),
        ),
        on(
            TUE,
            "10:30",
            "ingrid.solheim",
            checks_in("claims-untouched", "31", "Twenty practices at 58, everybody else at 12 to 15.", sure="at_risk"),
            checks_in("days-to-money", "11.5", "Nine and a half at the pilots.", sure="at_risk"),
        ),
        on(
            TUE,
            "16:00",
            "camila.restrepo",
            asks_about(
                "company",
                "",
                "It was above three quarters before the new strategy, and has not come back. Is that bad, or is it the strategy?",
                name="not-come-back",
                aspect="coverage",
            ),
        ),
        on(TUE, "16:10", "naomi.cohen", reminds("north-first")),
        on(
            WED,
            "09:00",
            "mateo.quiroga",
            writes(
                "not-come-back",
                "Some of each. What explores counts as itself, so look at what is left: most of it is work from before that nobody has ended. @Ruth Adeyemi and I ask for that, team by team.",
            ),
        ),
        on(
            WED,
            "09:10",
            "callum.reid",
            writes(
                "north-first",
                "The seven would come to us anyway, and a group is not buying there. In Ireland it buys two a month, and after that there is nobody left to ask.",
            ),
        ),
        on(
            WED,
            "09:30",
            "thandi.mokoena",
            *relinks(
                "first-week",
                "faster-switch",
                "day",
                "The queue on the first Wednesday is the longest of the year. With one of us beside the desk it is an ordinary one.",
                evidence="First-week calls to support fall by half",
                review=(16, WED),
            ),
        ),
        on(
            WED,
            "11:00",
            "viktor.hansen",
            edits_link(
                "frozen-copies",
                "never-lost",
                evidence="A deletion with our own highest rights fails, witnessed by the auditor",
            ),
        ),
        on(
            WED,
            "15:00",
            "amara.sesay",
            saw(
                "nightly-restore",
                "restore-tested",
                "held",
                "All 1,912 practices restored, and every difference explained.",
            ),
            finishes("nightly-restore"),
        ),
        on(
            THU,
            "10:00",
            "hugh.sutherland",
            links_to(
                "per-vet-prices",
                "day",
                "A practice that adds a desk to shorten the queue pays us for it today. A price by the vet takes that away.",
                evidence="Practices add desks without asking what they cost",
            ),
        ),
        on(
            THU,
            "14:00",
            "farah.haddad",
            checks_in("seen-twice", "42", "Too early to say anything.", sure="at_risk"),
            checks_in("visits-missed", "7.4"),
        ),
        on(
            THU,
            "16:00",
            "tomasz.zielinski",
            rewrites_page(
                "how-a-claim-travels",
                "on average **thirty-eight days** after step 1.",
                "on average **thirty-five days** after step 1, and twenty-two where nobody retyped the claim.",
            ),
        ),
        on(
            THU,
            "16:10",
            "kwabena.mensah",
            asks_about(
                "initiative",
                "claim-from-invoice",
                "How many practices get it next month? I would like to have two people free for their first questions.",
            ),
        ),
        on(
            THU,
            "16:20",
            "anjali.deshmukh",
            offers(
                "check-before-sending",
                "data",
                "The reasons without the records, cleaned and sorted by insurer: enough to see which checks would pay.",
                by=(14, FRI),
            ),
        ),
        on(
            THU,
            "16:30",
            "ruth.adeyemi",
            begins_amendment("stay-independent"),
            plans_for("owners-return", weight=Decimal(2)),
        ),
        on(
            THU,
            "16:45",
            "ruth.adeyemi",
            accepts(
                "found-first",
                below="day",
                why="Four in ten of the calls that Support takes ask for something that stands in the help centre. Each is two people who wait: ours, and the one at a practice’s desk.",
                owner="kwabena.mensah",
                text="Yes. I had taken it for a new coat of paint. Kwabena should own it; the amendment adds it.",
            ),
        ),
        on(
            THU,
            "17:00",
            "callum.reid",
            plans_for(
                "ireland",
                meaning_changed=True,
                title="Fifty practices in Ireland choose us",
                why="""Eight hundred independent practices, one strong group that buys two a month, and no software that was made for them. We have met sixty of them by now: those who choose us do it for the insurers who answer, and not for the price.

Fifty is what pays for a team of its own in Dublin. With fewer we would be visitors there.""",
            ),
        ),
        on(FRI, "10:00", "camila.restrepo", checks_in("owners-each-week", "11", sure="off_track")),
        on(
            FRI,
            "11:00",
            "naomi.cohen",
            commits(
                "north-first",
                "I would still go where they ask for us, and I am on the ferry on Monday. Let us count in summer who came of their own accord.",
                again=(24, MON),
            ),
        ),
        on(
            FRI,
            "11:30",
            "mateo.quiroga",
            checks_in("backups-restored", "100", "Every practice, for the fourth week."),
            closes(
                "restore-tested",
                status="achieved",
                reason="Every backup has been restored within a week, four weeks in a row, and two that would have failed us were made again in time. From here on it is upkeep, and Amara has earned the week that is left.",
                learned="A backup that is restored every week is checked by people who need it. The two that would have failed us looked as good as all others on every chart.",
                successors=("never-lost",),
            ),
        ),
        *(
            on(FRI, f"13:{minute:02}", name, reads("stay-independent"))
            for minute, name in enumerate((*FIRST_IN[2:], *LEADS, *ON_MONDAY[:8]))
        ),
    ),
)

WEEKS = (WEEK_10, WEEK_11, WEEK_12)
