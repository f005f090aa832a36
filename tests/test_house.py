"""The house rules that can be read off the code: who imports whom, how long a file is, what is never used."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("models", "mnist_viz", "pages", "scripts")
FILES = [Path("app.py"), *sorted(p.relative_to(ROOT) for folder in FOLDERS for p in (ROOT / folder).rglob("*.py"))]

# From the front door inwards: a room imports its own kind and what stands behind it, never what stands before it.
ORDER = [
    "pages",
    "mnist_viz.ui",
    "mnist_viz.server",
    "mnist_viz.jobs",
    "middle",
    "mnist_viz.runs",
    "mnist_viz.data",
    "mnist_viz.plan",
    "mnist_viz.text",
]
MIDDLE = {"mnist_viz.analysis", "mnist_viz.figures", "mnist_viz.training"}
HEAVY = {"torch", "captum", "umap", "sklearn", "scipy", "numba", "kornia"}
LIMITS = {"app.py": 40, "pages": 100}


def imports(path: Path, *, top_only: bool = False) -> set[str]:
    """The dotted names a file imports, everywhere or only when it is loaded."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(name: str) -> str:
    """The room a dotted name or file lies in, as named in ORDER; '' for what is not ours."""
    parts = name.split(".")
    if parts[0] in ("pages", "models", "scripts", "app"):
        return parts[0]
    if parts[0] != "mnist_viz" or len(parts) < 2:
        return ""
    two = ".".join(parts[:2])
    return "middle" if two in MIDDLE else two


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


@pytest.mark.parametrize("path", [path for path in FILES if room(dotted(path)) in ORDER], ids=str)
def test_imports_run_one_way(path: Path) -> None:
    own = room(dotted(path))
    behind = ORDER[ORDER.index(own) :]
    for name in imports(path):
        other = room(name)
        if other in ORDER:
            assert other in behind, f"{path} imports {name}, which stands before it"
        assert other not in ("scripts", "app"), f"{path} imports {name}"


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[0] == "models"], ids=str)
def test_models_import_torch_and_plans_and_nothing_else(path: Path) -> None:
    allowed = {"torch", "models", *sys.stdlib_module_names}
    others = {name for name in imports(path) if name.split(".")[0] not in allowed}
    assert {room(name) for name in others} <= {"mnist_viz.plan"}


def test_plans_need_nothing_but_words() -> None:
    for path in FILES:
        if path.parts[:2] == ("mnist_viz", "plan"):
            ours = {name for name in imports(path) if name.split(".")[0] not in sys.stdlib_module_names}
            assert {room(name) for name in ours} <= {"mnist_viz.plan", "mnist_viz.text"}, str(path)


def test_only_pages_ui_and_server_know_streamlit() -> None:
    for path in FILES:
        inside = path.parts[0] == "pages" or path.parts[:2] in (("mnist_viz", "ui"), ("mnist_viz", "server"))
        if not inside and path.name != "app.py":
            assert not any(n.split(".")[0] == "streamlit" for n in imports(path)), f"{path} imports Streamlit"


def test_pages_import_no_engine() -> None:
    for path in FILES:
        if path.parts[0] == "pages":
            roots = {name.split(".")[0] for name in imports(path)}
            assert not roots & (HEAVY | {"subprocess", "models"}), f"{path} imports {roots}"


def test_figures_need_no_torch() -> None:
    for path in FILES:
        if path.parts[:2] == ("mnist_viz", "figures"):
            assert not {name.split(".")[0] for name in imports(path)} & HEAVY


def test_launch_and_loop_meet_only_at_the_command_line() -> None:
    names = imports(Path("mnist_viz/training/launch.py"))
    assert not any("training.fit" in name or "training.worker" in name for name in names)


def test_the_loop_is_imported_only_by_the_trainer() -> None:
    for path in FILES:
        if path.parts[:2] != ("mnist_viz", "training"):
            assert not any(".training.fit" in n or ".training.worker" in n for n in imports(path)), str(path)


def test_app_and_pages_load_without_the_heavy_libraries() -> None:
    """Importing everything a first page needs brings none of them: they come when first needed."""
    script = (
        "import sys, importlib, pathlib\n"
        "for path in sorted(pathlib.Path('mnist_viz/ui').rglob('*.py')):\n"
        "    importlib.import_module('.'.join(path.with_suffix('').parts).removesuffix('.__init__'))\n"
        "import mnist_viz.server.routes, mnist_viz.server.start\n"
        f"print(sorted(set(sys.modules) & {HEAVY!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


SCRIPTS = sorted(p.relative_to(ROOT) for p in (ROOT / "mnist_viz").rglob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=str)
def test_a_script_is_short_and_begins_with_its_promise(path: Path) -> None:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("// ") and len(lines) <= 250, f"{path} has {len(lines)} lines"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_is_short_and_begins_with_its_promise(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    limit = LIMITS.get(str(path), LIMITS.get(path.parts[0], 250))
    assert text.count("\n") <= limit, f"{path} is longer than {limit} lines: split it along its seam"
    assert ast.get_docstring(ast.parse(text)), f"{path} does not say what it promises"


def test_no_room_is_named_after_nothing() -> None:
    for path in FILES:
        assert not {"utils", "helpers", "manager", "service", "core", "misc", "common"} & {
            path.stem,
            *path.parts,
        }


def test_nothing_is_pickled() -> None:
    for path in FILES:
        text = (ROOT / path).read_text(encoding="utf-8")
        assert "pickle" not in {name.split(".")[0] for name in imports(path)}, str(path)
        assert not re.search(r"allow_pickle=True|(?<!safetensors\.)torch\.load", text), str(path)


def test_every_dependency_is_pinned_and_has_its_reason() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and line[0].isalpha():
                requirement, _hash, reason = line.partition("#")
                assert "==" in requirement and len(reason.strip()) > 10, line


def test_every_test_file_has_a_name_of_its_own() -> None:
    """Folders in tests are no packages: two files of one name would hide each other."""
    names = [path.name for path in (ROOT / "tests").glob("*/test_*.py")]
    assert sorted(names) == sorted(set(names))
