"""How colours look to people, some of them without one kind of cones: contrast, and pictures as they are seen. For tests of palettes."""

import numpy as np
from numpy.typing import NDArray

VISIONS = {
    "trichromacy": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
"""Matrices for linear light, severity 1.0.

Machado, Oliveira and Fernandes: A physiologically-based model for simulation of color vision deficiency. IEEE Transactions on
Visualization and Computer Graphics 15 (6), 2009.
"""
_LUMINANCE = np.array((0.2126, 0.7152, 0.0722))


def luminances(colours: NDArray[np.float64], vision: str) -> NDArray[np.float64]:
    """Return how bright sRGB colours are to somebody, 0 to 1, shape (..., 3) -> (...)."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.clip(linear @ VISIONS[vision].T, 0.0, 1.0) @ _LUMINANCE)


def contrast(one: str, other: str, vision: str = "trichromacy") -> float:
    """Return WCAG 2's contrast ratio of two colours `#RRGGBB`."""
    pair = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (one, other)]) / 255.0
    dark, light = sorted(luminances(pair, vision).tolist())
    return float((light + 0.05) / (dark + 0.05))
