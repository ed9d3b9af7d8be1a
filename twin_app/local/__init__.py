"""Programs of one person on one computer: who writes a line, and the channel between who writes it and who reads. No port is opened."""
