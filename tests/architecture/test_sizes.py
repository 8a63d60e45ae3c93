"""The limits on files, functions and imports, held for the whole source."""

import ast
import re

import pytest

from tests.architecture.source import ROOT, functions, modules, name, tree

MOST_FILE_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_PARAMETERS = 5
NOT_COUNTED = {"self", "cls", "session", "actor", "now"}
SIGNATURE_OF_A_LIBRARY = {("web/mail_util.py", "send_mail")}
EVERY_FILE = [*modules(), ROOT / "dev.py"]


def _length(function: ast.FunctionDef) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    text = ast.get_docstring(function, clean=False)
    return lines - (text.count("\n") + 1 if text else 0)


def _is_command(function: ast.FunctionDef) -> bool:
    return any("click" in ast.unparse(d) or ".command(" in ast.unparse(d) for d in function.decorator_list)


@pytest.mark.parametrize("path", EVERY_FILE, ids=name)
def test_a_file_stays_below_three_hundred_lines_and_says_what_it_holds(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_FILE_LINES
    assert ast.get_docstring(tree(path)), "a module says what it holds"


@pytest.mark.parametrize("path", EVERY_FILE, ids=name)
def test_a_function_stays_short_and_takes_few_parameters(path):
    for function in functions(path):
        assert _length(function) <= MOST_FUNCTION_LINES, function.name
        if not _is_command(function) and (name(path), function.name) not in SIGNATURE_OF_A_LIBRARY:
            every = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
            counted = [a.arg for a in every if a.arg not in NOT_COUNTED]
            assert len(counted) <= MOST_PARAMETERS, (function.name, counted)


@pytest.mark.parametrize("path", EVERY_FILE, ids=name)
def test_a_public_function_says_its_effect(path):
    nested = {child for f in functions(path) for child in ast.walk(f) if child is not f}
    for function in functions(path):
        if not function.name.startswith("_") and function not in nested:
            assert ast.get_docstring(function), function.name


@pytest.mark.parametrize("path", EVERY_FILE, ids=name)
def test_no_import_hides_in_a_function_and_no_work_is_put_off(path):
    for function in functions(path):
        hidden = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not hidden, function.name
    assert not re.search(r"#.*\b(TODO|FIXME|XXX)\b", path.read_text(encoding="utf-8"))


def test_only_the_database_module_commits():
    committing = [name(path) for path in modules() if re.search(r"\.commit\(", path.read_text(encoding="utf-8"))]
    assert committing == ["matcher/database.py"]


def test_the_domain_never_reads_a_clock():
    forbidden = re.compile(r"datetime\.now|date\.today|time\.time\(|utcnow")
    edges = {"matcher/commands"}
    reading = [
        name(path)
        for path in modules("matcher")
        if forbidden.search(path.read_text(encoding="utf-8")) and not any(name(path).startswith(e) for e in edges)
    ]
    assert reading == []


def test_only_the_settings_read_the_environment():
    reading = [
        name(path)
        for path in modules()
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8")) and name(path) != "matcher/settings.py"
    ]
    assert reading == ["web/commands/up.py"], "up.py hands its environment on to the processes that it starts"


def test_states_are_assigned_by_their_own_entities_only():
    assigning = []
    for path in modules():
        for node in ast.walk(tree(path)):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(t, ast.Attribute) and t.attr == "status" for t in targets):
                assigning.append(name(path))
    assert sorted(set(assigning)) == [
        "matcher/models/association.py",
        "matcher/models/need.py",
        "matcher/models/pairing.py",
    ]
