"""The process that reads models: `python -m twin_app.shapes`, one request a line on its input, one answer a line on its output.

A file that crashes a library, fills the memory or takes for ever ends this process, and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from twin_app.errors import ModelError
from twin_app.shapes.fit import Fit
from twin_app.shapes.parcel import pack
from twin_app.shapes.read import read_model

ANSWER = "@model "
"""What an answer begins with: libraries write on the same output."""
MAX_MEMORY_BYTES = 4 << 30
_NICE = 5


def main() -> int:
    """Answer requests until there are no more."""
    _step_back()
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(f"{ANSWER}{json.dumps(_answer(**request))}\n")
        sys.stdout.flush()
    return 0


def _answer(path: str, into: str, scale: float, up: str, pivot: str | list[float]) -> dict[str, object]:
    """Read one model and write it where it is asked for; return the error's words where it cannot be."""
    fit = Fit(scale, up, pivot if isinstance(pivot, str) else (pivot[0], pivot[1], pivot[2]))
    try:
        pack(read_model(Path(path), fit), Path(into))
    except ModelError as error:
        return {"what": error.what, "tip": error.tip, "arguments": {name: str(value) for name, value in error.arguments.items()}}
    except OSError as error:
        return {"what": "{reason}", "tip": "", "arguments": {"reason": str(error)}}
    return {}


def _step_back() -> None:
    """Leave the processor to the window and the recorder, and take no more memory than a model may need, where the system can be told."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    sys.exit(main())
