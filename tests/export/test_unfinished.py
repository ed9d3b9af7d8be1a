"""What a name that is given for a file may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin_app.errors import UsageError
from twin_app.export.unfinished import check_free


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a system without devices in its folders")
def test_that_a_device_is_not_replaced_by_a_file_of_its_name() -> None:
    with pytest.raises(UsageError, match="device"):
        check_free(Path("/dev/full"), force=True)


def test_that_a_file_that_is_there_is_written_over_where_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    check_free(tmp_path / "a", force=True)
    with pytest.raises(UsageError, match="exists already"):
        check_free(tmp_path / "a", force=False)
