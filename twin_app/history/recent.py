"""What was made last and may be asked for again, bounded by its bytes. Not for what must be kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Recent(Generic[T]):
    """Things by key; those not asked for longest give way. Safe from any thread."""

    def __init__(self, most_bytes: int) -> None:
        """Hold things of so many bytes in all, the newest whatever it takes."""
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> T | None:
        """Return what is held under a key, None where nothing is."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, thing: T, nbytes: int) -> T:
        """Hold a thing of so many bytes; return it."""
        with self._lock:
            self._bytes += nbytes - self._held.pop(key, (thing, 0))[1]
            self._held[key] = thing, nbytes
            while self._bytes > self._most_bytes and len(self._held) > 1:
                self._bytes -= self._held.popitem(last=False)[1][1]
        return thing

    def keep(self, wanted: Callable[[Hashable], bool]) -> None:
        """Let go of everything under keys that are not wanted."""
        with self._lock:
            self._held = OrderedDict((key, held) for key, held in self._held.items() if wanted(key))
            self._bytes = sum(nbytes for _, nbytes in self._held.values())

    def clear(self) -> None:
        """Let go of everything."""
        self.keep(lambda _key: False)
