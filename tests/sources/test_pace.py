"""The rhythm of commits, by hand on a clock of seconds."""

from twin_app.sources.pace import Pace


def test_that_without_acknowledgements_a_commit_waits_its_quarter_of_a_second() -> None:
    pace = Pace()
    pace.took(10.0, count=1, unacknowledged=0)
    assert not pace.commit_due(10.1)
    assert not pace.commit_due(10.249)
    assert pace.commit_due(10.25)


def test_that_a_dry_socket_commits_what_waits_for_its_acknowledgement() -> None:
    pace = Pace()
    pace.took(10.0, count=1, unacknowledged=1)
    pace.took(10.003, count=1, unacknowledged=2)
    assert not pace.commit_due(10.007)
    assert pace.commit_due(10.009)


def test_that_a_full_window_commits_at_once() -> None:
    pace = Pace()
    pace.took(10.0, count=19, unacknowledged=19)
    assert not pace.commit_due(10.0)
    pace.took(10.001, count=1, unacknowledged=20)
    assert pace.commit_due(10.001)


def test_that_a_broker_that_sends_on_proves_its_larger_window() -> None:
    pace = Pace()
    pace.took(10.0, count=100, unacknowledged=100)
    assert pace.commit_due(10.0)
    pace.committed(10.01, durable=True)
    pace.took(10.02, count=99, unacknowledged=99)
    assert not pace.commit_due(10.02)
    assert pace.window == 100


def test_that_nothing_is_due_while_nothing_waits() -> None:
    pace = Pace()
    assert not pace.commit_due(1e9)
    assert not pace.flush_due(1e9)
    assert pace.wait_s(5.0, 0.5) == 0.5


def test_that_a_failed_commit_is_tried_again_after_a_second() -> None:
    pace = Pace()
    pace.took(10.0, count=30, unacknowledged=30)
    pace.committed(10.0, durable=False)
    assert not pace.commit_due(10.9)
    assert pace.commit_due(11.0)


def test_that_samples_wait_less_than_a_sixth_of_a_frame_for_being_handed_over() -> None:
    pace = Pace()
    pace.took(10.0, count=1, unacknowledged=0)
    pace.took(10.003, count=1, unacknowledged=0)
    assert not pace.flush_due(10.004)
    assert pace.flush_due(10.006)
    pace.flushed()
    assert not pace.flush_due(10.05)


def test_that_the_wait_on_the_socket_ends_when_something_is_due() -> None:
    pace = Pace()
    pace.took(10.0, count=1, unacknowledged=1)
    assert round(pace.wait_s(10.0, 0.5), 6) == 0.005
    pace.committed(10.005, durable=True)
    pace.took(11.0, count=1, unacknowledged=0)
    assert round(pace.wait_s(11.0, 0.5), 6) == 0.005
    pace.flushed()
    assert round(pace.wait_s(11.02, 0.5), 6) == 0.23
