"""Sparkplug B 3.0 as a host that listens: payloads, births, deaths and order. Not for transport, and nothing here publishes."""
