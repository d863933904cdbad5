"""Digests written by hand, for whatever draws them: of each kind of reader, the smallest and the largest."""

from __future__ import annotations

from digest.content import Bar, Content, Part, Section
from digest.replies import Action
from lib.text.spans import Line, Reply, Span
from tests.html import parsed, text_of

WEEK = "2026-W48"
COMPANY = "Northwind Logistics"


def words(text: str) -> tuple[Span, ...]:
    return (Span(text),)


def bar(aligned: float, exploring: float, sustaining: float, orphaned: float, change: float | None = None) -> Bar:
    """In person-weeks; coverage is the aligned share of what is not sustaining."""
    effort = aligned + exploring + sustaining + orphaned
    free = effort - sustaining
    return Bar(effort, aligned, exploring, sustaining, orphaned, aligned / free if free else None, change)


def endorsing(link: int) -> tuple[Reply, ...]:
    return (Reply("Endorse", Action.ENDORSE, (link,)),)


def answering(flag: int, initiative: int) -> tuple[Reply, ...]:
    return (
        Reply("Link it to “Deliveries arrive when we said”", Action.LINK, (initiative, 7)),
        Reply("Declare it an exploration", Action.EXPLORE, (initiative,)),
        Reply("Put it off", Action.SNOOZE, (flag,)),
    )


COMPANY_PART = Part(
    "company",
    "The company",
    "/",
    (
        Section(
            "coverage",
            "Coverage",
            (
                Line(
                    (
                        Span("The edition of "),
                        Span("“Reliable by default”", "/strategies/reliable/"),
                        Span(" published on 18 November moved it by 4.2 points."),
                    ),
                    "Nine initiatives reach it that reached nothing before.",
                ),
                Line(words("Links that teams added moved it by 0.6 points, closed work by −1.7.")),
            ),
            bar=bar(149.3, 24.1, 48, 19.2, 0.031),
            news="Coverage rose to 77.5 %",
            weight=50,
        ),
        Section(
            "uncovered",
            "Goals that nobody works on",
            (
                Line(
                    (
                        Span("“Returns cost half as much”", "/goals/returns/"),
                        Span(" has had no active work since 30 October."),
                    ),
                    "It is one of the three goals with the highest priority.",
                ),
                Line((Span("A confidential goal"), Span(" has had no active work since 16 November."))),
            ),
            more=Span("All 7 goals that nobody works on", "/flags/?code=uncovered"),
        ),
        Section(
            "endorsing",
            "Links to endorse",
            (
                Line(
                    (
                        Span("Payments says that "),
                        Span("“One checkout for every shop”", "/initiatives/one-checkout/"),
                        Span(" moves "),
                        Span("“Half of our revenue comes online”", "/goals/online/"),
                        Span("."),
                    ),
                    "“Shops that can sell on the first day sell twice as much in their first quarter.”",
                    endorsing(41),
                ),
            ),
        ),
    ),
)

TEAM_PART = Part(
    "team",
    "Payments",
    "/teams/payments/",
    (
        Section(
            "figures",
            "The team’s work",
            (Line(words("Two initiatives ended this week, one began.")),),
            bar=bar(6, 1, 3.5, 2, -0.012),
            quiet=True,
        ),
        Section(
            "flags",
            "New questions",
            (
                Line(
                    (
                        Span("“Rewrite the ledger in a new language”", "/initiatives/ledger/"),
                        Span(" reaches no published strategy."),
                    ),
                    "Is there a goal that it moves, or is it an exploration?",
                    answering(9, 301),
                ),
                Line(
                    (
                        Span("“Faster refunds”", "/initiatives/refunds/"),
                        Span(" has not been confirmed for 13 weeks."),
                    ),
                    "Does its link to “Returns cost half as much” still hold?",
                    (Reply("It still holds", Action.CONFIRM, (77,)),),
                ),
            ),
            news="two new questions",
            weight=40,
        ),
    ),
)

OWN_PART = Part(
    "own",
    "For you",
    "/",
    (
        Section(
            "published",
            "Published this week",
            (
                Line(
                    (Span("“Reliable by default”", "/strategies/reliable/"), Span(" has a second edition.")),
                    "“We would rather promise a day later and keep it than promise a day earlier and miss it.”",
                ),
            ),
            news="“Reliable by default” has a second edition",
            weight=30,
        ),
        Section(
            "line",
            "Where your work leads",
            (
                Line(
                    (
                        Span("“Address checks at the till”", "/initiatives/address-checks/"),
                        Span(" moves "),
                        Span("“Deliveries arrive when we said”", "/goals/on-time/"),
                        Span(", and that "),
                        Span("“Customers come back”", "/goals/come-back/"),
                        Span("."),
                    ),
                ),
            ),
            quiet=True,
        ),
    ),
)


def digest(*parts: Part, name: str = "Ada Lindqvist", company: str = COMPANY) -> Content:
    return Content(name, company, WEEK, parts)


DIGESTS = {
    "leader": digest(COMPANY_PART),
    "lead": digest(TEAM_PART),
    "member": digest(OWN_PART),
    "everything": digest(COMPANY_PART, TEAM_PART, OWN_PART),
    "small": digest(Part("own", "For you", "/", (Section("note", "This week", (Line(words("It was quiet.")),)),))),
    "nothing": digest(),
}

ODD = 'Q3 <b>"fish & chips"</b> 🐟 תוכנית חדשה'
"""A title as people write them: with what HTML means, a picture and words from right to left."""


def odd() -> Content:
    span = Span(ODD, "/goals/fish/?a=1&b=2")
    line = Line((span, Span(" & <more>.")), ODD, (Reply(ODD, Action.ENDORSE, (1,)),))
    section = Section("odd", ODD, (line,), more=Span(ODD, "/flags/"), news=ODD, weight=1)
    return digest(Part("team", ODD, "/teams/fish/", (section,)), name=ODD, company=ODD)


def largest(lines: int = 5, length: int = 120) -> Content:
    """All parts that somebody can have, of six sections each, with titles of `length`."""
    title = ("Deliveries arrive at the hour that we said, wherever our customers are, " * 4)[:length]

    def line(number: int) -> Line:
        said = (
            Span(title, f"/goals/{number}-{'k' * 60}/"),
            Span(" reaches no strategy, unlike "),
            Span(title),
            Span("."),
        )
        return Line(said, f"{title}. Is there a goal that it moves?", answering(number, 100_000 + number))

    def section(name: str, number: int) -> Section:
        return Section(
            name,
            f"The questions of {name}",
            tuple(line(each) for each in range(lines)),
            bar=None if number else bar(1234.5, 0.4, 333, 12),
            more=Span("All 1,234 questions", f"/flags/?team={'k' * 60}"),
            news=title,
            weight=5,
        )

    def part(kind: str, title: str, path: str, sections: int) -> Part:
        return Part(kind, title, path, tuple(section(f"{kind}{each}", each) for each in range(sections)))

    teams = (part("team", f"{title} {number}", f"/teams/{number}/", 6) for number in range(4))
    return digest(part("company", "The company", "/", 6), *teams, part("own", "For you", "/", 6))


def spoken(page: str) -> str:
    """What somebody reads of a mail or of a part of a page, on one line."""
    html = parsed(page)
    return text_of(html.body or html)


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def sections(content: Content) -> list[Section]:
    return [section for part in content.parts for section in part.sections]
