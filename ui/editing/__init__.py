"""Edit mode of the hall: the draft at the screen, what is chosen of it, tools and fields. Not for what a change does to the file: see `twin_app.editing`."""
