"""The order of imports, as DESIGN.md (*Order*) states it, without exceptions.

Between apps, what stands to the right may import what stands to the left; those that share a place do not import each
other. Inside an app its layers are in order likewise. `web` and `api` are folders of nouns that may use each other, and
of `demo` and `config` only the whole has a place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = (
    {"lib"},
    {"teams"},
    {"conversations"},
    {"strategy"},
    {"alignment"},
    {"digest", "exchange"},
    {"accounts"},
    {"web", "api"},
    {"demo"},
    {"config"},
)
APPS = [app for place in ORDER for app in sorted(place)]
PLACES = {app: place for place, apps in enumerate(ORDER) for app in apps}

COMMON = (
    "enums",
    "models",
    "rules",
    "access",
    "selectors",
    "narrative",
    "services",
    "actions",
    "tasks",
    "management",
    "admin",
)
LAYERS = {
    "teams": ("enums", "labels", *COMMON[1:]),
    "conversations": (
        *("enums", "topics", "kinds", "mentions", "models", "rules", "access", "selectors", "narrative", "support"),
        *("services", "questions", "actions", "admin"),
    ),
    "strategy": ("enums", "progress", "wording", "outlines", *COMMON[1:-4], "topics", "counters", *COMMON[-4:]),
    "alignment": (
        *(
            "enums",
            "engine",
            "flags",
            "proposals",
            "models",
            "rules",
            "access",
            "history",
            "selectors",
            "waiting",
            "narrative",
            "asking_again",
            "effects",
            "team_effects",
            "refresh",
            "services",
            "link_effects",
            "edition_effects",
            "work_effects",
            "topics",
        ),
        *("actions", "tasks", "management", "admin"),
    ),
    "digest": (
        *(
            "enums",
            "models",
            "rules",
            "schedule",
            "content",
            "selectors",
            "registry",
            "replies",
            "rendering",
            "turn_mails",
            "sections",
        ),
        *("apart", "writing", "upcoming", "services", "actions", "tasks", "management", "admin"),
    ),
    "exchange": ("rules", "bundle", "synthetic", "services", "actions", "management"),
    "accounts": (
        "enums",
        "models",
        "rules",
        "selectors",
        "services",
        "actions",
        "tasks",
        "adapter",
        "middleware",
        "management",
    ),
}
"""Of each app with layers, all its modules and packages: the right may import the left."""
OUTSIDE_OF_LAYERS = {"apps", "migrations", "__init__"}
"""What Django asks for by these names, and imports when all apps are there."""


def modules() -> Iterator[Path]:
    for app in APPS:
        yield from sorted(path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    """Full names of what a module imports of ours, wherever in it, also through import_module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            found = [str(node.args[0].value)] if isinstance(node.args[0], ast.Constant) else []
        else:
            continue
        yield from (name for name in found if name.split(".")[0] in APPS)


def layer(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def breach(importer: str, target: str) -> str:
    """Why `importer` may not import `target`, or ''."""
    app, other = importer.split(".")[0], target.split(".")[0]
    if app != other:
        if PLACES[other] > PLACES[app]:
            return f"{app} is below {other}"
        return f"{app} and {other} do not import each other" if PLACES[other] == PLACES[app] else ""
    own, its = layer(importer), layer(target)
    layers = LAYERS.get(app, ())
    if own in layers and its in layers and layers.index(its) > layers.index(own):
        return f"{own} is below {its}"
    return ""


BREACHES = [
    ("lib.http.access", "teams.models.Person"),
    ("teams.models.person", "strategy.models.Goal"),
    ("teams.admin", "strategy.models.Goal"),
    ("strategy.services.goals", "alignment.refresh.recompute"),
    ("alignment.models", "digest.models.Digest"),
    ("digest.services.plans", "exchange.services.import_bundle"),
    ("exchange.services", "digest.models.Digest"),
    ("digest.sections.flags", "accounts.services.invitations"),
    ("alignment.tasks", "web.people.views.person_list"),
    ("api.v1.teams", "web.teams.views.team_list"),
    ("web.people.views", "config.settings"),
    ("web.people.views", "demo.cast.CAST"),
    ("demo.building", "config.settings"),
    ("teams.selectors.people", "teams.services.people.change_role"),
    ("teams.models.person", "teams.rules.is_admin"),
    ("alignment.selectors.flags", "alignment.narrative.flags.flag_line"),
    ("alignment.engine.flags", "alignment.flags.FLAGS"),
    ("alignment.refresh.recompute", "alignment.services.links"),
    ("alignment.effects", "alignment.refresh.recompute"),
    ("digest.sections.flags", "digest.services.building"),
]
FINE = [
    ("config.urls", "web.people.views.person_list"),
    ("web.teams.views", "alignment.selectors.figures"),
    ("web.teams.views", "web.goals.rows"),
    ("web.digests.views", "digest.upcoming.next_digest"),
    ("accounts.adapter", "accounts.services.invitations.choose_password"),
    ("exchange.services", "alignment.refresh.recompute"),
    ("strategy.selectors.goals", "lib.http.access.query"),
    ("alignment.narrative.flags", "strategy.narrative.goal_name"),
    ("alignment.services.links", "alignment.refresh.edits"),
    ("demo.story.working", "alignment.services.links"),
    ("config.management.commands.demo", "demo.building"),
]


@pytest.mark.parametrize(("importer", "target"), BREACHES)
def test_order_finds_a_breach(importer: str, target: str):
    assert breach(importer, target)


@pytest.mark.parametrize(("importer", "target"), FINE)
def test_order_allows_what_goes_downward(importer: str, target: str):
    assert not breach(importer, target)


def test_imports_keep_the_order():
    breaches = [
        f"{path.relative_to(ROOT)} imports {target}: {why}"
        for path in modules()
        for target in imported(path)
        if (why := breach(module_name(path), target))
    ]

    assert breaches == []


def test_every_module_of_an_app_is_in_a_layer():
    """A module of another name would slip through the order."""
    unknown = {
        f"{app}/{path.name}"
        for app, layers in LAYERS.items()
        for path in (ROOT / app).iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem not in {*layers, *OUTSIDE_OF_LAYERS}
    }

    assert unknown == set()


def test_every_folder_with_code_has_a_place():
    """Of the tools that are no part of the product, too."""
    folders = {path.name for path in ROOT.iterdir() if any(path.glob("*.py"))}

    assert folders - {*APPS} == {"tests", "tools"}


CALL_THE_BROKER = {"lib.programs.waking", "lib.programs.retrying"}
"""The waking thread, and what tasks share. Beside them only tasks do, and what starts workers (`config`)."""


def calls_the_broker(name: str) -> bool:
    """Whether a full name is Celery's, or of the tasks of an app."""
    package = name.split(".")[0]
    return package in {"celery", "kombu"} or (package in APPS and layer(name) == "tasks")


def test_nothing_that_a_request_reaches_calls_the_broker():
    found = []
    for path in modules():
        name = module_name(path)
        if name in CALL_THE_BROKER or name.split(".")[0] == "config" or layer(name) == "tasks":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(name, alias.name) for alias in node.names if calls_the_broker(alias.name)]
            elif isinstance(node, ast.ImportFrom):
                targets = [f"{node.module}.{alias.name}" for alias in node.names]
                found += [(name, target) for target in targets if calls_the_broker(target)]
    assert found == []


def test_broker_is_known_by_its_names():
    assert calls_the_broker("celery.current_app")
    assert calls_the_broker("accounts.tasks.send_resets")
    assert not calls_the_broker("lib.programs.waking.wake")
