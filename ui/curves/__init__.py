"""The parts of the panel of curves: what can be drawn, how it is asked for, its legend. Plots are in `ui.plots`."""
