"""The window's own commands, registered in one place. Panels register theirs; this is not for what they do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from twin_app.settings import changed
from twin_app.text import LANGUAGES, N_
from ui.commands import Command
from ui.docks import PRESETS
from ui.rounds import step

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.docks import DockSpec
    from ui.main_window import MainWindow
    from ui.panels.inspector import InspectorPanel

FILE, VIEW, HELP = N_("File"), N_("View"), N_("Help")
THEMES = {"system": N_("As the desktop"), "light": N_("Light"), "dark": N_("Dark")}
PALETTES = {"calm": N_("Calm: colour only where a person is needed"), "andon": N_("Andon: green where machines run")}
SCALE_STEP = 0.1
INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class With:
    """Calls something with one argument, whatever Qt passes along (`triggered` passes the check mark)."""

    run: Callable[[str], None]
    argument: str

    def __call__(self, *_: object) -> None:
        """Do it."""
        self.run(self.argument)


def register(window: MainWindow, specs: tuple[DockSpec, ...]) -> None:
    """Add every command of the window to its registry."""
    window.kpi_strip.hidden_chosen.connect(partial(_hide_figures, window))
    if any(spec.key == INSPECTOR for spec in specs):
        window.kpi_strip.figure_wanted.connect(partial(_open_figure, window))
        window.kpi_strip.let_open()
    _register_file(window)
    _register_view(window, specs)
    add = window.commands.add
    add(Command(id="help.search", text=N_("Search everything…"), keys=("Ctrl+K",), menu=HELP), window.dialogs.show_palette)
    add(Command(id="help.shortcuts", text=N_("Keyboard and mouse"), keys=("F1", "?"), menu=HELP), window.dialogs.show_shortcuts)
    add(Command(id="help.effort", text=N_("Frame work…"), menu=HELP), window.dialogs.show_effort)
    add(Command(id="help.about", text=N_("About"), menu=HELP), window.dialogs.show_about)


def _hide_figures(window: MainWindow, hidden: str) -> None:
    """Leave some figures out of the strip, and remember it."""
    window.change_settings(changed(window.settings, "window.hidden_figures", hidden))


def _step(window: MainWindow, by: int, *_: object) -> None:
    """Give the keyboard to the next or previous panel of the window that is looked at."""
    step(window.screens.here.dock_area, by)


def _open_figure(window: MainWindow, unit: str, figure: str) -> None:
    """Show what a figure of the strip is made of."""
    window.selection.select(unit)
    window.screens.reveal(INSPECTOR)
    panel = window.screens.area_of(INSPECTOR).panels.get(INSPECTOR)
    if panel is not None:
        cast("InspectorPanel", panel).open_figure(figure)


def _register_file(window: MainWindow) -> None:
    """Opening, settings, leaving."""
    add = window.commands.add
    add(Command(id="file.open", text=N_("Open layout…"), keys=("Ctrl+O",), menu=FILE), window.dialogs.ask_for_layout)
    add(Command(id="file.recording", text=N_("Open recording…"), keys=("Ctrl+Alt+O",), menu=FILE), window.dialogs.ask_for_recording)
    add(Command(id="file.import", text=N_("Import a table…"), keys=("Ctrl+Alt+I",), menu=FILE), window.dialogs.ask_for_table)
    add(Command(id="file.connect", text=N_("Connect to a plant…"), keys=("Ctrl+Shift+O",), menu=FILE), window.dialogs.ask_for_plant)
    add(Command(id="file.discover", text=N_("Discover a broker…"), keys=("Ctrl+Shift+D",), menu=FILE), window.dialogs.ask_for_broker)
    add(Command(id="file.sample", text=N_("Play the sample line"), menu=FILE), window.open_sample)
    add(Command(id="file.calendar", text=N_("Calendar of recordings…"), keys=("Ctrl+Shift+C",), menu=FILE), window.finding.show_calendar)
    add(Command(id="file.find", text=N_("Search recordings…"), keys=("Ctrl+F",), menu=FILE), window.finding.show_search).setEnabled(False)
    compare = Command(id="file.compare", text=N_("Compare two shifts…"), keys=("Ctrl+Shift+K",), menu=FILE)
    add(compare, window.finding.show_comparison).setEnabled(False)
    training = Command(id="file.training", text=N_("Trainees and their attempts…"), keys=("Ctrl+Alt+B",), menu=N_("Playback"))
    add(training, window.dialogs.show_training).setEnabled(False)
    window.top_bar.name_of = window.station.name_of
    window.top_bar.trainee.clicked.connect(window.dialogs.show_training)
    add(Command(id="file.report", text=N_("Shift handover…"), keys=("Ctrl+H",), menu=FILE), window.dialogs.ask_for_report)
    add(Command(id="file.export", text=N_("Export samples…"), keys=("Ctrl+E",), menu=FILE), window.dialogs.ask_for_export)
    add(Command(id="file.video", text=N_("Video of a span…"), keys=("Shift+F12",), menu=FILE), window.dialogs.ask_for_video)
    add(Command(id="file.close", text=N_("Close the line"), keys=("Ctrl+W",), menu=FILE), window.close_line)
    add(Command(id="file.settings", text=N_("Settings…"), keys=("Ctrl+,",), menu=FILE), window.dialogs.show_settings)
    add(Command(id="file.quit", text=N_("Quit"), keys=("Ctrl+Q",), menu=FILE), window.quit)


def _register_view(window: MainWindow, specs: tuple[DockSpec, ...]) -> None:
    """Arrangements, panels, theme, language, text size, full screen."""
    add = window.commands.add
    for number, preset in enumerate(PRESETS, 1):
        command = Command(id=f"view.preset.{preset.key}", text=preset.title, keys=(f"Ctrl+{number}",), menu="Arrangement", checkable=True)
        add(command, With(window.use_preset, preset.key))
    add(Command(id="view.reset", text=N_("Reset layout"), menu="Arrangement"), window.reset_layout)
    for spec in specs:
        add(
            Command(id=f"view.panel.{spec.key}", text=spec.title, menu="Panels", checkable=True),
            With(window.screens.toggle_panel, spec.key),
        )
    add(Command(id="view.panels.next", text=N_("Next panel"), keys=("F6",), menu="Panels"), partial(_step, window, 1))
    add(Command(id="view.panels.previous", text=N_("Previous panel"), keys=("Shift+F6",), menu="Panels"), partial(_step, window, -1))
    for key, title in THEMES.items():
        add(Command(id=f"view.theme.{key}", text=title, menu="Theme", checkable=True), With(window.use_theme, key))
    for key, title in PALETTES.items():
        add(Command(id=f"view.palette.{key}", text=title, menu="Theme", checkable=True), With(window.use_palette, key))
    for code, title in {"system": N_("As the desktop"), **LANGUAGES}.items():
        add(Command(id=f"view.language.{code}", text=title, menu="Language", checkable=True), With(window.use_language, code))
    add(Command(id="view.picture", text=N_("Save a picture of the window…"), keys=("F12",), menu=VIEW), window.dialogs.save_picture)
    add(Command(id="view.overview", text=N_("Watch several lines…"), keys=("Ctrl+Shift+X",), menu=VIEW), window.dialogs.ask_for_lines)
    add(Command(id="view.text.larger", text=N_("Larger text"), keys=("Ctrl++", "Ctrl+="), menu=VIEW), window.enlarge_text)
    add(Command(id="view.text.smaller", text=N_("Smaller text"), keys=("Ctrl+-",), menu=VIEW), window.reduce_text)
    add(Command(id="view.fullscreen", text=N_("Full screen"), keys=("F11",), menu=VIEW, checkable=True), window.screens.toggle_full_screen)
