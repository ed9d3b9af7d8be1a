"""Samples of an open line for other programs: a span and a choice of signals as CSV, JSON lines or Parquet. Not for figures: see `kpi`.

The files are read by programs, so their words (headings, types, qualities) are the same in every language.
"""

from twin_app.export.choice import Choice, chosen
from twin_app.export.forms import FORMS, WIDE, Form, form_of
from twin_app.export.rows import Tally
from twin_app.export.unfinished import finished_or_gone

__all__ = ["FORMS", "WIDE", "Choice", "Form", "Tally", "chosen", "finished_or_gone", "form_of"]
