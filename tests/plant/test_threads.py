import threading
from typing import Any

MIDNIGHT_NS = 1_767_225_600 * 10**9


def test_that_questions_from_another_thread_never_see_half_a_fold(bench: Any) -> None:
    done, wrong = threading.Event(), []

    def ask() -> None:
        while not done.is_set():
            try:
                ledger = bench.plant.ledger("Filler", MIDNIGHT_NS, MIDNIGHT_NS + 400 * 10**9)  # refuses to be made if it does not add up
                intervals = bench.plant.intervals("Filler", MIDNIGHT_NS, MIDNIGHT_NS + 400 * 10**9)
                assert len(intervals.state) == len(intervals.category) == len(intervals)
                assert ledger.blind_ns <= 400 * 10**9
                bench.plant.rate_per_min("Filler", MIDNIGHT_NS + 300 * 10**9)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test is to show it
                wrong.append(error)
                return

    asking = threading.Thread(target=ask)
    asking.start()
    for i in range(150):
        second = (i * 7919) % 400  # late more often than not
        bench.say(second, "State", ("Execute", "Held", "Idle")[i % 3])
        bench.say(second, "Processed", float(i))
        bench.fold()
    done.set()
    asking.join()
    assert wrong == []
