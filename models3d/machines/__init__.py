"""The shipped machine models and the parametric scripts that make them (see ``make``)."""
