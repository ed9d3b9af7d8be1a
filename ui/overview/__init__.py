"""Several lines on one screen: a tile a line, one line at a time, in turn on a wall. Each line has a session of its own, which records nothing."""
