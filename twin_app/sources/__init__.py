"""Where messages come from: brokers and recorded files. Not for what payloads mean: see `codec`."""
