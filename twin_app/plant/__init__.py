"""Columns of samples folded into what the plant did: derived timelines, counters, the calendar. Not for figures: see `kpi`."""
