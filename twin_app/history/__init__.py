"""What the plant said, kept: buffer, journal file, tail in memory, pages of the past, raw messages. Not for what it means: see `plant`."""
