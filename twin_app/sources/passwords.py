"""Where passwords and client certificates come from: the desktop's keyring where there is one, else the environment. Never a file of ours."""

from __future__ import annotations

import importlib
import logging
import os
import re
from typing import TYPE_CHECKING, Protocol

from twin_app import log
from twin_app.errors import SourceError
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.sources.address import BrokerAddress

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
    try:
        library = importlib.import_module("keyring")
        usable = library.get_keyring().priority >= 1  # keyring's own line between real ones and stand-ins
    except Exception:  # noqa: BLE001 - whatever a desktop's service may raise, the environment is still there
        return None
    return library if usable else None


def service(broker: BrokerAddress) -> str:
    """Return the name under which the keyring keeps passwords for a broker; `keyring set` with this name stores one by hand."""
    return f"twin-app {broker}"


def password_for(broker: BrokerAddress, username: str, source: str, *, keyring: Keyring | None) -> str:
    """Return the password for a user at a broker: of the keyring, else of the environment."""
    if keyring is not None and username:
        try:
            kept = keyring.get_password(service(broker), username)
        except Exception as error:  # noqa: BLE001 - a locked or broken keyring may raise anything
            LOGGER.info("The keyring did not answer for %s: %s", broker, error)
            kept = None
        if kept:
            log.conceal(kept)
            return kept
    return password_from_environment(source)


def remember(broker: BrokerAddress, username: str, password: str, *, keyring: Keyring) -> None:
    """Keep a password in the keyring.

    Raises:
        SourceError: the keyring refuses.
    """
    log.conceal(password)
    try:
        keyring.set_password(service(broker), username, password)
    except Exception as error:  # a locked or broken keyring may raise anything
        raise SourceError(
            N_("The keyring of this desktop did not take the password: {reason}."),
            tip=N_("Unlock it, or give the password in TWIN_APP_PASSWORD."), reason=error,
        ) from error  # fmt: skip
