"""Where the lanes stand: heights, scrolling, which lane is under a pixel. Closed-form, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_PITCH_PX = 15
MOST_PITCH_PX = 30
WORDS_PITCH_PX = 22
"""From this height on a lane has room for the word of its states."""


@dataclass(frozen=True, slots=True)
class Rows:
    """`count` lanes below `top_px`, each `pitch_px` high, scrolled by `scroll_px`, in a room `height_px` high."""

    count: int
    top_px: int
    height_px: int
    pitch_px: int
    scroll_px: int = 0

    @classmethod
    def fitting(cls, count: int, *, top_px: int, height_px: int, text_px: int, scroll_px: int = 0) -> Rows:
        """Share the room among the lanes: as high as it allows, but never lower than a line of text, then they scroll."""
        least = max(LEAST_PITCH_PX, text_px + 2)
        pitch = min(max(height_px // max(count, 1), least), max(MOST_PITCH_PX, least))
        most = max(count * pitch - height_px, 0)
        return cls(count, top_px, height_px, pitch, min(max(scroll_px, 0), most))

    @property
    def most_scroll_px(self) -> int:
        """Return how far the lanes can be scrolled; 0 if all are visible."""
        return max(self.count * self.pitch_px - self.height_px, 0)

    @property
    def visible(self) -> range:
        """Return the indices of the lanes of which at least a pixel is visible."""
        first = self.scroll_px // self.pitch_px
        last = -(-(self.scroll_px + self.height_px) // self.pitch_px)
        return range(min(first, self.count), min(last, self.count))

    def y(self, index: int) -> int:
        """Return the upper edge of a lane."""
        return self.top_px + index * self.pitch_px - self.scroll_px

    @property
    def bottom_px(self) -> int:
        """Return the lower edge of the last lane, or of the room."""
        return min(self.top_px + self.count * self.pitch_px - self.scroll_px, self.top_px + self.height_px)

    def at(self, y: float) -> int | None:
        """Return the lane under a pixel, None where there is none."""
        if not self.top_px <= y < self.bottom_px:
            return None
        return int(y - self.top_px + self.scroll_px) // self.pitch_px

    def revealing(self, index: int) -> int:
        """Return the scroll position that shows a lane whole, the present one if it is."""
        top = index * self.pitch_px
        if top < self.scroll_px:
            return top
        return max(self.scroll_px, min(top + self.pitch_px - self.height_px, self.most_scroll_px))
