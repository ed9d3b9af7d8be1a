"""Entering and leaving edit mode in the window: rights, the question about what is unsaved, files that others changed, and new layouts. Not the tools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox

from twin_app.assets import ROOT
from twin_app.editing import copies
from twin_app.errors import LayoutError
from twin_app.settings import APP
from twin_app.text import N_, tr
from ui.commands import Command
from ui.editing.commands import MENU, EditCommands
from ui.notify import Notice
from ui.opening import OpenRequest

if TYPE_CHECKING:
    from ui.editing.desk import EditDesk
    from ui.main_window import MainWindow

_CONFLICT = "edit:conflict"


class EditMode(QObject):
    """Serves one window."""

    def __init__(self, desk: EditDesk, window: MainWindow) -> None:
        """Register the commands."""
        super().__init__(window)
        self._desk, self._window = desk, window
        self._asking = False
        add = window.commands.add
        add(Command(id="file.new", text=N_("New layout…"), keys=("Ctrl+N",), menu=N_("File")), self.new)
        add(Command(id="edit.hall", text=N_("Edit the hall"), keys=("Ctrl+Shift+E",), menu=MENU, checkable=True), self._on_toggled)
        self.commands = EditCommands(desk, window.commands)
        desk.begun.connect(self._on_begun)
        desk.ended.connect(self._on_ended)
        desk.saved.connect(self._on_saved)
        desk.conflicted.connect(self._on_conflicted)
        window.layout_watch.changed.connect(desk.look)
        self.refresh()

    def refresh(self) -> None:
        """Tick and offer what means something now; the panels are there while a line is open or the hall is edited."""
        editing = self._desk.draft is not None
        action = self._window.commands.action("edit.hall")
        action.setChecked(editing)
        shown = self._window.view is not None or editing
        action.setEnabled(shown)
        self._window.dock_area.setVisible(shown)
        self._window.welcome.setVisible(not shown)
        self.commands.refresh()

    # -- entering -----------------------------------------------------------------------------------------------

    def _on_toggled(self, *_: object) -> None:
        """Edit the open line's hall, or leave it."""
        if self._desk.draft is not None:
            self.leave()
        elif self._window.view is not None:
            self._enter(self._window.view.line.path)
        self.refresh()

    def _enter(self, path: Path) -> None:
        """Edit a layout; of one that ships with the product a copy is edited."""
        if path.resolve().is_relative_to(ROOT / "models3d") and not self._desk.refusal():
            self._enter_copy(path)
        else:
            self._desk.begin(path)

    def _enter_copy(self, path: Path) -> None:
        """Ask where a copy is to lie, open the line by it and edit that."""
        window = self._window
        what = tr("This layout ships with the product and stays as it is. Save a copy of your own to edit.")
        window.notices.put(Notice(key="edit:copy", what=what, trouble=False))
        chosen = self._ask_for_file(tr("Save a copy to edit"), path.name)
        window.notices.drop("edit:copy")
        if chosen is None or window.request is None:
            return
        try:
            copies.copy(path, chosen)
        except LayoutError as error:
            window.notices.error(error)
            return
        frame = window.kpi_strip.frame
        at_ns = frame.at_ns if frame is not None and frame.span is not None and not frame.mode.at_end else None
        if window.open_line(replace(window.request, layout=chosen, sample=False, begin_at_ns=at_ns)):
            self._desk.begin(chosen)

    def new(self, *_: object) -> None:
        """Ask for a line's names, write a layout without machines, and edit it."""
        from ui.editing.new_dialog import NewDialog

        window = self._window
        refused = self._desk.refusal()
        if refused:
            window.notices.error(refused)
            return
        dialog = NewDialog(window)
        wanted = dialog.text() if dialog.exec() else None
        name = dialog.suggested()
        dialog.deleteLater()
        path = self._ask_for_file(tr("Save the new layout"), name) if wanted is not None else None
        if wanted is None or path is None or not self.leave():
            return
        try:
            copies.write(path, wanted)
        except LayoutError as error:
            window.notices.error(error)
            return
        window.close_line()
        self._desk.begin(path)

    def _ask_for_file(self, title: str, name: str) -> Path | None:
        """Ask where a layout is to lie; the desktop's dialog asks before a file is replaced."""
        last = self._window.settings.opened.layout
        folder = Path(last).parent if last else Path.home()
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, str(folder / name), tr("Layout of a line (*.toml)"))
        if not chosen:
            return None
        return Path(chosen) if chosen.endswith(".toml") else Path(f"{chosen}.toml")

    # -- leaving ------------------------------------------------------------------------------------------------

    def leave(self) -> bool:
        """Leave edit mode, having asked about what is unsaved; return whether it was left."""
        if not self.may_leave():
            return False
        self._desk.end()
        return True

    def may_leave(self) -> bool:
        """Ask what becomes of what is unsaved; return whether edit mode may be left."""
        draft = self._desk.draft
        if draft is None or not draft.dirty:
            return True
        asked = QMessageBox(self._window)
        asked.setIcon(QMessageBox.Icon.Warning)
        asked.setWindowTitle(tr("Edit the hall"))
        asked.setText(tr("The layout {file} has changes that are not saved.", file=draft.path.name))
        if draft.findings:
            rows = "\n".join(finding.sentence for finding in draft.findings[:4])
            asked.setInformativeText(tr("It cannot be saved before this is cured:\n{findings}", findings=rows))
        save = None if draft.findings else asked.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = asked.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        stay = asked.addButton(tr("Go on editing"), QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(save or stay)
        asked.setEscapeButton(stay)
        asked.exec()
        answer = asked.clickedButton()
        asked.deleteLater()
        if save is not None and answer is save:
            return self._desk.save()
        return answer is discard

    def yields_to(self, layout: Path) -> bool:
        """Another line is to be opened: ask, and leave edit mode; the one that is being edited may be opened. Return whether it may."""
        draft = self._desk.draft
        return draft is None or draft.path == layout or self.leave()

    # -- what the desk tells ------------------------------------------------------------------------------------

    def _on_begun(self) -> None:
        """Give the hall the room that the other panels have."""
        window = self._window
        self.refresh()
        window.screens.area_of("scene").give_room("scene")
        if window.view is None and self._desk.draft is not None:
            window.setWindowTitle(self._desk.draft.path.name)

    def _on_ended(self) -> None:
        """Give the room back."""
        window = self._window
        window.notices.drop(_CONFLICT)
        window.screens.area_of("scene").take_room_back()
        if window.view is None:
            window.setWindowTitle(APP)
        self.refresh()

    def _on_saved(self) -> None:
        """Put what was saved in force; a layout that no line is open by yet can be opened now."""
        window, draft = self._window, self._desk.draft
        window.notices.drop(_CONFLICT)
        if draft is None:
            return
        if window.view is not None and window.view.line.path == draft.path:
            window.layout_watch.look()
        else:
            self._offer_to_run(draft.path)

    def _offer_to_run(self, path: Path) -> None:
        """Ask what is to speak for the machines of a layout that was saved for the first time."""
        draft = self._desk.draft
        if draft is None or draft.line is None:
            return
        source = draft.line.sources[0]
        if source.address:
            self._window.open_line(OpenRequest(layout=path))
            return
        asked = QMessageBox(self._window)
        asked.setWindowTitle(tr("New layout"))
        asked.setText(tr("Saved. What speaks for the machines?"))
        asked.setInformativeText(tr("A simulation lets them run at once, and is marked as one wherever it is shown."))
        mapped = any(not rule.ignore for rule in source.rules) and len(draft.line.sources) == 1
        simulate = asked.addButton(tr("Simulate"), QMessageBox.ButtonRole.AcceptRole) if mapped else None
        plant = asked.addButton(tr("Connect to a plant…"), QMessageBox.ButtonRole.ActionRole)
        asked.addButton(tr("Nothing yet"), QMessageBox.ButtonRole.RejectRole)
        asked.exec()
        answer = asked.clickedButton()
        asked.deleteLater()
        if simulate is not None and answer is simulate:
            self._window.open_line(OpenRequest(layout=path, addresses={source.id: "sim:"}))
        elif answer is plant:
            self._window.settings = replace(self._window.settings, opened=replace(self._window.settings.opened, layout=str(path)))
            self._window.dialogs.ask_for_plant()

    def _on_conflicted(self) -> None:
        """Somebody else changed the file while something is unsaved: ask whose work counts; nothing is lost by not answering."""
        draft = self._desk.draft
        if draft is None or self._asking:
            return
        self._asking = True
        what = tr("{file} was changed by somebody else while you edit it.", file=draft.path.name)
        rest = tr("Your changes are not saved, and theirs are not overwritten. Saving asks again.")
        self._window.notices.put(Notice(key=_CONFLICT, what=what, rest=rest))
        asked = QMessageBox(self._window)
        asked.setIcon(QMessageBox.Icon.Warning)
        asked.setWindowTitle(tr("Edit the hall"))
        asked.setText(what)
        asked.setInformativeText(tr("Keep both writes your version into a file beside theirs; theirs is then edited."))
        theirs = asked.addButton(tr("Take theirs"), QMessageBox.ButtonRole.DestructiveRole)
        both = asked.addButton(tr("Keep both"), QMessageBox.ButtonRole.AcceptRole)
        later = asked.addButton(tr("Later"), QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(both)
        asked.setEscapeButton(later)
        asked.exec()
        answer = asked.clickedButton()
        asked.deleteLater()
        self._asking = False
        if answer is theirs:
            self._desk.take_theirs()
        elif answer is both and (beside := self._desk.keep_both()) is not None:
            self._window.notices.say(tr("Your version is in {file}.", file=beside.name))
        if self._desk.draft is not None and not self._desk.draft.overtaken:
            self._window.notices.drop(_CONFLICT)
