"""Recorded streams that come with the twin. The README tells second by second what happens in each."""
