"""Finding what was recorded, as people see it: a calendar of shifts, a search for moments, two shifts beside each other."""
