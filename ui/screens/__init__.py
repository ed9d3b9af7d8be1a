"""Further windows on further screens: the same session, clock and selection, with panels of their own. Not the main window."""
