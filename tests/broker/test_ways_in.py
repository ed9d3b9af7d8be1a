"""Other ways into a broker: MQTT 5, websockets, client certificates, rights a topic at a time; each fault with its cure."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.broker.plant import HOST, Broker, Listener, Publisher, free_port, until
from twin_app.model.equipment import MapRule
from twin_app.model.message import Status
from twin_app.sources.base import Login
from twin_app.sources.probe import Step, probe

Listen = Callable[..., Listener]
MakeBroker = Callable[..., Broker]
STATE = "plant/Filler/Status/StateCurrentStr"
PLUGIN = "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so"


AUTHORITY = """
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = names
[names]
commonName = supplied
"""
"""How `openssl ca` signs: no other of its commands dates a certificate back in every version."""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def signed(folder: Path, name: str, authority: str, *, validity: tuple[str, ...] = ("-days", "2")) -> None:
    """Make a key and a certificate for 127.0.0.1 that an authority signed."""
    openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr")  # fmt: skip
    openssl(folder, "ca", "-batch", "-config", "ca.cnf", "-in", f"{name}.csr", "-cert", f"{authority}.pem", "-keyfile", f"{authority}.key",
            *validity, "-extfile", "san", "-notext", "-out", f"{name}.pem")  # fmt: skip


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an authority, a broker's and a client's certificate, an expired one, and a client of an authority nobody knows."""
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "san").write_text(f"subjectAltName=IP:{HOST}\n")
    for name in ("ca", "other"):
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                "-keyout", f"{name}.key", "-out", f"{name}.pem")  # fmt: skip
    (folder / "ca.cnf").write_text(AUTHORITY)
    (folder / "index.txt").touch()
    for name, authority in (("broker", "ca"), ("client", "ca"), ("stranger", "other")):
        signed(folder, name, authority)
    signed(folder, "old", "ca", validity=("-startdate", "20200101000000Z", "-enddate", "20200102000000Z"))
    openssl(folder, "ec", "-in", "client.key", "-out", "locked.key", "-aes128", "-passout", "pass:secret")
    for file in folder.iterdir():
        file.chmod(0o644)
    folder.chmod(0o755)
    return folder


@pytest.fixture
def strict_broker(make_broker: MakeBroker, certificates: Path) -> Broker:
    """Return a broker that lets nobody in without a certificate."""
    files = f"cafile {certificates}/ca.pem\ncertfile {certificates}/broker.pem\nkeyfile {certificates}/broker.key"
    return make_broker(listener=f"{files}\nrequire_certificate true")


def complaint(listener: Listener) -> str:
    """Return what a source says that cannot connect."""
    listener.start()
    sentence: str = until(lambda: listener.health.error)
    return sentence


def files(folder: Path, **names: str) -> dict[str, str]:
    return {key: str(folder / name) for key, name in names.items()}


def test_that_mqtt_5_is_spoken_where_the_layout_says_so(broker: Broker, publisher: Publisher, listen: Listen) -> None:
    listener = listen(broker.address, spec={"protocol": 5, "qos": 1}).start().connected()
    for word in ("Execute", "Held"):
        publisher.say(STATE, word, qos=1)
    until(lambda: listener.words("Filler", "State") == ["Execute", "Held"])


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (0x8E, "another client logged in with the id same. Close the other client"),
        (0x8B, "is being shut down. It is tried again"),
        (0x87, "no longer allows this client to listen. Ask for the right"),
        (0x97, "ended the connection: Quota exceeded."),
    ],
)
def test_that_with_mqtt_5_the_broker_says_why_it_ends_a_connection(
    scripted_broker: Callable[..., str], listen: Listen, code: int, sentence: str
) -> None:
    accepted, goodbye = b"\x20\x03\x00\x00\x00", bytes((0xE0, 2, code, 0))
    assert sentence in complaint(listen(scripted_broker(accepted + goodbye), spec={"protocol": 5}, client_id="same"))


def test_that_a_broker_that_speaks_only_the_older_mqtt_is_named(scripted_broker: Callable[..., str], listen: Listen) -> None:
    said = complaint(listen(scripted_broker(b"\x20\x03\x00\x84\x00"), spec={"protocol": 5}))
    assert "does not speak this version of MQTT. Leave protocol = 5 out" in said


@pytest.mark.parametrize("protocol", [4, 5])
def test_that_websockets_carry_the_same(make_broker: MakeBroker, listen: Listen, protocol: int) -> None:
    port = free_port()
    broker = make_broker(listener=f"listener {port} {HOST}\nprotocol websockets")
    listener = listen(f"ws://{HOST}:{port}", spec={"protocol": protocol, "qos": 1}).start().connected()
    publisher = Publisher(broker.port)
    payloads = [str(i) for i in range(300)]
    for payload in payloads:
        publisher.say("plant/Filler/Admin/ProdProcessedCount/0/AccCount", payload, qos=1)
    until(lambda: [value for _, value in listener.series("Filler", "Processed")] == list(range(300)))
    publisher.close()


def test_that_a_port_without_websockets_is_named(broker: Broker, listen: Listen) -> None:
    said = complaint(listen(f"ws://{HOST}:{broker.port}"))
    assert f"ws://{HOST}:{broker.port}/mqtt does not speak MQTT over websockets there. Check port and path" in said


def test_that_a_client_certificate_opens_the_door(strict_broker: Broker, certificates: Path, listen: Listen) -> None:
    own = files(certificates, tls_ca="ca.pem", tls_cert="client.pem", tls_key="client.key")
    assert listen(f"mqtts://{HOST}:{strict_broker.port}", **own).start().connected().health.error == ""
    findings = list(probe(f"mqtts://{HOST}:{strict_broker.port}", filters=("plant/#",), login=Login(**own), first_message_s=0.1))
    assert [f.step for f in findings if f.ok] == [Step.NAME, Step.TCP, Step.TLS, Step.LOGIN, Step.SUBSCRIPTION]


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({}, "wants a client certificate. Give tls_cert and tls_key"),
        ({"tls_cert": "stranger.pem", "tls_key": "stranger.key"}, "refused the client certificate"),
        ({"tls_cert": "old.pem", "tls_key": "old.key"}, "refused the client certificate"),
        ({"tls_cert": "client.pem", "tls_key": "stranger.key"}, "client.pem cannot be used"),
        ({"tls_cert": "client.pem", "tls_key": "locked.key"}, "client.pem cannot be used"),
        (
            {"tls_cert": "nowhere.pem", "tls_key": "client.key"},
            "nowhere.pem cannot be used: No such file or directory. It must be a PEM file",
        ),
    ],
    ids=["none", "of an unknown authority", "expired", "of another key", "with a pass phrase", "missing file"],
)
def test_that_each_fault_of_a_client_certificate_has_its_sentence(
    strict_broker: Broker, certificates: Path, listen: Listen, own: dict[str, str], sentence: str
) -> None:
    assert sentence in complaint(listen(f"mqtts://{HOST}:{strict_broker.port}", **files(certificates, tls_ca="ca.pem", **own)))


def test_that_an_expired_certificate_of_the_broker_is_named(make_broker: MakeBroker, certificates: Path, listen: Listen) -> None:
    broker = make_broker(listener=f"cafile {certificates}/ca.pem\ncertfile {certificates}/old.pem\nkeyfile {certificates}/old.key")
    said = complaint(listen(f"mqtts://{HOST}:{broker.port}", **files(certificates, tls_ca="ca.pem")))
    assert "is out of date. Renew it on the broker, and check the clocks" in said


@pytest.mark.skipif(not Path(PLUGIN).exists(), reason="mosquitto comes without its plug-in for rights here")
@pytest.mark.parametrize("protocol", [4, 5])
def test_that_topics_nobody_may_listen_to_are_named(make_broker: MakeBroker, listen: Listen, tmp_path: Path, protocol: int) -> None:
    access = {"publishClientSend": True, "publishClientReceive": True, "subscribe": False, "unsubscribe": True}
    rights = tmp_path / "rights.json"
    rights.write_text(json.dumps({"defaultACLAccess": access, "clients": [], "groups": [], "roles": []}))
    broker = make_broker(settings=f"allow_anonymous true\nplugin {PLUGIN}\nplugin_opt_config_file {rights}")
    listener = listen(broker.address, spec={"protocol": protocol}).start()
    assert "refused the subscription to plant/+/#, json/+. Ask for the right" in until(lambda: listener.health.error)
    assert listener.health.status is Status.CONNECTED


def test_that_topics_which_the_broker_withholds_without_a_word_are_told_of(
    make_broker: MakeBroker, listen: Listen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin_app.sources.mqtt.SILENT_S", 0.3)
    rights = tmp_path / "rights"
    rights.write_text("topic readwrite other/#\ntopic write plant/#\n")
    rights.chmod(0o644)
    broker = make_broker(settings=f"allow_anonymous true\nacl_file {rights}")
    publisher = Publisher(broker.port)
    withheld, allowed = (
        listen(broker.address, spec={"rules": (MapRule(topic=topic, dialect="scalar"),)}).start().connected()
        for topic in ("plant/{unit}/{tag...}", "other/{unit}/{tag...}")
    )
    for topic in ("plant", "other"):
        publisher.say(f"{topic}/Filler/level", "1")
    (warning,) = until(lambda: withheld.health.warnings)
    assert "accepted the subscription to plant/+/#, and nothing came since. The line may be silent." in warning
    assert (withheld.health.status, withheld.health.error, withheld.health.received) == (Status.CONNECTED, "", 0)
    until(lambda: allowed.health.received == 1 and not allowed.health.warnings)
    publisher.close()


def test_that_a_password_over_a_plain_connection_is_warned_of(broker: Broker, listen: Listen) -> None:
    listener = listen(broker.address, username="ann", password=lambda: "right").start().connected()
    (warning,) = listener.health.warnings
    assert "goes over the network unprotected. Use mqtts://" in warning
    assert "right" not in warning
