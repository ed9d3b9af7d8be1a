"""Tables of samples that other programs wrote, CSV, JSON lines or Parquet, as samples of a line. Not for messages: see `codec`."""

from twin_app.tables.columns import Columns, Given, understood
from twin_app.tables.reading import Table, open_table
from twin_app.tables.taking import Taking

__all__ = ["Columns", "Given", "Table", "Taking", "open_table", "understood"]
