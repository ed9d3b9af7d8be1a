"""Payloads to samples: one file a dialect, pure functions. Not for transport (see `sources`) and not for what states cost."""
