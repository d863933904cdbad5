"""Whatever the product logs is registered, and whatever is registered it logs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import demo.actions
from lib.log.actions import actions
from tests.test_imports import APPS

ROOT = Path(__file__).resolve().parent.parent
assert demo.actions.BUILT  # registered by import, as the app itself is there with DEMO=1 alone


RECORDS = {"record", "record_all"}


def logging_functions(trees: dict[str, ast.Module]) -> dict[tuple[str, str], int]:
    """Functions that take the name of an action, by module and name, with the place of that parameter."""
    found = {}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [each.arg for each in node.args.args]
                if "action" in names and logs(node):
                    found[module, node.name] = names.index("action")
    return found


def logs(node: ast.FunctionDef) -> bool:
    """It is `record` or `record_all` itself, or hands its action over to one."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return node.name in RECORDS or any(
        getattr(call.func, "id", "") in RECORDS and getattr(call.args[0], "id", "") == "action" for call in calls
    )


def texts(node: ast.expr, module: str) -> Iterator[str]:
    """What an expression for an action may be."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body, module)
        yield from texts(node.orelse, module)
    elif isinstance(node, ast.Name) and node.id not in {"action"}:
        value: Any = getattr(import_module(module), node.id, None)
        assert value is not None, f"{module} logs {node.id}, and nobody can tell what that is"
        yield value


def logged() -> dict[str, str]:
    """By each action that the product logs, a module that does."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    trees = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
        if "migrations" not in path.parts
    }
    functions = logging_functions(trees)
    found: dict[str, str] = {}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = getattr(import_module(module), node.func.id, None)
                place = functions.get((getattr(called, "__module__", ""), node.func.id), len(node.args))
                if place < len(node.args):
                    found.update(dict.fromkeys(texts(node.args[place], module), module))
    return found


def test_what_is_logged_is_what_is_registered():
    assert logged().keys() == actions().keys()
