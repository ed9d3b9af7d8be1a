"""What the mouse does where, in words, as F1 lists it below the keys. Not for doing it: see `timeline.pointer`, `scene3d` and `plots`."""

from __future__ import annotations

from twin_app.text import N_

GESTURES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        N_("Mouse on the timeline"),
        (
            (N_("Drag on the axis or the playhead"), N_("Move in time")),
            (N_("Click on a lane"), N_("Go there and select the machine")),
            (N_("Drag on the lanes"), N_("Select a stretch, with its table")),
            (N_("Wheel"), N_("Zoom at the pointer")),
            (N_("Shift+wheel, middle button, Shift+drag"), N_("Move along")),
            (N_("Wheel over the names"), N_("Scroll the lanes")),
            (N_("Double click"), N_("Show everything")),
            (N_("Click, double click on a bookmark"), N_("Go there, write beside it")),
            (N_("Click on a group's name"), N_("Fold or unfold it")),
        ),
    ),
    (
        N_("Mouse in the hall"),
        (
            (N_("Drag"), N_("Turn the room; move along on a plan")),
            (N_("Right or middle button"), N_("Move along; tilt a plan")),
            (N_("Wheel"), N_("Come closer to what is under the pointer")),
            (N_("Click"), N_("Select a machine")),
            (N_("Shift+drag"), N_("Choose from several machines")),
            (N_("Double click"), N_("Fly to the machine, on the floor to the whole line")),
        ),
    ),
    (
        N_("Mouse on curves"),
        (
            (N_("Wheel"), N_("Zoom at the pointer")),
            (N_("Drag, Shift+wheel"), N_("Move along")),
            (N_("Click"), N_("Go there")),
            (N_("Drag a signal onto a plot"), N_("Add its curve")),
        ),
    ),
)
"""Places with what the mouse does there: gesture, effect."""
