"""A digital twin for production lines: everything the plant said, at any instant. No Qt lives here."""

__version__ = "0.1.0"
