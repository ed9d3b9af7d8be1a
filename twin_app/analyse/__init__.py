"""What follows from figures and states taken together: causes and their consequences. Not for figures themselves: see `kpi`."""
