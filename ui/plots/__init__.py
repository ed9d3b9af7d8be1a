"""Curves over time. The only room that imports pyqtgraph; it is imported when the first plot is shown, never before."""
