"""The parts of the flow strip: which units a card stands for, which stand out, what cards say. Not for painting them: see `ui.widgets`."""
