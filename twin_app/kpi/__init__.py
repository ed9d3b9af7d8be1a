"""Figures of ISO 22400-2 over derived timelines and counters. Not for deriving those: see `plant`."""
