import pytest

from twin_app.sources.rate import Rate


def test_that_the_rate_is_a_mean_over_five_seconds_that_forgets() -> None:
    now = [100.0]
    rate = Rate(lambda: now[0])
    rate.add(10)
    assert rate.per_second() == 10.0
    for _ in range(9):
        now[0] += 1
        rate.add(10)
    # the last five seconds and the one that has just begun hold 60 messages
    assert rate.per_second() == pytest.approx(12.0)
    now[0] += 6
    assert rate.per_second() == 0.0
