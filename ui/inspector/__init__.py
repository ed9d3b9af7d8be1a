"""The inspector's parts: its tables and its four tabs. The panel that joins them is `ui.panels.inspector`."""
