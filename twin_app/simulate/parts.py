"""How parts come into being and cease to be, and how events are written down. Not for where parts go: see `flow`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin_app.simulate.events import Kind

if TYPE_CHECKING:
    from twin_app.simulate.state import Machine, Part, Run

_ENTER, _LEAVE = Kind.ENTER, Kind.LEAVE


def note(run: Run, m: Machine, kind: int, value: float, cause: int) -> None:
    """Write an event down. Plain numbers only: the garbage collector soon leaves them alone."""
    run.log.append((run.now, m.u, kind, value, cause))


def be_born(run: Run, m: Machine, like: Part, cause: int) -> Part:
    """Return a new part with the product, the marks and the order of another one."""
    run.serial += 1
    run.inside += 1
    run.born_sum += run.now
    run.log.append((run.now, m.u, _ENTER, run.serial, cause))
    return [run.serial, like[1], run.now, like[3], like[4]]


def leave(run: Run, m: Machine, part: Part, cause: int) -> None:
    """Let a part cease to be."""
    now = run.now
    run.inside -= 1
    run.left_sum += now
    run.lived_ns += now - part[2]
    run.log.append((now, m.u, _LEAVE, part[0], cause))
