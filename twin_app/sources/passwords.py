"""Where passwords and client certificates come from: the desktop's keyring where there is one, else the environment. Never a file of ours."""

from __future__ import annotations

import importlib
import logging
import os
import re
from typing import TYPE_CHECKING, Protocol, TypeVar

from twin_app import log
from twin_app.errors import SourceError
from twin_app.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin_app.sources.address import BrokerAddress

T = TypeVar("T")
LOGGER = logging.getLogger(__name__)
PASSWORD, CERTIFICATE, KEY = "TWIN_APP_PASSWORD", "TWIN_APP_TLS_CERT", "TWIN_APP_TLS_KEY"
"""Environment variables; with `_` and a source's id behind it, in capitals, for that source alone."""


class Keyring(Protocol):
    """What is used of the `keyring` library."""

    def get_password(self, service_name: str, username: str) -> str | None:
        """Return a password, None where none is kept."""
        ...

    def set_password(self, service_name: str, username: str, password: str) -> None:
        """Keep a password."""
        ...


def from_environment(variable: str, source: str) -> str:
    """Return what the environment gives for a source: its own variable, else the one for all, else nothing."""
    own = f"{variable}_{re.sub(r'[^0-9A-Za-z]', '_', source).upper()}"
    return os.environ.get(own) or os.environ.get(variable, "")


def password_from_environment(source: str) -> str:
    """Return the password that the environment gives for a source, empty where it gives none."""
    return from_environment(PASSWORD, source)


def desktop_keyring() -> Keyring | None:
    """Return the desktop's keyring; None where the library is not installed or there is no keyring behind it."""
    library = _asked(lambda: importlib.import_module("keyring"))
    if isinstance(library, Exception):
        return None
    usable = _asked(lambda: library.get_keyring().priority >= 1)  # keyring's own line between real ones and stand-ins
    return library if usable is True else None


def service(broker: BrokerAddress) -> str:
    """Return the name under which the keyring keeps passwords for a broker; `keyring set` with this name stores one by hand."""
    return f"twin-app {broker}"


def password_for(broker: BrokerAddress, username: str, source: str, *, keyring: Keyring | None) -> str:
    """Return the password for a user at a broker: of the keyring, else of the environment."""
    if keyring is not None and username:
        kept = _asked(lambda: keyring.get_password(service(broker), username))
        if isinstance(kept, Exception):
            LOGGER.info("The keyring did not answer for %s: %s", broker, kept)
        elif kept:
            log.conceal(kept)
            return kept
    return password_from_environment(source)


def remember(broker: BrokerAddress, username: str, password: str, *, keyring: Keyring) -> None:
    """Keep a password in the keyring.

    Raises:
        SourceError: the keyring refuses.
    """
    log.conceal(password)
    refused = _asked(lambda: keyring.set_password(service(broker), username, password))
    if isinstance(refused, Exception):
        raise SourceError(
            N_("The keyring of this desktop did not take the password: {reason}."),
            tip=N_("Unlock it, or give the password in TWIN_APP_PASSWORD."), reason=refused,
        ) from refused  # fmt: skip


def _asked(ask: Callable[[], T]) -> T | Exception:
    """Return what a keyring answers, or whatever it raised."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - a keyring is a service of the desktop: missing, locked or broken it may raise anything
        return error
