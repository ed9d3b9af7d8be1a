"""The product as a person starts it: a process of its own, what it prints, and what it has open."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d/lines/packaging.toml"
CAPTURE = ROOT / "sample_streams/packaging.jsonl"
PATIENCE_S = 30.0
LISTENING = "0A"
"""TCP_LISTEN of the kernel's table."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Socket:
    """One internet socket of a process: protocol, local and remote end as `address:port`, and whether it listens."""

    protocol: str
    local: str
    remote: str
    listens: bool


class Program:
    """`python -m twin_app ...` without a display, with a home of its own; on a terminal of its own if `columns` are given."""

    def __init__(self, home: Path, *words: str, columns: int = 0, **environment: str) -> None:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job passes that on, and Ctrl+C would do nothing
            signal.signal(signal.SIGINT, signal.default_int_handler)
        env = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "COLUMNS"}}
        env |= {"TWIN_APP_HOME": str(home), "PYTHONIOENCODING": "utf-8", "TERM": "xterm", **environment}
        self._reads, out = pty.openpty() if columns else os.pipe()
        env |= {"COLUMNS": str(columns), "LINES": "40"} if columns else {}
        command = [sys.executable, "-m", "twin_app", *words]
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        os.close(out)
        self.out = ""

    def until(self, text: str, times: int = 1) -> str:
        """Read on until a text was printed so many times; return everything printed so far."""
        ends_s = time.monotonic() + PATIENCE_S
        while self.out.count(text) < times:
            assert self._read(ends_s), f"{text!r} was never printed:\n{self.out}\n{self._errors()}"
        return self.out

    def ended(self) -> Ended:
        """Wait for its end."""
        ends_s = time.monotonic() + PATIENCE_S
        while self._read(ends_s):
            pass
        code = self.process.wait(PATIENCE_S)
        return Ended(code, self.out, self._errors())

    def close(self) -> None:
        """End it, however it is."""
        self.process.kill()
        self.process.wait()
        os.close(self._reads)
        if self.process.stderr:
            self.process.stderr.close()

    def sockets(self) -> list[Socket]:
        """Return every internet socket the process has open at this moment (Linux)."""
        links = []
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            try:
                links.append(entry.readlink().name)
            except FileNotFoundError:  # closed meanwhile
                continue
        own = {name.removeprefix("socket:[").removesuffix("]") for name in links if name.startswith("socket:")}
        return [found for protocol in ("tcp", "tcp6", "udp", "udp6") for inode, found in _table(protocol) if inode in own]

    def _read(self, ends_s: float) -> bool:
        """Read what there is; return whether more may come."""
        ready, _, _ = select.select([self._reads], [], [], max(0.0, ends_s - time.monotonic()))
        try:
            data = os.read(self._reads, 65536) if ready else b""
        except OSError:  # a terminal whose other end is closed
            data = b""
        self.out += data.decode("utf-8", "replace")
        return bool(data)

    def _errors(self) -> str:
        """Return what it said on its standard error, once it has ended."""
        return self.process.stderr.read().decode() if self.process.stderr and self.process.poll() is not None else ""


def _table(protocol: str) -> Iterator[tuple[str, Socket]]:
    """Yield inode and socket of every row of a kernel table."""
    for row in Path(f"/proc/net/{protocol}").read_text().splitlines()[1:]:
        columns = row.split()
        local, remote = (_end(text) for text in columns[1:3])
        yield columns[9], Socket(protocol, local, remote, columns[3] == LISTENING if protocol.startswith("tcp") else True)


def _end(text: str) -> str:
    """Return `127.0.0.1:1883` for `0100007F:075B`; addresses of IPv6 stay as the kernel writes them."""
    address, port = text.split(":")
    if len(address) == len("0100007F"):
        address = ".".join(str(byte) for byte in reversed(bytes.fromhex(address)))
    return f"{address}:{int(port, 16)}"
