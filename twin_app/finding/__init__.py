"""Finding what was recorded: the shifts of a recording, moments in them, and how two of them differ. Not for playing: see `session`."""
