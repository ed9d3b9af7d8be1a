"""What another shift's machines are said to do in the hall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from tests.ui.shell import plant
from twin_app.model.packml import State
from ui.hall.ghosts import ghosts_of

if TYPE_CHECKING:
    from twin_app.finding.aligned import Aligned
    from twin_app.model.timeline import UnitNow


@dataclass
class Other:
    """A shift in which the filler was held, the capper ran, and nobody recorded the labeller."""

    name: str = "2026-11-20 Early"

    def unit_now(self, unit: str, _at_ns: int) -> UnitNow | None:
        state = {"M1": State.HELD, "M2": State.EXECUTE}.get(unit)
        return None if state is None else plant.unit_now(unit, state)


def test_that_only_what_another_shift_did_otherwise_is_told_in_words() -> None:
    line = plant.line()
    frame = plant.frame(line, dict.fromkeys(("M1", "M2", "M3"), State.EXECUTE))
    found = ghosts_of(cast("Aligned", Other()), frame, line)
    assert found is not None
    assert (found.title, dict(found.words)) == ("2026-11-20 Early", {"M1": ("‖", "Held"), "M2": ("▶", "")})
    assert ghosts_of(None, frame, line) is None
