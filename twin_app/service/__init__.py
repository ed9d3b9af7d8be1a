"""Uses of the engine without a window: answers for scripts, the terminal's table, checks."""
