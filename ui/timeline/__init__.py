"""The timeline's parts: pure geometry, painting, the canvas and the transport bar. The panel that joins them is `ui.panels.timeline`."""
