"""Run the twin from a fresh checkout: make an environment of its own from the hashed lock, then start in it.

    python start.py [ARGUMENT ...]             the twin; every argument goes to `python -m twin_app`
    python start.py test [GROUP | PYTEST ...]  all checks and tests, or the groups check, core, broker, gui
    python start.py bundle --out FOLDER [--platform NAME] [--python 3.12] [--dev]: fetch what set-up needs, for a machine without a network
    python start.py --from FOLDER [ANY OF THE ABOVE]: set up from such a folder, touching no network

Standard library only; this is not the place for anything the twin itself does. pip's own configuration (index, proxy,
certificates) is used as it stands.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import glob
import hashlib
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

PYTHONS = ("3.11", "3.12", "3.13")
PYTHON = "{}.{}".format(*sys.version_info[:2])

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "ready.json"
LOG = VENV / "setup.log"
SIGN_OF_LIFE_S = 15.0
# The larger lock holds the smaller one, pin by pin.
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}

# What to look for = the Debian package that brings it. With "/": files; with ".so": a library; else a program.
HEADLESS = """
    libEGL.so.1=libegl1 libGL.so.1=libgl1 libGLX.so.0=libglx0 libxkbcommon.so.0=libxkbcommon0 libfontconfig.so.1=libfontconfig1
    libfreetype.so.6=libfreetype6 libdbus-1.so.3=libdbus-1-3 libglib-2.0.so.0=libglib2.0-0 libX11.so.6=libx11-6
    libXcursor.so.1=libxcursor1 /usr/share/fonts/**/*.[to]tf=fonts-dejavu-core
"""
DESKTOP = """
    libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1
    libxcb-randr.so.0=libxcb-randr0 libxcb-render-util.so.0=libxcb-render-util0 libxcb-shape.so.0=libxcb-shape0
    libxcb-xfixes.so.0=libxcb-xfixes0 libxcb-xkb.so.1=libxcb-xkb1 libxkbcommon-x11.so.0=libxkbcommon-x11-0 libX11-xcb.so.1=libx11-xcb1
"""
CHINESE = "/usr/share/fonts/**/*CJK*:/usr/share/fonts/**/wqy*:/usr/share/fonts/**/DroidSansFallback*=fonts-noto-cjk"
TESTING = """
    Xvfb=xvfb mosquitto=mosquitto libEGL_mesa.so.0=libegl-mesa0 /usr/lib*/*/dri/swrast_dri.so:/usr/lib*/dri/swrast_dri.so=libgl1-mesa-dri
    /usr/share/fonts/**/DejaVuSans.ttf=fonts-dejavu-core /usr/share/fonts/**/NotoSansCJK*=fonts-noto-cjk
"""

# Platform -> what the lock's markers ask of it, and the wheel tags, oldest system first.
MARKERS = ("sys_platform", "platform_system", "platform_machine", "os_name")
PLATFORMS = {
    "linux-x86_64": (("linux", "Linux", "x86_64", "posix"), [f"manylinux_2_{minor}_x86_64" for minor in range(12, 40)]),
    "windows-x86_64": (("win32", "Windows", "AMD64", "nt"), ["win_amd64"]),
    "macos-arm64": (("darwin", "Darwin", "arm64", "posix"), ["macosx_14_0_arm64"]),
    "macos-x86_64": (("darwin", "Darwin", "x86_64", "posix"), ["macosx_14_0_x86_64"]),
}

# pip evaluates markers for the machine it runs on, even when it downloads for another one; so they are evaluated here, by pip's own code.
SELECT_BY_MARKER = """
import json, sys
from pip._vendor.packaging.markers import Marker
asked = json.load(sys.stdin)
print(json.dumps([not marker or Marker(marker).evaluate(asked["environment"]) for marker in asked["markers"]]))
"""

# What pip's and apt's words mean, first match first, and what to do about it.
CAUSES = {
    r"No space left on device|Errno 28|not enough space": "the disk is full: make 2 GB of room and start again",
    r"DO NOT MATCH THE HASHES|hashes are required": "a file from the index is not the one the lock names: run `pip cache purge`,"
    " start again, and distrust the index if it stays so",
    r"CERTIFICATE_VERIFY_FAILED|SSLError": "the index's certificate is not trusted: name yours with `pip config set global.cert FILE`",
    r"ProxyError|407 Proxy": "the proxy refused: check HTTPS_PROXY, or `pip config set global.proxy URL`",
    r"\b40[13] (Client Error|Forbidden|Unauthorized)": "the index refused access: check the credentials in pip's configuration",
    r"NewConnection|NameResolution|Timeout(Error)?\(|Connection (broken|aborted|refused)|Network is unreachable|Max retries": "no index"
    " could be reached: check network and proxy, or fetch a folder elsewhere with `python start.py bundle` and start with `--from FOLDER`",
    r"No matching distribution found for": "the index was not reached or has nothing for this machine:"
    " check the network, and that this is a 64-bit Python 3.11 to 3.13 on Linux (glibc 2.34 or newer), Windows, or macOS 14",
    r"Permission denied|Access is denied|WinError (5|32)\b": "a file may not be written: close the running twin, or make the folder yours",
}


class StopError(Exception):
    """Set-up cannot go on; the text is one sentence with its cure, and all that the user sees."""


def main(arguments: list[str]) -> int:
    """Do what the command line asks and return the exit status."""
    if PYTHON not in PYTHONS:
        return complain(f"The twin runs on Python {PYTHONS[0]} to {PYTHONS[-1]}, and this is {PYTHON}: start it with one of those.")
    try:
        return dispatch(arguments)
    except StopError as stop:
        return complain(str(stop))
    except KeyboardInterrupt:
        return complain("Interrupted; the next start takes up from here.", status=130)
    except BrokenPipeError:  # who reads along, such as `head`, has read enough
        sys.stdout = None
        return 0
    except OSError as error:
        cure = "make 2 GB of room" if error.errno == errno.ENOSPC else "check that the folder is yours and that no twin runs from it"
        return complain(f"{error.filename or ROOT}: {error.strerror or error}; {cure} and start again.")


def dispatch(arguments: list[str]) -> int:
    """Tell set-up, test, bundle and the twin apart by the first words."""
    bundle: Path | None = None
    if arguments[:1] == ["--from"]:
        if len(arguments) == 1:
            raise StopError("--from wants the folder that `python start.py bundle` made.")
        bundle, arguments = Path(arguments[1]), arguments[2:]
    if arguments[:1] == ["bundle"]:
        return make_bundle(arguments[1:])
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__, "\nThe twin itself:\n", sep="", flush=True)
    purpose = "test" if arguments[:1] == ["test"] else "run"
    check_libraries(purpose)
    set_up(purpose, bundle)
    refuse_known_crash()
    if purpose == "test":
        return hand_over([str(ROOT / "tests" / "run.py"), *arguments[1:]])
    return hand_over(["-m", "twin_app", *arguments])


def hand_over(arguments: list[str]) -> int:
    """Become the environment's Python, in the user's own folder, with this checkout on its path and that folder not on it."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))}
    command = [str(venv_python()), "-P", *arguments]
    if sys.platform != "win32":
        sys.stdout.flush()
        os.execve(command[0], command, environment)  # noqa: S606 - signals then reach the twin, not a parent that waits for it
    return subprocess.call(command, env=environment)


# --- The environment ---------------------------------------------------------------------------------------------------


def set_up(purpose: str, bundle: Path | None) -> None:
    """Bring .venv to what the lock says; nothing to do while the stamp of the last set-up holds."""
    have, want = read_stamp(), wanted(purpose)
    if venv_python().exists() and have.items() >= want.items():
        return
    began = time.monotonic()
    offline = wheels_of(bundle, purpose) if bundle else []
    # The test environment grows out of the plain one; after any other change it is made anew, to hold the lock and nothing else.
    grows = venv_python().exists() and have.items() >= wanted("run").items() and "test" not in have
    STAMP.unlink(missing_ok=True)
    if not grows:
        make_venv()
    pip("Installing packages", "install", *offline, "--requirement", str(LOCKS[purpose]))
    make_command()
    STAMP.write_text(json.dumps({**wanted("run"), **want}), encoding="utf-8")
    print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)


def wanted(purpose: str) -> dict[str, str]:
    """What the stamp must say before an environment serves the purpose."""
    return {"python": f"{sys.version} {sys.base_prefix}", "checkout": str(ROOT), purpose: sha256(LOCKS[purpose])}


def read_stamp() -> dict[str, str]:
    """What the last completed set-up wrote; nothing after an interrupted one."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def make_venv() -> None:
    """Make .venv anew, with pip and nothing else."""
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    watch("Making the environment", [sys.executable, "-m", "venv", str(VENV)])


def venv_python() -> Path:
    """Return the environment's interpreter."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_command() -> None:
    """Make the environment's `twin-app`, for scripts and services: the twin at once, without looking whether all is set up."""
    python, root, quoted = venv_python(), shlex.quote(str(ROOT)), shlex.quote(str(venv_python()))
    command = python.with_name("twin-app.cmd" if os.name == "nt" else "twin-app")
    windows = f'@setlocal\n@set "PYTHONPATH={ROOT};%PYTHONPATH%"\n@"{python}" -P -m twin_app %*\n'
    posix = f'#!/bin/sh\nexport PYTHONPATH={root}"${{PYTHONPATH:+:$PYTHONPATH}}"\nexec {quoted} -P -m twin_app "$@"\n'
    command.write_text(windows if os.name == "nt" else posix, encoding="utf-8")
    command.chmod(0o755)


def pip(doing: str, command: str, *arguments: str) -> None:
    """Run pip on a complete hashed lock: what is not in it is not installed, and nothing is ever built here."""
    strict = ("--no-deps", "--require-hashes", "--only-binary=:all:", "--no-input", "--progress-bar=off", "--disable-pip-version-check")
    watch(doing, [str(venv_python()), "-m", "pip", command, *strict, *arguments])


def watch(doing: str, command: list[str]) -> None:
    """Run a command into the log, saying calmly what it does and for how long.

    Raises:
        StopError: the command failed; names cause and cure where they are known.
    """
    began = spoken = time.monotonic()
    on_screen = sys.stdout.isatty()
    print(f"{doing} ...", end="" if on_screen else "\n", flush=True)
    # A user-wide `pip install --user` setting has no meaning inside an environment.
    environment = {**os.environ, "PIP_USER": "0", "DEBIAN_FRONTEND": "noninteractive"}
    with LOG.open("wb") as log, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment) as process:
        while process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.5)
            if on_screen:
                print(f"\r{doing} ... {time.monotonic() - began:.0f} s ", end="", flush=True)
            elif time.monotonic() - spoken > SIGN_OF_LIFE_S:
                spoken = time.monotonic()
                print(f"{doing} ... {spoken - began:.0f} s", flush=True)
    if on_screen:
        print()
    if process.returncode:
        raise StopError(explain(doing, LOG.read_text(encoding="utf-8", errors="replace")))


def explain(doing: str, log: str) -> str:
    """Word what a failed command printed: cause and cure where they are known, else its own last error."""
    for pattern, cure in CAUSES.items():
        if re.search(pattern, log):
            return f"{doing} failed; {cure}. Details: {LOG}"
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it gave no reason"]
    last = next((line for line in reversed(lines) if line.startswith(("ERROR", "E:", "Error"))), lines[-1])
    return f"{doing} failed; {last[:200]}. Details: {LOG}"


def refuse_known_crash() -> None:
    """Refuse the one pair that aborts after some hundred signals; the lock never makes it, a hand in .venv may."""
    packages = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(VENV)}))
    if PYTHON == "3.11" and any(packages.glob("[Pp]y[Ss]ide6_[Ee]ssentials-6.12*")):
        raise StopError("PySide6 6.12 aborts Python 3.11: delete .venv and start again, or use Python 3.12 or 3.13.")


# --- System libraries --------------------------------------------------------------------------------------------------


def check_libraries(purpose: str) -> None:
    """See that Linux has what the wheels link to; as root on Debian and its kin fetch it, elsewhere say what to fetch.

    Raises:
        StopError: something is missing and was not fetched.
    """
    if sys.platform != "linux":
        return
    missing = missing_libraries(purpose)
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise StopError(f"This system lacks {', '.join(missing)}: install what provides them and start again.")
    packages = sorted(set(missing.values()))
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    by_hand = f"sudo apt-get update && sudo {' '.join(command)}"
    if os.geteuid() != 0:
        raise StopError(f"This system lacks {len(packages)} packages; fetch them and start again:\n  {by_hand}")
    VENV.mkdir(exist_ok=True)
    with contextlib.suppress(StopError):  # an unreachable mirror matters only if the next step then lacks something
        watch("Reading the list of system packages", ["apt-get", "update"])
    watch(f"Installing {len(packages)} system packages", command)
    importlib.invalidate_caches()
    if still := missing_libraries(purpose):
        raise StopError(f"Still missing after `{by_hand}`: {', '.join(still)}.")


def missing_libraries(purpose: str) -> dict[str, str]:
    """Return what is looked for and not found, with its package."""
    testing = purpose == "test"
    desktop = testing or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    chinese = any(os.environ.get(name, "").startswith("zh") for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"))
    needs = HEADLESS + (DESKTOP if desktop else "") + (CHINESE if desktop and chinese else "") + (TESTING if testing else "")
    missing = dict(need.split("=") for need in needs.split() if not present(need.split("=")[0]))
    if not venv_python().exists() and importlib.util.find_spec("ensurepip") is None:
        missing["Python's venv"] = f"python{PYTHON}-venv"
    return missing


def present(name: str) -> bool:
    """Tell whether a library loads, a file is found, or a program is on the path."""
    if "/" in name:
        patterns = name.split(":")
        return any(next(glob.iglob(pattern, recursive=True), None) for pattern in patterns)  # noqa: PTH207 - absolute patterns
    if ".so" not in name:
        return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])) is not None
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


# --- Without a network -------------------------------------------------------------------------------------------------


def make_bundle(arguments: list[str]) -> int:
    """Fetch the wheels of the lock for a platform into a folder, with the lock and a note on how to use them."""
    machine = platform.machine().lower().replace("amd64", "x86_64")
    here = {"linux": "linux", "win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform) + "-" + machine
    parser = argparse.ArgumentParser(prog="start.py bundle", description="Fetch what set-up needs, for a machine without a network.")
    parser.add_argument("--out", type=Path, required=True, help="a new or empty folder, or a bundle to renew")
    parser.add_argument("--platform", choices=PLATFORMS, default=here, help="default: %(default)s, this machine's")
    parser.add_argument("--python", choices=PYTHONS, default=PYTHON, help="default: %(default)s, this Python's")
    parser.add_argument("--dev", action="store_true", help="with what the tests need")
    asked = parser.parse_args(arguments)
    check_libraries("run")
    if not venv_python().exists():
        make_venv()
    purposes = ("run", "test") if asked.dev else ("run",)
    fetch(asked.out, asked.platform, asked.python, purposes)
    (asked.out / "README.txt").write_text(
        f"Packages for the twin on {asked.platform} with Python {asked.python}, checked against the lock beside this note.\n"
        "Carry this folder and the checkout to the machine without a network, then, in the checkout:\n\n"
        f"    python start.py --from {asked.out.name}\n",
        encoding="utf-8",
    )
    return 0


def fetch(out: Path, system: str, python: str, purposes: tuple[str, ...]) -> None:
    """Fill the folder with the wheels of the last purpose's lock, and a manifest once they are complete."""
    lock, manifest, wheels, chosen = LOCKS[purposes[-1]], out / "bundle.json", out / "wheels", out / "chosen.lock"
    if out.exists() and any(out.iterdir()) and not manifest.exists():
        raise StopError(f"{out} holds other things: name a new folder.")
    shutil.rmtree(wheels, ignore_errors=True)
    wheels.mkdir(parents=True)
    manifest.write_text("{}", encoding="utf-8")
    chosen.write_text("\n".join(select_pins(lock, system, python)) + "\n", encoding="utf-8")
    target = [word for tag in PLATFORMS[system][1] for word in ("--platform", tag)]
    target += ["--implementation", "cp", "--python-version", python, "--abi", "cp" + python.replace(".", "")]
    pip(f"Fetching packages for {system}", "download", *target, "--dest", str(wheels), "--requirement", str(chosen))
    chosen.unlink()
    shutil.copy(lock, out)
    files = {wheel.name: sha256(wheel) for wheel in sorted(wheels.iterdir())}
    locks = {purpose: sha256(LOCKS[purpose]) for purpose in purposes}
    described = {"schema": 1, "platform": system, "python": python, "locks": locks, "files": files}
    manifest.write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    size = sum(wheel.stat().st_size for wheel in wheels.iterdir())
    print(f"{len(files)} packages, {size / 1e6:.0f} MB in {out}.")


def select_pins(lock: Path, system: str, python: str) -> list[str]:
    """Return the lock's entries that hold on that platform and Python, without their markers."""
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    parts = [re.match(r"(\S+)(?: ; (.*?))?( \\\n.*)", entry, re.DOTALL) for entry in entries]
    environment = dict(zip(MARKERS, PLATFORMS[system][0], strict=True))
    environment |= {"python_version": python, "python_full_version": f"{python}.0", "platform_python_implementation": "CPython"}
    asked = json.dumps({"environment": environment, "markers": [part[2] if part else None for part in parts]})
    answer = subprocess.run([str(venv_python()), "-c", SELECT_BY_MARKER], input=asked, capture_output=True, text=True, check=True)
    return [part[1] + part[3] for part, holds in zip(parts, json.loads(answer.stdout), strict=True) if part and holds]


def wheels_of(bundle: Path, purpose: str) -> list[str]:
    """Return pip's arguments for installing from a bundle alone, once it is known to fit.

    Raises:
        StopError: no bundle, or one made for another Python or another lock.
    """
    try:
        manifest = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
        made_for, locks = manifest["python"], manifest["locks"]
    except (OSError, ValueError, KeyError, TypeError):
        raise StopError(f"{bundle} is no complete bundle: make it with `python start.py bundle --out FOLDER`.") from None
    if made_for != PYTHON:
        raise StopError(f"{bundle} was made for Python {made_for}, and this is {PYTHON}: make one with `--python {PYTHON}`.")
    if locks.get(purpose) != sha256(LOCKS[purpose]):
        dev = " --dev" if purpose == "test" else ""
        raise StopError(f"{bundle} does not hold what this checkout needs: make it again with `python start.py bundle{dev} --out FOLDER`.")
    return ["--no-index", "--find-links", str(bundle / "wheels")]


def sha256(path: Path) -> str:
    """Return a file's digest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def complain(sentence: str, status: int = 1) -> int:
    """Say it once, on standard error, and return the status to leave with."""
    print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
