"""The order of imports, as DESIGN.md (*Order*) states it.

Between apps: lib ← teams ← strategy ← alignment ← config, the right may import the left. Inside an app: enums ←
models ← rules ← selectors ← narrative ← services ← tasks ← interface; alignment's refresh stands beside its services,
above its narrative: services call it, and it calls none of them. Interface modules stand above all apps: they may read
any of them, and only config and other interface modules import them. demo is one of them as a whole: only config
imports it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("lib", "teams", "strategy", "alignment", "demo", "config")
INTERFACE = {"views", "forms", "urls", "api", "admin", "management", "templatetags", "accounts"}
LAYERS = (
    "enums",
    "engine",
    "flags",
    "models",
    "rules",
    "selectors",
    "narrative",
    "bundle",
    "digest",
    "refresh",
    "services",
    "actions",
    "tasks",
)
OUTSIDE_OF_LAYERS = {"apps", "migrations", "__init__"}

Import = tuple[str, str]


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
            found = [ast.literal_eval(node.args[0])]
        else:
            continue
        yield from (name for name in found if name.split(".")[0] in APPS)


def layer(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def breach(importer: str, target: str) -> str:
    """Why `importer` may not import `target`, or ''."""
    app, other = importer.split(".")[0], target.split(".")[0]
    if app == "config" or app == other == "demo":
        return ""
    if other == "demo":
        return "only config imports the demo"
    below, above = APPS.index(other), APPS.index(app)
    own_layer, other_layer = layer(importer), layer(target)
    if other != "lib" and other_layer in INTERFACE and own_layer not in INTERFACE and app != "demo":
        return "only config and the interface import interface modules"
    if app == "lib" and other != "lib":
        return "lib imports no app"
    if app == "demo" or (own_layer in INTERFACE and app != "lib"):
        return "" if other != "config" else "nothing imports config"
    if below > above:
        return f"{app} is below {other}"
    if app == other and {own_layer, other_layer} <= set(LAYERS) and LAYERS.index(other_layer) > LAYERS.index(own_layer):
        return f"{own_layer} is below {other_layer}"
    return ""


BREACHES = [
    ("lib.http", "teams.models.Person"),
    ("teams.models.person", "strategy.models.Goal"),
    ("strategy.services.goals", "alignment.refresh.recompute"),
    ("teams.services.people", "teams.forms.people.RoleForm"),
    ("teams.selectors.people", "teams.services.people.invite_person"),
    ("teams.models.person", "teams.rules.is_admin"),
    ("alignment.selectors.flags", "alignment.narrative.flags.flag_line"),
    ("alignment.narrative.flags", "alignment.digest.content.Content"),
    ("strategy.narrative", "alignment.narrative.flags.flag_line"),
    ("alignment.engine.flags", "alignment.flags.FLAGS"),
    ("alignment.tasks", "teams.views.people.person_list"),
    ("teams.views.people", "config.settings"),
    ("alignment.refresh.recompute", "config.celery.app"),
    ("alignment.refresh.recompute", "alignment.services.links"),
    ("alignment.selectors.effects", "alignment.refresh.recompute"),
    ("teams.views.people", "demo.cast.CAST"),
    ("demo.building", "config.settings"),
]
FINE = [
    ("config.urls", "teams.views.people.person_list"),
    ("teams.views.teams", "alignment.selectors.figures"),
    ("teams.views.people", "teams.forms.people.RoleForm"),
    ("teams.services.people", "teams.selectors.company.company"),
    ("alignment.refresh.recompute", "teams.models.Person"),
    ("alignment.services.bundle", "alignment.refresh.recompute"),
    ("strategy.selectors.goals", "lib.http.query"),
    ("alignment.narrative.flags", "strategy.narrative.goal_name"),
    ("alignment.narrative.flags", "alignment.selectors.flags.FlagLinks"),
    ("alignment.rules", "alignment.flags.kind_of"),
    ("demo.story.working", "alignment.services.links"),
    ("demo.building", "demo.cast.CAST"),
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


def test_pages_draw_narrative_and_no_sections_of_the_digest():
    """What is said to one alone is said once: what moved coverage is still told by the digest's table of causes."""
    borrowed = {
        f"{path.relative_to(ROOT)} imports {target}"
        for path in modules()
        if layer(module_name(path)) in INTERFACE
        for target in imported(path)
        if target.startswith("alignment.digest.sections") and not target.startswith("alignment.digest.sections.causes")
    }

    assert borrowed == set()


def test_every_module_of_an_app_is_in_a_layer():
    """A module of another name would slip through the order."""
    unknown = {
        f"{app}/{path.name}"
        for app in ("teams", "strategy", "alignment")
        for path in (ROOT / app).iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists())
        and path.stem not in {*LAYERS, *INTERFACE, *OUTSIDE_OF_LAYERS}
    }

    assert unknown == set()
