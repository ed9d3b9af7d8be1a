"""Addresses of simulations that another program publishes: `sim+mqtt://host:port/prefix`. Not for listening: see `published`."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from twin_app.errors import SourceError
from twin_app.sources.address import parse_address
from twin_app.text import N_

SCHEME = "sim+"


def is_published(address: str) -> bool:
    """Say whether an address is that of a published simulation."""
    return address.startswith(SCHEME) and "://" in address


def parse_published(address: str) -> tuple[str, str]:
    """Return the broker's address and the prefix.

    Raises:
        SourceError: there is no prefix, or the broker's address is none.
    """
    parts = urlsplit(address.removeprefix(SCHEME))
    prefix = parts.path.strip("/")
    if not prefix or "+" in prefix or parts.fragment or address.endswith("#"):
        raise SourceError(
            N_("The address of a published simulation ends with its prefix."), tip=N_("Write it like sim+mqtt://localhost:1883/simulated.")
        )
    broker = urlunsplit((parts.scheme, parts.netloc, "", parts.query, parts.fragment))
    parse_address(broker)
    return broker, prefix
