"""The words of the plant: equipment, states, signals, samples and what crosses rooms. Pure data, no input or output."""
