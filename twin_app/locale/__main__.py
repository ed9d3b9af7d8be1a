"""`python -m twin_app.locale` brings every language's file up to date with the code; `--check` only says what is missing.

For whoever changes a sentence; the program itself never runs this.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from twin_app.locale.catalogue import lacks, po_files, report, sentences, updated


def main(argv: Sequence[str] | None = None) -> int:
    """Update or check. Return 1 where a translation is missing, 0 else."""
    parser = argparse.ArgumentParser(prog="python -m twin_app.locale", description="Bring the translations up to date with the code.")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is missing")
    check = parser.parse_args(argv).check
    said = sentences()
    lines: list[str] = []
    for language, path in po_files().items():
        text = path.read_bytes()
        if not check:
            text = updated(text, said)
            path.write_bytes(text)
        lines += report(language, lacks(text, said))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
