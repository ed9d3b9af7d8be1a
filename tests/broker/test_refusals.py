"""Every way a broker can be out of reach gives one sentence with its cure."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.broker.plant import HOST, Broker, Listener, free_port, until
from twin_app.model.message import Status
from twin_app.sources.base import Login
from twin_app.sources.probe import Finding, Step, probe

Listen = Callable[..., Listener]
MakeBroker = Callable[..., Broker]
WRONG = "wrong"


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an authority, a broker's certificate for 127.0.0.1, and another authority that signed nothing."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("ca", "other"):
        openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                "-keyout", f"{name}.key", "-out", f"{name}.pem")  # fmt: skip
    openssl(
        folder,
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=broker",
        "-keyout",
        "b.key",
        "-out",
        "b.csr",
    )
    (folder / "san").write_text(f"subjectAltName=IP:{HOST}\n")
    openssl(
        folder,
        "x509",
        "-req",
        "-in",
        "b.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "san",
        "-out",
        "b.pem",
    )
    for file in folder.iterdir():
        file.chmod(0o644)
    folder.chmod(0o755)
    return folder


@pytest.fixture
def secure_broker(make_broker: MakeBroker, certificates: Path) -> Broker:
    return make_broker(listener=f"cafile {certificates}/ca.pem\ncertfile {certificates}/b.pem\nkeyfile {certificates}/b.key")


@pytest.fixture
def guarded_broker(make_broker: MakeBroker, tmp_path: Path) -> Broker:
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "ann", "right"], check=True, capture_output=True)
    passwords.chmod(0o644)
    return make_broker(settings=f"allow_anonymous false\npassword_file {passwords}")


def complaint(listener: Listener) -> str:
    """Return what a source says that cannot connect."""
    listener.start()
    sentence: str = until(lambda: listener.health.error)
    return sentence


def test_that_a_port_on_which_nothing_listens_is_named(listen: Listen) -> None:
    port = free_port()
    listener = listen(f"mqtt://{HOST}:{port}")
    assert complaint(listener) == f"Nothing listens on {HOST}, port {port}. Check the port, and that the broker runs."
    assert listener.health.status is Status.FAILED
    assert listener.series("@plant", "Connected") == []


def test_that_a_host_name_nobody_knows_is_named(listen: Listen) -> None:
    assert complaint(listen("mqtt://broker.invalid")) == (
        "The host name broker.invalid is not known. Check its spelling, or use the broker's IP address."
    )


@pytest.mark.parametrize(
    ("username", "password", "sentence"),
    [
        ("", "", "wants a user name and password. Set username"),
        ("ann", "wrong", "refused the login of the user “ann”. Check user name and password"),
        ("bob", "right", "refused the login of the user “bob”."),
    ],
)
def test_that_a_refused_login_is_told_without_the_password(
    guarded_broker: Broker, listen: Listen, username: str, password: str, sentence: str
) -> None:
    said = complaint(listen(guarded_broker.address, username=username, password=lambda: password))
    assert sentence in said
    assert "wrong" not in said


def test_that_the_right_password_from_the_environment_opens_the_door(
    guarded_broker: Broker, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_APP_PASSWORD", "right")
    assert listen(guarded_broker.address, username="ann").start().connected().health.error == ""


def test_that_tls_with_the_plants_own_authority_connects(secure_broker: Broker, certificates: Path, listen: Listen) -> None:
    listener = listen(f"mqtts://{HOST}:{secure_broker.port}", tls_ca=str(certificates / "ca.pem"))
    assert listener.start().connected().health.error == ""


@pytest.mark.parametrize(
    ("address", "authority", "sentence"),
    [
        ("mqtts://127.0.0.1", "other.pem", "is not signed by an authority that is trusted here"),
        ("mqtts://127.0.0.1", "", "is not signed by an authority that is trusted here"),
        ("mqtts://localhost", "ca.pem", "is for another name than localhost. Use the name that stands in the certificate"),
        ("mqtts://127.0.0.1", "nowhere.pem", "nowhere.pem cannot be read: No such file or directory. It must be a PEM file"),
        ("mqtts://127.0.0.1", "b.csr", "b.csr cannot be read"),
        (
            "mqtt://127.0.0.1",
            "",
            "closed the connection before it answered the login. A port that speaks TLS (usually 8883) does this: use mqtts://",
        ),
    ],
    ids=["another authority", "no authority", "another name", "missing file", "file that is no authority", "plain client on a TLS port"],
)
def test_that_each_fault_of_tls_has_its_sentence(
    secure_broker: Broker, certificates: Path, listen: Listen, address: str, authority: str, sentence: str
) -> None:
    listener = listen(f"{address}:{secure_broker.port}", tls_ca=str(certificates / authority) if authority else "")
    assert sentence in complaint(listener)


def test_that_tls_on_a_plain_port_says_so(broker: Broker, listen: Listen) -> None:
    assert f"use mqtt://{HOST}:{broker.port}" in complaint(listen(f"mqtts://{HOST}:{broker.port}"))


def test_that_a_refused_subscription_is_told_while_the_link_stays(scripted_broker: Callable[..., str], listen: Listen) -> None:
    accepted, refused = b"\x20\x02\x00\x00", b"\x90\x05\x00\x01\x80\x00\x00"
    listener = listen(scripted_broker(accepted, refused)).start()
    assert "refused the subscription to plant/+/#. Ask for the right" in until(lambda: listener.health.error)
    assert listener.health.status is Status.CONNECTED


def test_that_a_source_is_not_called_connected_before_it_can_hear_anything(scripted_broker: Callable[..., str], listen: Listen) -> None:
    listener = listen(scripted_broker(b"\x20\x02\x00\x00")).start()
    until(
        lambda: [value for _, value in listener.series("@plant", "Connected")] == [1.0]
    )  # the login is accepted, the subscription is not answered
    assert listener.health.status is Status.CONNECTING


@pytest.mark.parametrize(("code", "sentence"), [(2, "refused the client's id"), (3, "is not available")])
def test_that_each_refusal_of_the_standard_has_its_sentence(
    scripted_broker: Callable[..., str], listen: Listen, code: int, sentence: str
) -> None:
    assert sentence in complaint(listen(scripted_broker(bytes((0x20, 0x02, 0x00, code)))))


def test_that_an_open_port_that_says_nothing_is_given_up(
    scripted_broker: Callable[..., str], listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin_app.sources.link.CONNECT_S", 0.5)  # five seconds else
    assert "took the connection but did not answer the login" in complaint(listen(scripted_broker()))


def tried(findings: Iterator[Finding]) -> list[tuple[Step, bool]]:
    return [(finding.step, finding.ok) for finding in findings]


def test_that_a_trial_tells_each_step_in_turn(secure_broker: Broker, certificates: Path) -> None:
    findings = list(
        probe(
            f"mqtts://{HOST}:{secure_broker.port}",
            filters=("plant/#",),
            login=Login(tls_ca=str(certificates / "ca.pem")),
            first_message_s=0.2,
        )
    )
    assert tried(iter(findings)) == [
        (Step.NAME, True), (Step.TCP, True), (Step.TLS, True), (Step.LOGIN, True), (Step.SUBSCRIPTION, True), (Step.FIRST_MESSAGE, False),
    ]  # fmt: skip
    assert all(0 <= finding.seconds < 5 for finding in findings)
    assert "The line may be silent just now" in findings[-1].sentence


def test_that_a_trial_names_the_first_message(broker: Broker, publisher: object) -> None:
    publisher.say("plant/Filler/x", "1", retain=True)  # type: ignore[attr-defined] # the publisher of the fixture
    *_, last = probe(broker.address, filters=("plant/#",))
    assert (last.step, last.ok, last.sentence) == (Step.FIRST_MESSAGE, True, "A message came on plant/Filler/x.")


def test_that_a_trial_ends_at_the_step_that_fails(guarded_broker: Broker) -> None:
    assert tried(probe(f"mqtt://{HOST}:{free_port()}", filters=("#",))) == [(Step.NAME, True), (Step.TCP, False)]
    assert tried(probe("mqtt://broker.invalid", filters=("#",))) == [(Step.NAME, False)]
    assert tried(probe("mqtt://ann:secret@broker", filters=("#",))) == [(Step.NAME, False)]
    steps = tried(probe(guarded_broker.address, filters=("#",), login=Login(username="ann", password=WRONG)))
    assert steps == [(Step.NAME, True), (Step.TCP, True), (Step.LOGIN, False)]


def test_that_a_cancelled_trial_ends_without_a_finding(broker: Broker) -> None:
    answers = iter([False, False, False])
    steps = tried(probe(broker.address, filters=("#",), cancelled=lambda: next(answers, True)))
    assert len(steps) < 5
    assert all(ok for _, ok in steps)
