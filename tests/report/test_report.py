"""The sheet that a shift hands over, made by the real command from real recordings."""

from __future__ import annotations

import html as markup
import json
import os
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from twin_app import text
from twin_app.__main__ import main
from twin_app.clock import SECOND_NS
from twin_app.errors import UsageError
from twin_app.layout import load
from twin_app.model.kpi import LOSS_WORDS, Spent
from twin_app.model.packml import Category, State
from twin_app.report.handover import gather, window_of
from twin_app.service import link
from twin_app.service.opening import open_line, read_through
from twin_app.times import parse_instant_ns

ROOT = Path(__file__).resolve().parents[2]
LAYOUT = ROOT / "models3d" / "lines" / "packaging.toml"
CAPTURE = ROOT / "sample_streams" / "packaging.jsonl"
BOTTLING = ROOT / "models3d" / "lines" / "bottling.toml"


class Reader(HTMLParser):
    """Collects the addresses and the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.elements: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src"} and value]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("sheet") / "report.html"
    assert main(["report", "--layout", str(LAYOUT), "--source", str(CAPTURE), "-o", str(out)]) == 0
    return out.read_text(encoding="utf-8")


def test_that_the_sheet_shows_the_figures_of_the_command_line(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kpi", "--layout", str(LAYOUT), "--source", str(CAPTURE), "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    for unit_id, unit in answer["units"].items():
        assert f"<td>{unit_id}</td>" in page
        assert f">{unit['kpi']['oee_low'] * 100:.1f}–{unit['kpi']['oee_high'] * 100:.1f} %<" in page
    line = answer["line"]
    assert f">{line['oee_low'] * 100:.1f}–{line['oee_high'] * 100:.1f} %<" in page


def test_that_every_line_of_the_sheet_leads_to_its_moment_and_nothing_comes_from_elsewhere(page: str) -> None:
    read = Reader()
    read.feed(page)
    assert len(read.addresses) >= 5
    for address in read.addresses:
        moment = link.read(address)
        assert moment.layout == LAYOUT
        assert list(moment.sources.values()) == [str(CAPTURE)]
    assert not {"script", "img", "link", "iframe"} & set(read.elements)
    assert "http" not in re.sub(r"<meta[^>]*>", "", page)


def test_that_every_figure_leads_to_the_interval_that_says_most_of_it(page: str) -> None:
    read = Reader()
    read.feed(page)
    moments = [link.read(address) for address in read.addresses]
    found = {(moment.unit, moment.figure): moment for moment in moments if moment.figure}
    units = [unit.id for unit in load(LAYOUT).units]
    by_unit = (
        "Good pieces",
        "Scrap ratio",
        "Availability",
        "Effectiveness",
        "Quality ratio",
        "OEE index",
        "Failures",
        "MTBF",
        "MTTR",
        "Blind time",
    )
    assert {(unit, figure) for unit in units for figure in by_unit} <= found.keys()
    assert {("Filler", words) for words in LOSS_WORDS.values()} <= found.keys()
    session = open_line(LAYOUT, [str(CAPTURE)], record=False)
    read_through(session, None)
    span = session.span()
    assert span is not None
    rows = session.spent("Capper", span.start_ns, span.end_ns)
    aborted = [row for row in rows if row.state in {State.ABORTING, State.ABORTED, State.CLEARING}]
    lost = [row for row in rows if row.category not in {Category.PRODUCTION, Category.BLIND, Category.PLANNED}]
    gaps = [row for row in session.spent("Filler", span.start_ns, span.end_ns) if row.state is None]
    session.close()
    assert {moment.span for moment in found.values() if moment.unit == "Capper"} >= {(span.start_ns, span.end_ns)}
    for unit, figure, some in (
        ("Capper", "Failures", aborted),
        ("Capper", "MTTR", aborted),
        ("Capper", "Availability", lost),
        ("Filler", "Blind time", gaps),
    ):
        assert found[unit, figure].at_ns == max(some, key=lambda row: row.end_ns - row.start_ns).start_ns
    alarms = [moment for moment in moments if moment.figure == link.ALARMS]
    assert len(alarms) >= 4
    assert {moment.span for moment in alarms} == {(span.start_ns, span.end_ns)}


def test_that_the_sheet_names_orders_as_the_command_line_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_APP_HOME", str(tmp_path))
    words = ["--layout", str(LAYOUT), "--source", str(CAPTURE)]
    for order, quantity, at in (("PO-1", "100", "2026-11-23T17:25:57.5+08:00"), ("PO-2", "5000", "2026-11-23T17:28:00+08:00")):
        assert main(["enter", "order", *words, "--order", order, "--quantity", quantity, "--at", at]) == 0
    assert main(["report", *words, "-o", str(tmp_path / "r.html")]) == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["kpi", *words, "--by", "order", "--json"]) == 0
    answered = [part for part in json.loads(capsys.readouterr().out)["parts"] if part["name"]]
    assert [part["name"] for part in answered] == ["PO-1", "PO-2"]
    rows = {name: row for row in page.split("<tr") for name in re.findall(r">(PO-\d+)</a>", row)}
    for part, began in zip(answered, ("≤\u00a017:25", "17:28"), strict=True):
        said = re.findall(r'class="f"[^>]*>([^<]*)</a>', rows[part["name"]])
        assert said[1:2] == [began]
        assert said[3:6] == [text.number(part["kpi"]["good"]), text.number(part["quantity"]), text.number(part["kpi"]["scrap"])]
        assert said[7] in {text.percent(part["kpi"]["oee_index"]), "too early to tell"} or "–" in said[7]
    assert [part["course"]["ended"] for part in answered] == ["2026-11-23T09:28:00.000Z", None]


def test_that_the_sheet_can_be_read_in_chinese(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    try:
        assert main(["report", "--layout", str(LAYOUT), "--source", str(CAPTURE), "--language", "zh_CN", "-o", str(out)]) == 0
    finally:
        text.set_language("en")
    said = out.read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in said
    assert "每小时产量" in said


def test_that_words_of_the_plant_are_no_markup(tmp_path: Path) -> None:
    evil, out = tmp_path / "evil.toml", tmp_path / "report.html"
    evil.write_text(
        LAYOUT.read_text(encoding="utf-8").replace('title = "Packaging line"', 'title = "<script>alert(1)</script>"'), encoding="utf-8"
    )
    assert main(["report", "--layout", str(evil), "--source", str(CAPTURE), "-o", str(out)]) == 0
    said = out.read_text(encoding="utf-8")
    assert markup.escape("<script>alert(1)</script>") in said
    assert "<script" not in said


def test_that_a_shift_is_found_by_its_local_day_and_number() -> None:
    # Asia/Shanghai: the late shift of a Monday is 14:00 to 22:00 there
    line = load(BOTTLING)
    assert window_of(line, date(2026, 11, 23), 2) == (
        "Late",
        parse_instant_ns("2026-11-23T14:00:00+08:00", 0),
        parse_instant_ns("2026-11-23T22:00:00+08:00", 0),
    )
    for day, number in ((date(2026, 11, 22), 1), (date(2026, 11, 23), 3), (date(2026, 11, 23), 0)):  # a Sunday; no third shift
        with pytest.raises(UsageError):
            window_of(line, day, number)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shift", "2026-11-23/9"], "has no shift 9"),
        (["--shift", "yesterday"], "is no shift"),
        (["--shift", "2026-11-23/1", "--from", "+1s"], "A shift and a window are given."),
        (["--from", "+20s", "--to", "+10s"], "ends before it starts"),
    ],
)
def test_that_a_window_there_is_not_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert main(["report", "--layout", str(LAYOUT), "--source", str(CAPTURE), *words, "-o", str(tmp_path / "r.html")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_that_a_sheet_of_another_kind_is_refused_before_anything_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--layout", str(LAYOUT), "--source", str(CAPTURE), "-o", str(tmp_path / "r.docx")]) == 2
    assert "neither .html nor .pdf" in capsys.readouterr().err


def test_that_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--layout", str(LAYOUT), "--source", str(CAPTURE), "-o", str(tmp_path / "no" / "r.html")]) != 0
    assert "cannot be a file: it is a folder or a device, or its folder is missing" in capsys.readouterr().err


def test_that_stops_gaps_and_hours_are_those_of_the_intervals() -> None:
    session = open_line(LAYOUT, [str(CAPTURE)], record=False)
    read_through(session, None)
    span = session.span()
    assert span is not None
    sheet = gather(session, span.start_ns, span.end_ns)
    session.close()

    def longest(picks: Any) -> list[tuple[str, int]]:
        """Return the runs of picked intervals by brute force: unit and start."""
        found = []
        for unit, rows in sheet.spent.items():
            run: list[Spent] = []
            for row in [*rows, None]:
                if row is not None and picks(row):
                    run.append(row)
                elif run:
                    found.append((run[-1].end_ns - run[0].start_ns, unit, run[0].start_ns))
                    run = []
        return [(unit, start) for lasted, unit, start in sorted(found, reverse=True) if lasted >= 10 * SECOND_NS]

    own = {Category.FAILURE, Category.INTERNAL_STOP, Category.TRANSITION, Category.SETUP, Category.MINOR_STOP}
    assert [(stop.unit, stop.start_ns) for stop in sheet.stops] == longest(lambda row: row.category in own)[:10]
    assert (sheet.stops[0].unit, sheet.stops[0].state) == ("Capper", State.ABORTED)
    assert {(*gap.units, round((gap.end_ns - gap.start_ns) / SECOND_NS)) for gap in sheet.gaps} == {("Filler", 6)}  # the others: below 5 s
    assert [start for start, _ in sheet.hours] == [span.start_ns]
    assert sheet.hours[0][1] == sheet.figures.line.good


def test_that_a_sheet_on_paper_is_written_where_there_is_no_display(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    out = tmp_path / "report.pdf"
    words = ("report", "--layout", str(LAYOUT), "--source", str(CAPTURE), "-o", str(out))
    done = subprocess.run([sys.executable, "-m", "twin_app", *words], env=bare, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes().startswith(b"%PDF")
