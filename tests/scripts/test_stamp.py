"""Steps that are done once."""

from pathlib import Path

import pytest

from scripts import stamp
from scripts.stamp import do_once


class Step:
    """A step with one input and one output, which counts how often it was done."""

    def __init__(self, folder: Path) -> None:
        self.input = folder / "input"
        self.output = folder / "output"
        self.times = 0
        self.is_broken = False
        self.input.write_text("first")

    def do(self, version: str = "") -> int:
        """Return how often the step was done in all."""
        do_once("step", self._work, inputs=[self.input], outputs=[self.output], version=version)
        return self.times

    def _work(self) -> None:
        self.times += 1
        if self.is_broken:
            raise ConnectionError
        self.output.write_text(self.input.read_text())


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Step:
    """Return a step in a tree of its own."""
    monkeypatch.setattr(stamp, "ROOT", tmp_path)
    monkeypatch.setattr(stamp, "STAMPS", tmp_path / "stamps")
    return Step(tmp_path)


def test_a_step_is_not_done_again_for_the_same_inputs(step: Step) -> None:
    assert [step.do(), step.do()] == [1, 1]


def test_an_input_that_was_only_touched_is_the_same_input(step: Step) -> None:
    step.do()
    step.input.write_text(step.input.read_text())

    assert step.do() == 1


def test_a_changed_input_has_the_step_done_again(step: Step) -> None:
    step.do()
    step.input.write_text("second")

    assert step.do() == 2


def test_another_version_has_the_step_done_again(step: Step) -> None:
    assert [step.do("3.11"), step.do("3.12")] == [1, 2]


def test_an_output_that_is_gone_has_the_step_done_again(step: Step) -> None:
    step.do()
    step.output.unlink()

    assert step.do() == 2


def test_a_step_that_failed_is_not_taken_for_done(step: Step) -> None:
    step.do()
    step.input.write_text("second")
    step.is_broken = True
    with pytest.raises(ConnectionError):
        step.do()
    step.is_broken = False

    assert [step.do(), step.do()] == [3, 3]
