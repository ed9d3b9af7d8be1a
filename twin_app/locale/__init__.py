"""The translations that lie here (`*/twin.po`) and what keeps them in step with the code. Not for reading them: see `text`."""
