"""The file of the secrets that nobody set."""

import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tertulia.secret_file import FILE_NAME, SECRET_BYTES, keep_secrets


def test_only_the_owner_reads_the_file_and_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "var"

    keep_secrets(folder, ["A"])

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    keep_secrets(tmp_path, ["A"])
    (tmp_path / FILE_NAME).chmod(0o644)

    keep_secrets(tmp_path, ["A"])

    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_every_secret_is_its_own_and_long(tmp_path: Path) -> None:
    secrets = keep_secrets(tmp_path, ["A", "B"])

    assert secrets["A"] != secrets["B"]
    assert min(map(len, secrets.values())) >= SECRET_BYTES


def test_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        answers = list(pool.map(keep_secrets, [folder] * 8, [("A", "B")] * 8))

    assert answers == [answers[0]] * 8


def test_secrets_added_later_leave_the_earlier_ones_alone(tmp_path: Path) -> None:
    earlier = keep_secrets(tmp_path, ["A"])

    both = keep_secrets(tmp_path, ["A", "B"])

    assert both["A"] == earlier["A"]
    assert keep_secrets(tmp_path, ["B"]) == {"B": both["B"]}


def test_where_nothing_is_asked_for_nothing_is_written(tmp_path: Path) -> None:
    assert keep_secrets(tmp_path / "var", []) == {}
    assert list((tmp_path / "var").iterdir()) == []


def test_a_draft_left_by_a_crash_is_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).with_suffix(".new").write_text("A=half wri")

    assert keep_secrets(tmp_path, ["A"]) == keep_secrets(tmp_path, ["A"])
