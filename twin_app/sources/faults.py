"""What can go wrong with a broker, as one sentence with its cure each. Not for faults of payloads: see `codec.refusal`."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from paho.mqtt.client import WebsocketConnectionError

from twin_app.errors import SourceError
from twin_app.text import N_

if TYPE_CHECKING:
    from twin_app.sources.address import BrokerAddress

_HOST_MISMATCH = frozenset({62, 64})
"""OpenSSL's verify codes for a certificate of another host or address."""
_OUT_OF_DATE = frozenset({9, 10})
"""Not yet valid, expired."""
_TRY_PLAIN = N_("If the broker does not speak TLS on this port, use mqtt://{host}:{port}.")

LOST = N_("The connection to {broker} was lost.")
RETRYING = N_("It is tried again every few seconds.")


def of_exception(error: Exception, broker: BrokerAddress, tls_ca: str = "") -> SourceError:
    """Return the sentence for an exception that connecting raised."""
    what, tip = _worded(error)
    if broker.tls and isinstance(error, ConnectionResetError):
        tip = _TRY_PLAIN
    return SourceError(what, tip=tip, broker=broker, host=broker.host, port=broker.port, ca=tls_ca, reason=_reason(error))


def of_authority(error: Exception, tls_ca: str) -> SourceError:
    """Return the sentence for a file of certificates that cannot be used."""
    return SourceError(
        N_("The certificate authority {ca} cannot be read: {reason}."), tip=N_("It must be a PEM file with the CA's certificate."),
        ca=tls_ca, reason=_reason(error),
    )  # fmt: skip


def of_certificate(error: Exception, tls_cert: str, tls_key: str) -> SourceError:
    """Return the sentence for a client certificate or key that cannot be used."""
    return SourceError(
        N_("The client certificate {cert} cannot be used: {reason}."),
        tip=N_("It must be a PEM file, and its key (“{key}”) must belong to it and have no pass phrase."),
        cert=tls_cert, key=tls_key, reason=_reason(error),
    )  # fmt: skip


def of_broken(error: OSError | None, broker: BrokerAddress) -> SourceError:
    """Return the sentence for a connection that ended, where TLS says why the reason, else that it was lost.

    In TLS 1.3 a broker refuses the client's certificate after the client thinks that all is agreed (RFC 8446, section 6.2).
    """
    alert = (error.reason or "").upper() if isinstance(error, ssl.SSLError) else ""
    if "CERTIFICATE" not in alert and "UNKNOWN_CA" not in alert:
        return lost(broker)
    if "REQUIRED" in alert:
        return SourceError(N_("{broker} wants a client certificate."), tip=_OWN_CERTIFICATE, broker=broker)
    return SourceError(
        N_("{broker} refused the client certificate ({reason})."),
        tip=N_("It must be signed by an authority the broker trusts, and be in date."),
        broker=broker, reason=_reason(error) if error else "",
    )  # fmt: skip


def of_goodbye(code: int, words: str, broker: BrokerAddress, client_id: str) -> SourceError:
    """Return the sentence for a broker that ends the connection and says why, as MQTT 5 has it; `code` is its reason code."""
    what, tip = _GOODBYES.get(code, (N_("{broker} ended the connection: {words}."), RETRYING))
    return SourceError(what, tip=tip, broker=broker, words=words, client=client_id)


def of_login(code: int, broker: BrokerAddress, username: str) -> SourceError:
    """Return the sentence for a CONNACK that refuses; `code` is MQTT 3.1.1's return code, or one that only MQTT 5 has."""
    what, tip = _LOGIN.get(code, _UNKNOWN_REFUSAL)
    if code in {4, 5} and not username:
        what, tip = _WANTS_LOGIN
    return SourceError(what, tip=tip, broker=broker, user=username, code=code)


def closed_before_login(broker: BrokerAddress) -> SourceError:
    """Return the sentence for a broker that hung up instead of answering the login."""
    tip = N_("A port that speaks TLS (usually 8883) does this: use mqtts://{host}:{port}, or ask which port is the plain one.")
    if broker.tls:
        tip = N_("The broker may want a client certificate (tls_cert), or another protocol than MQTT listens there.")
    return SourceError(
        N_("{broker} closed the connection before it answered the login."), tip=tip, broker=broker, host=broker.host, port=broker.port
    )


def no_answer(broker: BrokerAddress) -> SourceError:
    """Return the sentence for a port that is open and says nothing."""
    return SourceError(
        N_("{broker} took the connection but did not answer the login."),
        tip=N_("Check that an MQTT broker listens on this port."),
        broker=broker,
    )


def silent(broker: BrokerAddress, seconds: int) -> SourceError:
    """Return the sentence for a broker that stopped answering."""
    return SourceError(
        N_("{broker} has not answered for {s} s: the network or the broker is down."), tip=RETRYING, broker=broker, s=seconds
    )


def lost(broker: BrokerAddress) -> SourceError:
    """Return the sentence for a connection that ended without a reason."""
    return SourceError(LOST, tip=RETRYING, broker=broker)


def taken_over(broker: BrokerAddress, client_id: str, times: int) -> SourceError:
    """Return the sentence for logins that the broker accepts and ends at once, again and again."""
    return SourceError(
        N_("{broker} accepted the login {times} times in a row and ended it at once."),
        tip=N_("Usually another client uses the id {client}: close it, or give one of the two another id."),
        broker=broker, times=times, client=client_id,
    )  # fmt: skip


def subscription_refused(broker: BrokerAddress, filters: str) -> SourceError:
    """Return the sentence for a SUBACK that refuses."""
    return SourceError(
        N_("{broker} refused the subscription to {filters}."), tip=N_("Ask for the right to read these topics, or correct the layout."),
        broker=broker, filters=filters,
    )  # fmt: skip


def nothing_came(broker: BrokerAddress, filters: str) -> SourceError:
    """Return the sentence for a connection that stands, and a broker that sends nothing."""
    return SourceError(
        N_("{broker} accepted the subscription to {filters}, and nothing came since."),
        tip=N_("The line may be silent. If it is not, correct the topics, or ask for the right to read them: some brokers withhold them without a word."),
        broker=broker, filters=filters,
    )  # fmt: skip


def session_lost(broker: BrokerAddress) -> SourceError:
    """Return the sentence for a broker that no longer has the session whose messages it should have kept."""
    return SourceError(
        N_("{broker} no longer had the session: what was said while the connection was down is not recorded."),
        tip=N_("Let the broker keep sessions longer, and over its restarts (persistence and autosave_interval in Mosquitto)."),
        broker=broker,
    )  # fmt: skip


_OWN_CERTIFICATE = N_("Give tls_cert and tls_key in the connect dialog, or TWIN_APP_TLS_CERT and TWIN_APP_TLS_KEY.")
_ANOTHER_CLIENT = (
    N_("{broker} ended the connection because another client logged in with the id {client}."),
    N_("Close the other client, or give one of the two another id."),
)
_GOODBYES = {
    0x8E: _ANOTHER_CLIENT,
    0x8B: (N_("{broker} is being shut down."), RETRYING),
    0x87: (N_("{broker} no longer allows this client to listen."), N_("Ask for the right to read the layout's topics.")),
}
"""MQTT 5, section 3.14.2.1."""
_WANTS_LOGIN = (
    N_("{broker} wants a user name and password."),
    N_("Set username on the source in the layout (or in the connect dialog) and the password in TWIN_APP_PASSWORD or the settings."),
)
_REFUSED_LOGIN = (
    N_("{broker} refused the login of the user “{user}”."),
    N_("Check user name and password, and that this user is allowed to connect."),
)
_UNKNOWN_REFUSAL = (N_("{broker} refused the connection (code {code})."), N_("The broker's log says why."))
_LOGIN = {
    1: (N_("{broker} does not speak this version of MQTT."), N_("Leave protocol = 5 out of the source in the layout.")),
    2: (N_("{broker} refused the client's id."), N_("The broker allows only certain ids: ask for one.")),
    3: (N_("{broker} is not available at the moment."), RETRYING),
    4: _REFUSED_LOGIN,
    5: _REFUSED_LOGIN,
}
_BY_TYPE: tuple[tuple[type[Exception], str, str], ...] = (
    (socket.gaierror, N_("The host name {host} is not known."), N_("Check its spelling, or use the broker's IP address.")),
    (ConnectionRefusedError, N_("Nothing listens on {host}, port {port}."), N_("Check the port, and that the broker runs.")),
    (
        TimeoutError,
        N_("{host}, port {port}, does not answer."),
        N_("Check the address, the network, and firewalls between here and there."),
    ),
    (
        WebsocketConnectionError,
        N_("{broker} does not speak MQTT over websockets there."),
        N_("Check port and path, such as ws://broker:9001/mqtt, or use mqtt:// for a plain connection."),
    ),
    (
        ConnectionResetError,
        N_("{broker} closed the connection at once."),
        N_("Check that the port is right, and whether it wants mqtts:// (TLS)."),
    ),
)


def _worded(error: Exception) -> tuple[str, str]:
    """Return the templates of what happened and of the cure."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error)
    if isinstance(error, ssl.SSLError):
        return N_("{broker} could not agree on TLS ({reason})."), _TRY_PLAIN
    for kind, what, tip in _BY_TYPE:
        if isinstance(error, kind):
            return what, tip
    return N_("{broker} cannot be reached: {reason}."), N_("Check the address and the network.")


def _certificate(error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    """Return the templates for a certificate that does not convince."""
    if error.verify_code in _HOST_MISMATCH:
        return (
            N_("The certificate of {broker} is for another name than {host}."),
            N_("Use the name that stands in the certificate, or have the broker's certificate renewed with this name."),
        )
    if error.verify_code in _OUT_OF_DATE:
        return N_("The certificate of {broker} is out of date."), N_("Renew it on the broker, and check the clocks of both machines.")
    return (
        N_("The certificate of {broker} is not signed by an authority that is trusted here ({reason})."),
        N_("Name the plant's own authority as tls_ca on the source in the layout (now: “{ca}”)."),
    )


def _reason(error: Exception) -> str:
    """Return what the system says, without its numbers."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return error.reason or str(error.args[-1] if error.args else error)
    return str(getattr(error, "strerror", None) or error)
