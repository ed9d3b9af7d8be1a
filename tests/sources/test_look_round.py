"""When a source looks round, by hand on a clock of seconds, and what it then names."""

from twin_app.sources.look_round import ENOUGH, LookRound, Step


def begun() -> LookRound:
    """Return one that has heard nothing for 8 s and looks."""
    look = LookRound(["Plant/+/Status/#"])
    assert [look.step(s) for s in (100.0, 107.9, 108.0)] == [Step.NOTHING, Step.NOTHING, Step.BEGIN]
    return look


def test_that_after_eight_silent_seconds_it_looks_for_two_and_never_again() -> None:
    look = begun()
    assert look.looking
    assert [look.step(s) for s in (109.9, 110.0, 500.0)] == [Step.NOTHING, Step.END, Step.NOTHING]
    assert not look.looking


def test_that_it_names_what_is_none_of_its_own() -> None:
    look = begun()
    assert look.takes("Works/mixer/temp")
    assert look.takes("Works/oven/temp")
    assert look.takes("Works/mixer/temp")
    assert not look.takes("Plant/Filler/Status/StateCurrent")
    look.step(110.0)
    assert look.topics == ("Works/mixer/temp", "Works/oven/temp")
    assert not look.takes("Works/press/temp")


def test_that_twenty_topics_are_enough() -> None:
    look = begun()
    for i in range(ENOUGH + 5):
        assert look.takes(f"Works/{i}")
    assert look.step(108.1) is Step.END
    assert len(look.topics) == 20


def test_that_a_source_that_hears_its_own_has_no_need_to_look() -> None:
    look = LookRound(["Plant/#"])
    look.step(100.0)
    look.heard()
    assert look.step(200.0) is Step.NOTHING


def test_that_what_it_saw_is_forgotten_once_its_own_comes() -> None:
    look = begun()
    look.takes("Works/oven/temp")
    look.heard()
    assert look.step(110.0) is Step.END
    assert look.topics == ()
