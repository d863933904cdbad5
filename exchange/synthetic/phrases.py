"""Words for a synthetic company, an instrument maker: its people, goals and work."""

from __future__ import annotations

FIRST_NAMES = (
    "Ada", "Amara", "Anil", "Beatriz", "Bojan", "Chen", "Chidi", "Dalia", "Edda", "Emeka", "Farid", "Fumiko",
    "Greta", "Hana", "Ines", "Ivo", "Jamal", "Jana", "Kofi", "Lena", "Leo", "Linh", "Mara", "Mateo", "Mina",
    "Nadia", "Niels", "Noor", "Olga", "Oskar", "Priya", "Quinn", "Rafael", "Rosa", "Samir", "Sofia", "Tariq",
    "Tove", "Uma", "Viktor", "Wanda", "Xiomara", "Yara", "Yusuf", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abara", "Almeida", "Andersen", "Bakker", "Banerjee", "Berger", "Castro", "Dahl", "Dubois", "Eze", "Farouk",
    "Fischer", "García", "Haddad", "Horvat", "Ibrahim", "Ivanova", "Jensen", "Kamara", "Kim", "Kowalski", "Larsen",
    "Lopez", "Mbeki", "Meyer", "Moreau", "Nakamura", "Novak", "Okafor", "Olsen", "Patel", "Petrov", "Quintero",
    "Rossi", "Sato", "Schmidt", "Silva", "Tanaka", "Tran", "Weber",
)  # fmt: skip
ZONES = ("UTC", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Tokyo", "Africa/Lagos")

CUSTOMERS = (
    ("Lab manager", "Runs a laboratory of ten and cannot plan around instruments that stop without warning."),
    ("Field engineer", "Works where there is no network, and needs readings that can be trusted later."),
    ("Quality lead", "Has to show an auditor where every figure came from."),
    ("Plant operator", "Sees a deviation too late, when the batch is already lost."),
    ("Researcher", "Compares runs of several years and formats."),
    ("Reseller", "Cannot quote a delivery day without asking three people."),
    ("Service partner", "Is called out for faults that could have been seen from afar."),
    ("Student", "Learns on instruments that are older than their course."),
)
CONTEXT = (
    (
        "why-now",
        "strategy",
        "Why now",
        "Our customers replace their instruments in the next three years.\n\nWhoever is easy to integrate stays.",
    ),
    (
        "who-buys",
        "product",
        "Who buys, and why",
        "Lab managers decide, quality leads can say no.\n\n- **Uptime** first\n- then traceability",
    ),
    (
        "how-we-sell",
        "operations",
        "How we sell and support",
        "Two thirds through resellers, who need a price within a day.",
    ),
)
NARRATIVE = (
    "Instruments that people can rely on **and** reach from anywhere.\n\n"
    "We win where service is bought with the instrument."
)
NEXT_NARRATIVE = "What comes after: readings as a service.\n\nStill a draft."

AREAS = (
    "Sensor",
    "Cloud",
    "Service",
    "Calibration",
    "Delivery",
    "Data",
    "Field",
    "Platform",
    "Partner",
    "Pricing",
    "Quality",
    "Mobile",
)
CRAFTS = ("Tools", "Insights", "Operations", "Experience", "Foundations", "Integrations", "Reliability", "Growth")
MISSIONS = (
    "Readings arrive complete, wherever they were taken.",
    "A fault is seen by us before the customer sees it.",
    "Every figure can be traced to its instrument.",
    "A quote takes minutes.",
    "New customers take their first measurement on the first day.",
    "Partners can build on us without asking.",
)
REASONS = (
    "The launch depends on it.",
    "A large customer decides this autumn.",
    "We do not know yet what works here.",
    "A market we have not entered.",
)
DROPPED = (
    "The customer who asked for it has left.",
    "Another team has it already.",
    "It took longer than it was worth.",
)
LEARNED = (
    "It holds for large customers; the small ones never asked.",
    "Two weeks of measuring said more than two months of building.",
    "The signal is there, and too weak to plan by.",
)
VERBS = ("Shorten", "Rework", "Automate", "Open up", "Simplify", "Measure", "Replace", "Extend", "Prove", "Unify")
OUTCOMES = (
    "time to the first reading",
    "unplanned stops",
    "the path from quote to delivery",
    "traceability",
    "renewals",
    "the cost of service calls",
)
LABELS = ("mobile", "onboarding", "platform", "regulation", "research")
THINGS = (
    "onboarding",
    "the calibration report",
    "alerts",
    "the export",
    "offline mode",
    "spare parts planning",
    "the price list",
    "single sign-on",
    "the device log",
)
GROUPS = (
    "labs",
    "field teams",
    "partners",
    "plants",
    "universities",
    "large customers",
    "our own support",
    "resellers",
)
WHYS = (
    "Customers leave us for instruments that report their own faults.",
    "Two of three offers are lost in the first week.",
    "Audits cost our customers a month a year.",
    "Service is where we earn, and we answer too slowly.",
)
PROBLEMS = (
    "People enter the same figures **twice**, in two systems.",
    "Nobody sees a failing sensor before the shift ends.",
    "Partners wait three days for a price.\n\n- they call\n- we search\n- they buy elsewhere",
    "The report takes an afternoon, every week.",
)
BELIEFS = (
    "Fewer manual steps mean that the first reading comes sooner.",
    "Who sees a fault early plans the stop instead of suffering it.",
    "A price within the hour is most of the decision.",
    "If the figure explains itself, the audit is a conversation.",
)
EVIDENCE = (
    "Fewer calls about it",
    "The median falls by a third",
    "Three partners use it unasked",
    "The next audit needs no extra week",
)
MEASURES = (
    "Time to first reading",
    "Unplanned stops",
    "Offers answered in a day",
    "Renewal rate",
    "Calls for each instrument",
)
UNITS = ("days", "%", "a month", "hours")
ASKS = (
    "Review the interface",
    "Two weeks of an embedded engineer",
    "Access to the service data",
    "Help with the roll-out",
    "A joint trial with one customer",
)
QUESTIONS = (
    "What would we stop doing for this?",
    "How will customers notice it?",
    "Why now, and not after the summer?",
)
