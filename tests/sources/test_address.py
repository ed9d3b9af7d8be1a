import pytest

from twin_app.errors import SourceError
from twin_app.sources.address import BrokerAddress, is_broker, parse_address


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("mqtt://broker.example", BrokerAddress("broker.example", 1883, tls=False), "mqtt://broker.example:1883"),
        ("mqtts://broker.example/", BrokerAddress("broker.example", 8883, tls=True), "mqtts://broker.example:8883"),
        (" MQTT://10.0.0.7:1884 ", BrokerAddress("10.0.0.7", 1884, tls=False), "mqtt://10.0.0.7:1884"),
        ("mqtt://[::1]:1883", BrokerAddress("::1", 1883, tls=False), "mqtt://[::1]:1883"),
    ],
)
def test_that_an_address_names_host_port_and_tls(text: str, address: BrokerAddress, shown: str) -> None:
    assert parse_address(text) == address
    assert str(address) == shown


@pytest.mark.parametrize("text", ["", "broker", "broker:1883", "http://broker", "ws://", "mqtt://", "mqtt://:1883", "mqtt://b:0",
                                  "mqtt://b:70000", "mqtt://b:port", "mqtt://b/topic", "mqtt://b?x=1", "mqtt://[::1"])  # fmt: skip
def test_that_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SourceError, match="mqtt://"):
        parse_address(text)


@pytest.mark.parametrize("text", ["mqtt://ann:s3cret@broker", "mqtts://s3cret@broker:8883", "ftp://ann:s3cret@broker"])
def test_that_a_password_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SourceError, match="TWIN_APP_PASSWORD") as caught:
        parse_address(text)
    assert "s3cret" not in caught.value.worded()
    assert "s3cret" not in repr(caught.value.arguments)


def test_that_a_file_is_told_from_a_broker() -> None:
    assert is_broker("mqtt://x")
    assert not is_broker("streams/shift.jsonl")
    assert not is_broker(r"C:\shift.jsonl")
