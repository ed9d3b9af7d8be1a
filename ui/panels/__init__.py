"""One file a panel, blind to each other."""
