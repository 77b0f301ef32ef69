"""The laws that can be read off the source."""

import ast
import re
from functools import cache
from pathlib import Path

from anju.rules.permissions import WORDS as PERMISSION_WORDS
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from anju.web.words import WORDS
from tests.house.source import (
    APPS,
    ROOT,
    SOURCE,
    calls,
    functions,
    modules,
    tracked,
    where,
)

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
VAGUE = {"utils", "common", "core", "helpers", "misc", "manager"}
HOSTS = re.compile("python" + "hosted|npm" + r"js\.|npm" + r"mirror|py" + r"pi\.o|//de" + r"b\.")
MACHINE = re.compile("/wo" + "rk/|/ro" + "ot/|/ho" + "me/[a-z]|/tm" + "p/[a-z]+/[a-z]")
PLACES_FOR_BYTES = {".png", ".woff2", ".ttf", ".otf", ".pdf", ".xlsx", ".ico"}


def test_folder_every_app_is_in_the_house() -> None:
    found = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert found == set(APPS)


def test_file_has_a_telling_name() -> None:
    assert not [where(path) for path, _ in modules() if path.stem in VAGUE]


def test_file_for_a_spreadsheet_is_written_where_no_cell_becomes_a_formula() -> None:
    """Whoever writes .xlsx or .csv by other means than these two has not been held against `=`, `＝` and their like."""
    writing = re.compile(r"\bcsv\.(?:Dict)?[Ww]riter\(|\bxlsxwriter\.Workbook\(|\bopenpyxl\b")
    found = {where(path) for path, _ in modules() if writing.search(path.read_text())}
    assert found == {"src/anju/base/sheet_export.py", "src/anju/base/sheets.py", "src/anju/web/trail/export.py"}


def test_file_stays_under_its_stop() -> None:
    long = [path for path in tracked() if path.suffix == ".py" and len(path.read_text().splitlines()) > _stop(path)]
    assert not [where(path) for path in long]


def _stop(path: Path) -> int:
    return 700 if "/tests/" in str(path) else 500


def test_function_stays_under_forty_lines() -> None:
    long = [
        f"{where(path, node)} {node.name}"
        for path, tree in modules()
        for node in functions(tree)
        if _body_lines(node) > 40
    ]
    assert not long


def test_view_stays_under_twenty_five_lines() -> None:
    long = [
        f"{where(path, node)} {node.name}"
        for path, tree in modules("web")
        if path.stem.startswith("views")
        for node in functions(tree)
        if _body_lines(node) > 25
    ]
    assert not long


def _body_lines(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_service_takes_an_actor_by_name() -> None:
    """What others call and what writes takes an actor and the moment, by name. What only its own services call is theirs to shape."""
    without = [
        f"{where(path, node)} {node.name}"
        for app in ("base", "places", "accounts", "registry", "cases", "inspections", "disclosure", "reports")
        for called in [_called_from_outside(app)]
        for path, tree in modules(f"{app}/services")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in called and _writes(node)
        if not {"actor", "at"} <= {argument.arg for argument in node.args.kwonlyargs}
    ]
    assert not without


def _called_from_outside(app: str) -> set[str]:
    return {
        name
        for where_from, module, name in _imports()
        if module.startswith(f"anju.{app}.services") and f"/anju/{app}/services/" not in where_from
    }


@cache
def _imports() -> frozenset[tuple[str, str, str]]:
    """Return every `from MODULE import NAME` of the source, with the file it stands in."""
    return frozenset(
        (path.as_posix(), node.module or "", name.name)
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    )


def _writes(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr in WRITES | {"record"} for part in ast.walk(node))


def test_door_writes_nothing() -> None:
    """The upper floor never touches rows to change them: no write method on anything that came from the ORM."""
    writing = [
        where(path, call)
        for path, tree in modules("web", "papers")
        for name in WRITES
        for call in calls(tree, name)
        if _is_orm(call)
    ]
    assert not writing


def _is_orm(call: ast.Call) -> bool:
    source = ast.unparse(call.func)
    return ".objects" in source or source.endswith((".save", ".delete")) or source.startswith("self.instance")


def test_refusal_has_words_and_words_have_a_refusal() -> None:
    raised = {
        str(call.args[0].value)
        for _, tree in modules()
        for call in calls(tree, "Refused")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert raised == set(WORDS)


def test_refusal_code_is_written_out() -> None:
    """A computed code could not be checked for words."""
    computed = [
        where(path, call)
        for path, tree in modules()
        for call in calls(tree, "Refused")
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert not computed


def test_permission_is_in_a_role_and_has_words() -> None:
    granted = {permission for role in ROLES.values() for permission in role.permissions}
    assert granted == set(Permission) == set(PERMISSION_WORDS)


def test_model_stands_in_the_glossary() -> None:
    from django.apps import apps

    glossary = (ROOT / "docs" / "glossary.md").read_text()
    ours = [model.__name__ for model in apps.get_models() if model.__module__.startswith("anju.")]
    assert not [name for name in ours if f"`{name}`" not in glossary]


def test_file_names_no_registry_host() -> None:
    assert not [where(path) for path in _texts() if HOSTS.search(path.read_text())]


def test_file_names_no_machine() -> None:
    assert not [where(path) for path in _texts() if MACHINE.search(path.read_text())]


def _texts() -> list[Path]:
    return [path for path in tracked() if path.suffix not in PLACES_FOR_BYTES]


def test_file_is_small_enough_to_be_ours() -> None:
    assert not [where(path) for path in tracked() if path.stat().st_size > 600_000]


def test_dependency_has_a_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    named = [line for line in lines if re.match(r'  "[A-Za-z]', line) and line.rstrip().endswith(('",', "#"))]
    assert not named


def test_unfinished_mark_is_nowhere() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "X" + "XX")
    assert not [where(path) for path, _ in modules() if any(mark in path.read_text() for mark in marks)]


def test_permissions_document_says_what_the_code_says() -> None:
    from tools.permissions_table import TARGET, document

    assert TARGET.read_text() == document()
