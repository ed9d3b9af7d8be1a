"""The parts of the alarm panel: what is listed in which order, the table, the sentences beside it, the journal."""
