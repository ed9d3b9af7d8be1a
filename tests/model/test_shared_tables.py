"""Several sources fill one table of texts and one of signals, each in its own thread."""

import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from twin_app.model.samples import TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable

THREADS, EACH = 4, 3000


@pytest.fixture
def impatient_threads() -> Iterator[None]:
    """Let threads take turns as often as Python can, so that a race shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def together(work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_that_a_text_met_by_several_sources_at_once_keeps_one_code(impatient_threads: None) -> None:
    texts = TextTable()
    codes: list[dict[str, int]] = [{} for _ in range(THREADS)]
    together(lambda i: codes[i].update({str(n): texts.code(str(n)) for n in range(i, EACH + i)}))
    assert len(texts) == EACH + THREADS - 1
    assert all(texts.text(code) == word for mine in codes for word, code in mine.items())


def test_that_a_signal_met_by_several_sources_at_once_keeps_one_id(impatient_threads: None) -> None:
    signals = SignalTable()
    ids: list[dict[str, int]] = [{} for _ in range(THREADS)]

    def add(i: int) -> None:
        for n in range(i, EACH + i):
            ids[i][str(n)] = signals.add(Signal(path=str(n), unit="U", name=str(n), kind=SignalKind.TEXT))

    together(add)
    assert len(signals) == EACH + THREADS - 1
    assert all(signals[found].name == name for mine in ids for name, found in mine.items())
