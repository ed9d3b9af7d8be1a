"""Several sources fill one table of texts and one of signals, each in its own thread."""

import threading
import time
from collections.abc import Callable
from typing import Any

from typing_extensions import override

from twin_app.model.samples import TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable

THREADS, EACH = 4, 40


class Leisurely(list[Any]):
    """A list that lets the other threads run at every step, where a race would do its harm."""

    @override
    def __len__(self) -> int:
        found = super().__len__()
        time.sleep(1e-5)
        return found

    @override
    def append(self, value: Any) -> None:
        super().append(value)
        time.sleep(1e-5)


def together(work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_that_a_text_met_by_several_sources_at_once_keeps_one_code() -> None:
    texts = TextTable()
    texts._entries = Leisurely()
    codes: list[dict[str, int]] = [{} for _ in range(THREADS)]
    together(lambda i: codes[i].update({str(n): texts.code(str(n)) for n in range(i, EACH + i)}))
    assert len(texts) == EACH + THREADS - 1
    assert all(texts.text(code) == word for mine in codes for word, code in mine.items())


def test_that_a_signal_met_by_several_sources_at_once_keeps_one_id() -> None:
    signals = SignalTable()
    signals._signals = Leisurely()
    ids: list[dict[str, int]] = [{} for _ in range(THREADS)]

    def add(i: int) -> None:
        for n in range(i, EACH + i):
            ids[i][str(n)] = signals.add(Signal(path=str(n), unit="U", name=str(n), kind=SignalKind.TEXT))

    together(add)
    assert len(signals) == EACH + THREADS - 1
    assert all(signals[found].name == name for mine in ids for name, found in mine.items())
