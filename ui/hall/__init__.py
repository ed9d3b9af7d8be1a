"""What the hall shows of a frame: how units look, where they are, what they hold, and overlays of figures. The room itself is `ui.scene3d`."""
