"""The terms of TLS: whom we believe, and who we say we are. Not for connections."""

from __future__ import annotations

import ssl

from typing_extensions import override

from twin_app.sources import faults


def tls_context(tls_ca: str, tls_cert: str = "", tls_key: str = "") -> ssl.SSLContext:
    """Return the terms of TLS: a certificate of a trusted authority, for the very host that was asked for.

    Args:
        tls_ca: file of the certificate authority; empty: the system's.
        tls_cert: file of the client's own certificate; empty: none is shown.
        tls_key: file of its key, without a pass phrase; empty: it stands with the certificate.

    Raises:
        SourceError: a file cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=tls_ca or None)
    except (OSError, ValueError) as error:
        raise faults.of_authority(error, tls_ca) from error
    # From Python 3.13 on the default asks for the letter of RFC 5280, which a plant's own authority seldom keeps: whom we believe
    # must not depend on the Python that runs.
    context.verify_flags = ssl.VERIFY_X509_TRUSTED_FIRST
    if tls_cert or tls_key:
        try:
            context.load_cert_chain(tls_cert or tls_key, tls_key or None, password=_no_pass_phrase)
        except (OSError, ValueError) as error:
            raise faults.of_certificate(error, tls_cert or tls_key, tls_key) from error
    context.sslsocket_class = _TidySocket
    return context


def _no_pass_phrase() -> str:
    """Return an empty pass phrase: OpenSSL would ask for one on the terminal, where nobody may be."""
    return ""


class _TidySocket(ssl.SSLSocket):
    """Closes itself when TLS cannot be agreed on."""

    @override
    def do_handshake(self, block: bool = False) -> None:
        # WORKAROUND(paho-mqtt 2.2.0): connect() leaves the socket of a failed handshake open, see tests/broker/test_refusals.py
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise
