"""Who may do what at this machine: a table of persons and one of roles, in files that a normal user cannot write. Not for what was done."""

from twin_app.persons.access import Access, Person, Right

__all__ = ["Access", "Person", "Right"]
