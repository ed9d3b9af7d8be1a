"""The sheet that one shift hands to the next: facts of a window gathered, and a page made of them. Not for figures themselves: see `kpi`."""
