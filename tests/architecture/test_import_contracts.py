"""Every import contract is kept, and was seen to break when it was violated."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = "Imports point inwards, and rooms of one layer are strangers"
GATEWAYS = "Gateways speak to the core and to those who listen, to nothing else"
STRANGERS = "Gateways are strangers"
PROTOCOLS = "A wire protocol is pure: the standard library and the JSON codec"
CORE = "The core does no I/O"
SETTINGS = "Settings are handed down as plain values"
SETTING_VALUES = "What a setting may say is asked by the settings alone"
SETTINGS_ALONE = "Settings know nothing of what is set with them"
ROWS = "Rows never leave the storage"

# The contract, the module that is given the import, and what it then imports.
VIOLATIONS = [
    (LAYERS, "server", "cli"),
    (LAYERS, "gateways.planted", "server"),
    (LAYERS, "gateways.planted", "settings"),
    (LAYERS, "realtime.planted", "gateways.planted"),
    (LAYERS, "storage.planted", "realtime.planted"),
    (LAYERS, "realtime.planted", "storage.planted"),
    (LAYERS, "adapters.planted", "storage.planted"),
    (LAYERS, "storage.planted", "settings"),
    (LAYERS, "core.planted", "storage.planted"),
    (LAYERS, "core.planted", "realtime.planted"),
    (GATEWAYS, "gateways.planted", "storage.planted"),
    (GATEWAYS, "gateways.planted", "adapters.planted"),
    (STRANGERS, "gateways.rest.planted", "gateways.phoenix.planted"),
    (STRANGERS, "gateways.phoenix.planted", "gateways.rest.planted"),
    (PROTOCOLS, "gateways.phoenix.protocol", "core.planted"),
    (PROTOCOLS, "gateways.phoenix.protocol", "litestar"),
    (PROTOCOLS, "gateways.phoenix.protocol", "asyncio"),
    (PROTOCOLS, "gateways.phoenix.frames", "socket"),
    (CORE, "core.planted", "sqlalchemy"),
    (CORE, "core.planted", "litestar"),
    (CORE, "core.planted", "websockets"),
    (CORE, "core.planted", "socket"),
    (CORE, "core.planted", "settings"),
    (SETTINGS, "adapters.planted", "settings"),
    (SETTING_VALUES, "server", "secret_file"),
    (SETTINGS_ALONE, "settings", "core.planted"),
    (SETTINGS_ALONE, "secret_file", "storage.planted"),
    (ROWS, "gateways.planted", "sqlalchemy"),
    (ROWS, "server", "asyncpg"),
    (ROWS, "realtime.planted", "alembic"),
]
EXTERNAL = {
    *("litestar", "websockets", "asyncio", "socket"),
    *("sqlalchemy", "alembic", "asyncpg"),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what is said of each contract in a tree with all the violations planted in it."""
    tree = _copy_of_the_tree(tmp_path_factory.mktemp("tree"))
    for _, importer, imported in VIOLATIONS:
        name = imported if imported in EXTERNAL else f"tertulia.{imported}"
        for module in {importer, imported} - EXTERNAL:
            _touch(tree, module)
        with _path(tree, importer).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {name}\n")
    _touch(tree, "unheard_of")
    _touch(tree, "gateways.unheard_of")
    return _lint(tree)


@pytest.mark.parametrize(("contract", "importer", "imported"), VIOLATIONS)
def test_an_import_against_the_arrows_breaks_its_contract(
    verdicts: dict[str, str], contract: str, importer: str, imported: str
) -> None:
    names = f"tertulia.{importer}", imported if imported in EXTERNAL else f"tertulia.{imported}"

    assert re.search(rf"{re.escape(names[0])}\s*->\s*{re.escape(names[1])}\b", verdicts[contract])


@pytest.mark.parametrize(
    ("contract", "module"), [(LAYERS, "tertulia"), (STRANGERS, "tertulia.gateways")]
)
def test_a_room_that_no_layer_names_breaks_the_contract(
    verdicts: dict[str, str], contract: str, module: str
) -> None:
    assert f"{module}.unheard_of" in verdicts[contract]


def test_every_contract_was_seen_to_break(verdicts: dict[str, str]) -> None:
    written = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    section = written[written.index("[tool.importlinter]") :]

    assert set(re.findall(r'(?m)^name = "(.+)"$', section)) == set(verdicts)


def _copy_of_the_tree(tree: Path) -> Path:
    for name in ("src", "scripts"):
        shutil.copytree(
            ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "dist")
        )
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


def _path(tree: Path, module: str) -> Path:
    path = tree.joinpath("src", "tertulia", *module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _touch(tree: Path, module: str) -> None:
    path = _path(tree, module)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    (path.parent / "__init__.py").touch()


def _lint(tree: Path) -> dict[str, str]:
    """Return the text about each broken contract in import-linter's report."""
    report = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src"), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.returncode == 1, report.stdout + report.stderr
    details = report.stdout.partition("Broken contracts")[2]
    parts = re.split(r"(?m)^(.+)\n-+\n", details)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
