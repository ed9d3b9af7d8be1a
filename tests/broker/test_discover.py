"""Discovering a real mosquitto: what is there, what it refuses, and that neither floods nor huge payloads hurt."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.broker.plant import Broker, Publisher, until
from tests.broker.test_refusals import guarded_broker  # noqa: F401 - a fixture
from tests.broker.test_ways_in import PLUGIN
from twin_app.discover.forms import Form
from twin_app.errors import SourceError
from twin_app.service.discover import LARGEST_BYTES, Heard, Request, discover
from twin_app.service.discover_drafts import suggestion
from twin_app.service.discover_tables import report
from twin_app.sources.base import Login

MakeBroker = Callable[..., Broker]


class Listening:
    """A discovery in a thread, ended when enough was heard."""

    def __init__(self, request: Request, *, until_messages: int = 0) -> None:
        self.heard: Heard | None = None
        self.request, self._wanted = request, until_messages
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.result = discover(self.request, cancelled=self._enough.is_set, progress=self._told)

    def _told(self, heard: Heard) -> None:
        self.heard = heard
        if self._wanted and heard.survey.messages >= self._wanted:
            self._enough.set()

    def subscribed(self) -> "Listening":
        until(lambda: self.heard is not None and self.heard.answers)
        return self

    def ended(self) -> Heard:
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self.result


def test_that_what_is_published_is_heard_and_becomes_a_draft_for_this_broker(broker: Broker, publisher: Publisher) -> None:
    publisher.say("PlantA/Line/Filler/Status/StateCurrentStr", "Execute", retain=True)
    publisher.sync()
    listening = Listening(Request(address=broker.address, seconds=15), until_messages=3).subscribed()
    publisher.say("PlantA/Line/Filler/Admin/ProdProcessedCount/0/AccCount", "7")
    publisher.say("PlantA/Line/Filler/photo", b"\xff\xd8\xff")
    heard = listening.ended()
    assert (heard.survey.messages, sum(profile.retained for profile in heard.survey.topics.values())) == (3, 1)
    assert (heard.listened_s < 10, heard.lost, heard.trouble) == (True, 0, "")
    draft = suggestion(heard, listening.request)
    assert draft is not None
    assert draft.line.sources[0].address == broker.address
    assert "binary: ff d8 ff" in report(heard, draft)


@pytest.fixture
def strict_broker(make_broker: MakeBroker, tmp_path: Path) -> Broker:
    """Return a broker that lets anybody listen to `plant/#` and to nothing else."""
    access = {"publishClientSend": True, "publishClientReceive": True, "subscribe": False, "unsubscribe": True}
    reader = {"rolename": "reader", "acls": [{"acltype": "subscribePattern", "topic": "plant/#", "allow": True}]}
    group = {"groupname": "all", "clients": [], "roles": [{"rolename": "reader"}]}
    rights = tmp_path / "rights.json"
    rights.write_text(
        json.dumps({"defaultACLAccess": access, "clients": [], "groups": [group], "roles": [reader], "anonymousGroup": "all"})
    )
    return make_broker(settings=f"allow_anonymous true\nplugin {PLUGIN}\nplugin_opt_config_file {rights}")


@pytest.mark.skipif(not Path(PLUGIN).exists(), reason="mosquitto comes without its plug-in for rights here")
@pytest.mark.parametrize(("protocol", "code"), [(4, 128), (5, 135)])
def test_that_refused_filters_are_named_with_their_code(strict_broker: Broker, protocol: int, code: int) -> None:
    heard = discover(Request(address=strict_broker.address, filters=("secret/#", "plant/#"), seconds=0.5, protocol=protocol))
    assert [(answer.filter, answer.refused) for answer in heard.answers] == [("secret/#", True), ("plant/#", False)]
    assert heard.answers[0].code == code
    said = report(heard, None)
    assert f"Filter secret/#: REFUSED with code {code}" in said
    assert "Filter plant/#: granted, but nothing came on it" in said


@pytest.mark.skipif(not Path(PLUGIN).exists(), reason="mosquitto comes without its plug-in for rights here")
def test_that_nobody_waits_where_every_filter_is_refused(strict_broker: Broker) -> None:
    heard = discover(Request(address=strict_broker.address, filters=("#",), seconds=60))
    assert (heard.survey.messages, len(heard.refused)) == (0, 1)
    assert heard.listened_s < 10


def test_that_a_login_that_is_refused_is_said_at_once(guarded_broker: Broker) -> None:  # noqa: F811 - the fixture
    with pytest.raises(SourceError, match="wants a user name and password"):
        discover(Request(address=guarded_broker.address, seconds=30))


def test_that_a_password_without_tls_is_warned_of(guarded_broker: Broker) -> None:  # noqa: F811 - the fixture
    heard = discover(Request(address=guarded_broker.address, seconds=0.3, login=Login(username="ann", password="right")))  # noqa: S106 - of a broker made by this test
    assert (heard.lost, heard.trouble) == (0, "")  # the time was over
    assert heard.warnings == (
        f"The password for {guarded_broker.address} goes over the network unprotected. Use mqtts:// if the broker speaks TLS.",
    )


def test_that_a_flood_is_counted_and_no_more_is_looked_into_than_asked_for(broker: Broker, publisher: Publisher) -> None:
    listening = Listening(Request(address=broker.address, seconds=15, limit=100), until_messages=5000).subscribed()
    for i in range(5000):
        publisher.say(f"flood/press{i % 3}/value", str(i))
    survey = listening.ended().survey
    assert survey.messages == 5000
    assert survey.looked + survey.beyond_limit == 5000
    assert survey.looked <= 3 + 100 * (survey.seconds + 2)
    assert survey.beyond_limit > 0


def test_that_a_picture_of_sixty_megabytes_is_counted_without_being_kept(broker: Broker, publisher: Publisher) -> None:
    listening = Listening(Request(address=broker.address, seconds=20), until_messages=3).subscribed()
    before = psutil.Process().memory_info().rss
    publisher.say("hall/press/camera", bytes(60 * 2**20))
    publisher.say("hall/press/temp", "21")
    publisher.say("hall/press/speed", "3")
    survey = listening.ended().survey
    camera = survey.topics["hall/press/camera"]
    assert (camera.largest > 60 * 2**20, camera.form) == (True, Form.LARGE)
    assert set(survey.topics) == {f"hall/press/{name}" for name in ("camera", "temp", "speed")}
    assert psutil.Process().memory_info().rss - before < 60 * 2**20 + 4 * LARGEST_BYTES  # the publisher's own copy is in this process


def test_that_a_broker_that_goes_away_is_listened_to_again(broker: Broker) -> None:
    listening = Listening(Request(address=broker.address, seconds=20), until_messages=1).subscribed()
    broker.kill()
    until(lambda: listening.heard is not None and listening.heard.lost)
    broker.start()
    publisher = Publisher(broker.port)

    def heard() -> bool:
        publisher.say("hall/press/temp", "21")
        return listening._enough.is_set()

    until(heard)
    publisher.close()
    result = listening.ended()
    assert result.survey.messages >= 1
    assert "was lost" in result.trouble
