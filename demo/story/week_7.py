"""Claims asks for support, work finds its goals, and Ireland gets a team."""

from __future__ import annotations

from demo.calendar import FRI, MON, THU, TUE, WED
from demo.story.leading import (
    activates,
    adds_goal,
    creates_team,
    edits_goal,
    joins,
    joins_team,
    measures_by,
    sets_mission,
)
from demo.story.telling import Week, on
from demo.story.working import asks, begins, declines, links_to, looks_over, pledges, relinks, starts, stops

WEEK_7 = Week(
    7,
    "Support for Claims, a weekend with a goal, and a team for Ireland",
    (
        on(
            MON,
            "10:00",
            "tomasz.zielinski",
            asks(
                "claim-from-invoice",
                "support",
                "Twenty practices that file more than thirty claims a week and would try it with us, with their names and their worst insurer",
                size="small",
            ),
            asks(
                "check-before-sending",
                "data",
                "Two years of refused claims with the insurer’s reason, joined to the record",
                size="medium",
            ),
            asks(
                "one-connection",
                "platform",
                "A fixed address and a certificate that insurers accept, for each of the first four",
                size="small",
            ),
            asks(
                "claim-status",
                "billing",
                "The day on which the insurer’s money arrived, beside the claim it belongs to",
                size="medium",
            ),
        ),
        on(
            MON,
            "14:20",
            "kwabena.mensah",
            pledges("claim-from-invoice", "support", "Jamal has a list of fourteen already. The other six by Friday."),
        ),
        on(
            MON,
            "15:00",
            "farah.haddad",
            edits_goal(
                "whole-weekend",
                title="A practice moves to us in a weekend without losing a record",
                meaning_changed=None,
            ),
            activates("whole-weekend"),
            measures_by(
                "moves-without-loss", "whole-weekend", "Moves without a lost record in one weekend", "%", "79", "98"
            ),
        ),
        on(
            TUE,
            "09:30",
            "siobhan.gallagher",
            *relinks(
                "weekend-switch",
                "faster-switch",
                "whole-weekend",
                "Counting half of the records on Wednesday leaves Saturday for the ones that differ.",
                evidence="Large practices move in one weekend, four times in a row",
                review=(15, MON),
                measure="moves-without-loss",
                change="10",
            ),
            sets_mission(
                "onboarding",
                "A practice closes on Friday with its old system and opens on Monday with us, with everything in its place.",
                "whole-weekend",
                "never-lost",
            ),
        ),
        on(
            TUE,
            "09:50",
            "marco.bianchi",
            *relinks(
                "rival-imports",
                "faster-switch",
                "whole-weekend",
                "Nine of ten lost records were attachments, and these three systems hold most of them.",
                evidence="No attachment is missing after twenty imports",
                measure="moves-without-loss",
                change="8",
            ),
        ),
        on(
            TUE,
            "11:00",
            "marieke.devries",
            pledges(
                "claim-status",
                "billing",
                "Sunita does it from Thursday on; it is two weeks, not the one we said first.",
            ),
            stops(
                "owner-credit",
                "Claims needs Jack’s weeks more than we need the answer. What eight practices told us is in the notes, should somebody ask again.",
            ),
        ),
        on(
            TUE,
            "14:00",
            "callum.reid",
            creates_team("ireland-team", "Ireland", below="commercial"),
            joins_team("ireland-team", "aoife.brennan", role="lead"),
            joins_team("ireland-team", "cormac.daly"),
        ),
        on(TUE, "14:40", "aoife.brennan", joins()),
        on(
            WED,
            "10:00",
            "nadia.benali",
            *relinks(
                "structured-findings",
                "notes-typed-once",
                "first-time",
                "Insurers ask for the date of onset, the side and the grade. Where the finding holds them, the claim does too.",
                evidence="Claims with a structured finding come back half as often",
                review=(14, FRI),
                measure="accepted-at-once",
                change="6",
            ),
        ),
        on(
            WED,
            "10:30",
            "ewan.fraser",
            *relinks(
                "lab-results",
                "notes-typed-once",
                "first-time",
                "Claims for internal medicine need the values; today somebody looks for the fax.",
            ),
        ),
        on(
            WED,
            "11:30",
            "ibrahim.diallo",
            begins("codes-while-writing"),
            links_to(
                "codes-while-writing",
                "claims-direct",
                "If the vet picks the code, nobody downstream has to guess it, and the claim needs no hand.",
                evidence="Six in ten lines carry a code when the invoice is made",
                review=(15, FRI),
            ),
        ),
        on(
            WED,
            "15:20",
            "anjali.deshmukh",
            declines(
                "check-before-sending",
                "data",
                "We cannot join the record to the claims without moving to the new warehouse first; that is eight weeks away. We can give you the reasons without the records by the end of the month.",
            ),
        ),
        on(
            THU,
            "09:30",
            "jamal.rahman",
            starts(
                "claims-questions",
                "support",
                title="Ask once what an insurer wants to know",
                problem="Twenty-six of a hundred questions are about claims, and half of them are an insurer’s question that the practice passes on.",
                effort="6",
            ),
            links_to(
                "claims-questions",
                "first-time",
                "What practices ask us today is what insurers ask them. Each answer becomes a check before sending.",
                evidence="Ten questions a week turned into checks",
                measure="accepted-at-once",
                change="3",
            ),
        ),
        on(
            THU,
            "10:00",
            "leila.farahani",
            starts(
                "claims-that-bounce",
                "data",
                title="Can we tell which claims will bounce?",
                problem="Insurer, animal, treatment, hour of the day: refusals have patterns. Do they say more than our checklist does?",
                effort="4",
                kind="explore",
                declaration="Does a model find one in three refusals that the checks miss?",
                until=(15, FRI),
            ),
        ),
        on(THU, "13:30", "adaeze.okonkwo", looks_over("front-desk")),
        on(
            THU,
            "14:00",
            "naomi.cohen",
            *relinks(
                "reference-practices",
                "faster-switch",
                "paid",
                "Managers believe a manager who shows them her bank statement. We visit those who are paid early.",
            ),
        ),
        on(THU, "15:00", "haruto.sakamoto", looks_over("records", but=["card-scans"])),
        on(THU, "15:30", "camila.restrepo", looks_over("owner-app")),
        on(THU, "16:00", "kwabena.mensah", looks_over("support", but=["help-centre"])),
        on(FRI, "09:00", "bogdan.ilic", looks_over("platform")),
        on(FRI, "09:20", "marieke.devries", looks_over("billing")),
        on(FRI, "09:40", "wanjiru.kamau", looks_over("lab")),
        on(FRI, "10:00", "siobhan.gallagher", looks_over("onboarding")),
        on(FRI, "10:20", "beatriz.almeida", looks_over("commercial")),
        on(FRI, "10:40", "tomasz.zielinski", looks_over("claims")),
        on(FRI, "11:00", "anjali.deshmukh", looks_over("data")),
        on(
            FRI,
            "14:00",
            "callum.reid",
            adds_goal(
                "ten-practices",
                below="ireland",
                title="The first ten practices in Cork and Dublin",
                owner="callum.reid",
            ),
            activates("ten-practices"),
            starts(
                "irish-vat",
                "ireland-team",
                title="Irish tax on invoices",
                problem="Two rates, one of them for food, and a receipt that has to name both.",
                effort="4",
                origin="assigned",
                owner="aoife.brennan",
            ),
            starts(
                "first-ten",
                "ireland-team",
                title="Sit with the first ten practices",
                problem="Ten practices that start before everything is ready, with somebody of ours in the room.",
                effort="3",
                origin="assigned",
                owner="aoife.brennan",
            ),
        ),
    ),
)

WEEKS = (WEEK_7,)
