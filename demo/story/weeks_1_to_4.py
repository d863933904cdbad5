"""Before the new strategy: people come in, work goes on, and the leaders write."""

from __future__ import annotations

import datetime as dt

from demo.calendar import FRI, MON, SUN, THU, TUE, WED
from demo.story.leading import adds_goal, awaits, checks_in, drafts_strategy, joins, keeps_at, measures_by
from demo.story.telling import Event, Week, on
from demo.story.working import edits_link, endorses, finishes, looks_over, pauses, saw

FIRST_IN = ("jonas.lindqvist", "ruth.adeyemi", "ingrid.solheim", "mateo.quiroga", "farah.haddad", "callum.reid")
LEADS = (
    *("tomasz.zielinski", "adaeze.okonkwo", "haruto.sakamoto", "marieke.devries", "camila.restrepo", "wanjiru.kamau"),
    *("bogdan.ilic", "anjali.deshmukh", "siobhan.gallagher", "kwabena.mensah", "beatriz.almeida"),
)
ON_MONDAY = (
    *("priya.nair", "aroha.ngata", "emeka.obi", "lotte.jansen", "diego.fuentes", "paolo.ricci", "sunita.rao"),
    *("piotr.wysocki", "lucia.herrera", "nadia.benali", "ewan.fraser", "noah.becker", "yara.haidar", "mihai.popescu"),
)
ON_TUESDAY = (
    *("jack.whelan", "tom.ashworth", "mei.tanaka", "grace.kim", "ibrahim.diallo", "oluwaseun.bello", "freya.olsen"),
    *("hana.novak", "amara.sesay", "rhys.morgan", "kenji.watanabe", "elif.yilmaz", "sofia.marques", "viktor.hansen"),
)
LATER_IN_THE_WEEK = (
    *("leila.farahani", "dafydd.pugh", "thandi.mokoena", "marco.bianchi", "agnieszka.nowak", "jamal.rahman"),
    *("chloe.martin", "peter.nagy", "hugh.sutherland", "naomi.cohen", "zainab.yusuf", "helen.marsh"),
)


def come_in(weekday: int, first: str, names: tuple[str, ...]) -> tuple[Event, ...]:
    """`names` join one by one, every four minutes from `first` on."""
    start = dt.datetime.fromisoformat(f"2000-01-01T{first}")
    times = (start + dt.timedelta(minutes=4 * place) for place in range(len(names)))
    return tuple(on(weekday, f"{time:%H:%M}", name, joins()) for time, name in zip(times, names, strict=True))


WEEK_1 = Week(
    1,
    "The company comes in",
    (
        *come_in(MON, "09:00", FIRST_IN),
        *come_in(MON, "10:30", LEADS),
        on(MON, "11:40", "ruth.adeyemi", checks_in("visits-missed", "8.1")),
        *come_in(MON, "13:10", ON_MONDAY),
        *come_in(TUE, "09:20", ON_TUESDAY),
        on(TUE, "14:00", "mateo.quiroga", checks_in("backups-restored", "66", "Two more racks in the round.")),
        *come_in(WED, "09:10", LATER_IN_THE_WEEK),
        on(
            THU,
            "10:15",
            "ingrid.solheim",
            checks_in("notes-written-twice", "37", "Asked thirty vets. It moves, slowly.", sure="at_risk"),
            endorses("bill-at-the-door", "claim-from-invoice", note="The insured third of all bills waits for this."),
        ),
    ),
)

WEEK_2 = Week(
    2,
    "Work as it was planned",
    (
        on(TUE, "10:00", "sunita.rao", finishes("invoice-by-mail")),
        on(
            TUE, "10:05", "sunita.rao", saw("invoice-by-mail", "bill-at-the-door", "held", "Four points in five weeks.")
        ),
        on(TUE, "11:30", "ingrid.solheim", checks_in("paid-at-the-door", "64", "The mailed invoice shows.")),
        on(
            WED,
            "14:10",
            "adaeze.okonkwo",
            edits_link("move-own-visit", "visits-kept", evidence="Owners make half of all moves by themselves"),
        ),
        on(THU, "09:40", "farah.haddad", endorses("visits-kept", "book-from-app", note="Same diary, same rules: yes.")),
        on(FRI, "11:00", "mateo.quiroga", checks_in("minutes-without-desk", "150")),
    ),
)

WEEK_3 = Week(
    3,
    "The leaders begin to write",
    (
        on(
            MON,
            "14:00",
            "ruth.adeyemi",
            drafts_strategy(
                "stay-independent",
                title="Stay independent",
                narrative="""Last year we lost one practice in twelve, and most of them not to a competitor: they were bought. We asked forty owners who sold why they did. Nobody said paper.

They said that insured treatment is paid so late that growing made them poorer. That good people left because the day is a queue. That clients drifted off to whoever reminded them better. **Our competitor is the offer letter**, and it arrives in a bad week.

So for the coming year we make the bad weeks rarer:

- **The money comes.** Insured treatment is paid within a week. This is the first priority and the hardest; it gets twice the effort of anything else.
- **The day flows.** Nobody waits on the phone or at the desk for something that they could have done themselves.
- **Owners come back**, before they have to be reminded.
- **We cross the water.** Ireland has eight hundred independent practices and the same three reasons to sell.
- **And nothing is ever lost.** That stays as it was; it is the ground on which the rest stands.

What we let go of: taking paper out of the practice as an end in itself. Where it serves one of these, it goes on under a better name. Where it does not, stop it without regret: it was the right work for the year in which it was chosen.

How each of these is reached is for the teams to find. If you think that one of them is wrong, say so; two of them changed because somebody did.""",
                starts=(5, MON),
                ends=(56, SUN),
            ),
        ),
        on(TUE, "09:30", "adaeze.okonkwo", looks_over("front-desk")),
        on(TUE, "10:00", "tomasz.zielinski", looks_over("claims")),
        on(TUE, "10:30", "marieke.devries", looks_over("billing")),
        on(TUE, "11:10", "haruto.sakamoto", looks_over("records", but=["card-scans"])),
        on(TUE, "15:00", "camila.restrepo", looks_over("owner-app")),
        on(WED, "09:15", "wanjiru.kamau", looks_over("lab")),
        on(WED, "09:45", "bogdan.ilic", looks_over("platform")),
        on(WED, "10:20", "anjali.deshmukh", looks_over("data")),
        on(WED, "11:00", "siobhan.gallagher", looks_over("onboarding")),
        on(WED, "13:30", "kwabena.mensah", looks_over("support", but=["help-centre"])),
        on(WED, "16:00", "beatriz.almeida", looks_over("commercial")),
        on(THU, "14:00", "grace.kim", finishes("consent-tablet")),
        on(
            THU,
            "14:05",
            "grace.kim",
            saw(
                "consent-tablet",
                "consent-on-screen",
                "held",
                "Nine in ten consents are signed on a tablet where it is in use.",
            ),
        ),
        on(FRI, "10:00", "ingrid.solheim", checks_in("consents-printed", "14", "The tablet does it.")),
    ),
)

WEEK_4 = Week(
    4,
    "Goals, and how one would see that they are reached",
    (
        on(
            MON,
            "10:00",
            "ruth.adeyemi",
            adds_goal(
                "paid",
                strategy="stay-independent",
                title="Practices are paid for insured treatment within a week",
                why="""An insured operation is paid after thirty-eight days. Until then the practice is the bank, for its client and for the insurer. It is the first thing that owners who sold tell us, and the one thing a group can promise them that we cannot yet.

A week is what a group’s own claims desk manages. We want a practice of three vets to have that without a desk.""",
                weight=4,
                owner="ruth.adeyemi",
            ),
            adds_goal(
                "day",
                strategy="stay-independent",
                title="The day at the desk runs without waiting",
                why="""Receptionists stay fourteen months on average. When they leave they do not name the pay, they name eight o’clock. Every call that an owner did not need to make is a minute for the person who stands there with a bleeding dog.""",
                weight=2,
                owner="farah.haddad",
            ),
            adds_goal(
                "owners-return",
                strategy="stay-independent",
                title="Owners come back before they are reminded",
                why="""A practice lives from the animals it sees twice a year. Owners drift away without a quarrel: nobody spoke to them between two vaccinations. What brings them back is knowing what comes next, not another letter.""",
                kind="aspirational",
                owner="farah.haddad",
            ),
            adds_goal(
                "ireland",
                strategy="stay-independent",
                title="Practices in Ireland choose us",
                why="""Eight hundred independent practices, one strong group that buys two a month, and no software that was made for them. If we come after the group has bought them, there is nobody left to come for.""",
                weight=2,
                owner="callum.reid",
            ),
        ),
        on(
            TUE,
            "09:30",
            "ingrid.solheim",
            adds_goal(
                "claims-direct",
                below="paid",
                title="Most claims reach the insurer without being retyped",
                why="Retyping costs eleven minutes a claim and four days, because nobody has eleven minutes. What is never retyped leaves on the same evening.",
                owner="ingrid.solheim",
            ),
            measures_by(
                "claims-untouched",
                "claims-direct",
                "Claims that nobody retypes",
                "%",
                "12",
                "70",
                keeper="tomasz.zielinski",
            ),
            keeps_at(
                "days-to-money",
                "claims-direct",
                "Days until a claim is paid",
                "days",
                kind="at_most",
                limit="10",
                now="13",
            ),
            adds_goal(
                "first-time",
                below="paid",
                title="A claim is accepted the first time",
                why="A claim that comes back takes nineteen days longer. Nine in ten questions are about something that the record already holds.",
                owner="ingrid.solheim",
            ),
            measures_by("accepted-at-once", "first-time", "Claims accepted without a question", "%", "66", "90"),
            adds_goal(
                "care-plan",
                below="owners-return",
                title="A practice can offer a care plan in one visit",
                why="Owners with a care plan come three times a year instead of once and a half. Setting one up takes forty minutes of paper, so practices do not offer it.",
                owner="ingrid.solheim",
            ),
            measures_by(
                "care-plans", "care-plan", "Practices with at least fifty care plans", "practices", "31", "300"
            ),
        ),
        on(
            TUE,
            "14:00",
            "mateo.quiroga",
            adds_goal(
                "insurers-answer",
                below="paid",
                title="The six largest insurers answer electronically",
                why="Six of eleven insurers hold nine in ten policies. As long as they answer by letter, nothing we do on our side makes the money come sooner.",
                owner="mateo.quiroga",
            ),
            measures_by(
                "insurers-connected", "insurers-answer", "Insurers that answer electronically", "insurers", "1", "6"
            ),
            awaits("largest-insurer", "insurers-answer", "The largest insurer has signed", keeper="mateo.quiroga"),
            adds_goal(
                "old-texts",
                below="day",
                title="Reminders leave the old text gateway",
                why="The provider closes it. Until then one reminder in thirty arrives a day late, and the desk gets the call.",
                owner="mateo.quiroga",
                ends=(9, FRI),
            ),
            measures_by("texts-moved", "old-texts", "Practices whose reminders have moved", "%", "40", "100"),
        ),
        on(TUE, "16:30", "tom.ashworth", finishes("quiet-hours-texts")),
        on(
            WED,
            "10:00",
            "farah.haddad",
            adds_goal(
                "book-themselves",
                below="day",
                title="Owners book and move visits themselves",
                why="Nineteen of thirty-one calls before nine are about a visit. Each owner who does it alone is a call that nobody has to take.",
                owner="farah.haddad",
            ),
            measures_by("booked-by-owners", "book-themselves", "Visits booked or moved by owners", "%", "9", "40"),
            keeps_at(
                "free-visits",
                "book-themselves",
                "Owners who find a free visit within a week",
                "%",
                kind="at_least",
                limit="85",
                now="88",
            ),
            measures_by("seen-twice", "owners-return", "Animals seen at least twice a year", "%", "41", "55"),
        ),
        on(
            THU,
            "11:00",
            "callum.reid",
            adds_goal(
                "irish-invoices",
                below="ireland",
                title="Invoices and insurance follow Irish rules",
                why="Two rates of tax, another form of receipt, five insurers we have never spoken with. Without it a practice in Cork can look at us, and not use us.",
                owner="callum.reid",
            ),
            measures_by(
                "irish-insurers", "irish-invoices", "Irish insurers whose claims we can send", "insurers", "0", "3"
            ),
            adds_goal(
                "takeover",
                below="ireland",
                title="Agree with the makers of Kennelbook on a takeover",
                why="Three hundred Irish practices use Kennelbook, and its two founders want to stop. Better with us than with the group. Nothing of this is public before both sides have signed.",
                owner="callum.reid",
                visibility="leaders",
            ),
            measures_by("terms-agreed", "takeover", "Points of the term sheet that are agreed", "of 12", "0", "12"),
        ),
        on(FRI, "10:30", "jack.whelan", pauses("deposits")),
        on(
            FRI,
            "15:00",
            "farah.haddad",
            checks_in("visits-missed", "7.8", "Moving a visit at night is in use at two hundred practices."),
        ),
    ),
)

WEEKS = (WEEK_1, WEEK_2, WEEK_3, WEEK_4)
