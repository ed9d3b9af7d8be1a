"""Metrics as bytes in, samples out."""

import gzip
import math
import struct
import zlib
from typing import Any

import pytest

from tests.codec.sparkplug import encoding as sp
from tests.codec.sparkplug.encoding import compressed, field, metric, payload
from twin_app.codec.refusal import Reason
from twin_app.model.samples import Kind, Quality

NUMBER, BIG, FLAG, WORDS = Kind.NUMBER, Kind.BIG_INT, Kind.BOOL, Kind.TEXT


@pytest.mark.parametrize(
    ("kind", "sent", "datatype", "value", "held"),
    [
        ("int", 0x80, sp.INT8, -128.0, NUMBER),
        ("int", 0xFFFFFF80, sp.INT8, -128.0, NUMBER),  # extended to 32 bits by the publisher
        ("long", 2**64 - 128, sp.INT8, -128.0, NUMBER),  # and to 64
        ("int", 127, sp.INT8, 127.0, NUMBER),
        ("int", 0x8000, sp.INT16, -32768.0, NUMBER),
        ("int", 0xFFFF, sp.INT16, -1.0, NUMBER),
        ("int", 0x80000000, sp.INT32, -2147483648.0, NUMBER),
        ("int", 0xFFFFFFFF, sp.INT32, -1.0, NUMBER),
        ("long", 2**64 - 1, sp.INT32, -1.0, NUMBER),
        ("long", 2**63, sp.INT64, "-9223372036854775808", BIG),
        ("long", 2**63 - 1, sp.INT64, "9223372036854775807", BIG),
        ("long", 2**64 - 1, sp.INT64, -1.0, NUMBER),
        ("int", 255, sp.UINT8, 255.0, NUMBER),
        ("int", 65535, sp.UINT16, 65535.0, NUMBER),
        ("int", 2**32 - 1, sp.UINT32, 4294967295.0, NUMBER),
        ("long", 2**32 - 1, sp.UINT32, 4294967295.0, NUMBER),
        ("long", 2**64 - 1, sp.UINT64, "18446744073709551615", BIG),
        ("float", 0.1, sp.FLOAT, struct.unpack("<f", struct.pack("<f", 0.1))[0], NUMBER),
        ("float", -1.5, sp.INT32, -1.5, NUMBER),  # the kind that was sent wins
        ("int", 7, sp.FLOAT, 7.0, NUMBER),
        ("double", 1e300, sp.DOUBLE, 1e300, NUMBER),
        ("bool", 1, sp.BOOLEAN, 1.0, FLAG),
        ("bool", 0, sp.BOOLEAN, 0.0, FLAG),
        ("int", 1, sp.BOOLEAN, 1.0, FLAG),
        ("long", 1_795_425_957_000, sp.DATE_TIME, 1_795_425_957_000.0, NUMBER),
        ("string", "grüß", sp.STRING, "grüß", WORDS),
        ("string", "12", sp.STRING, "12", WORDS),  # a text stays one, whatever it looks like
        ("string", "", sp.TEXT, "", WORDS),
        ("string", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", sp.UUID, "6f9619ff-8b86-d011-b42d-00cf4fc964ff", WORDS),
        ("bytes", struct.pack("<3b", -1, 0, 127), 22, "[-1,0,127]", WORDS),
        ("bytes", struct.pack("<2h", -32768, 5), 23, "[-32768,5]", WORDS),
        ("bytes", struct.pack("<2i", -1, 2**31 - 1), 24, "[-1,2147483647]", WORDS),
        ("bytes", struct.pack("<q", -(2**63)), 25, "[-9223372036854775808]", WORDS),
        ("bytes", bytes((0, 255)), 26, "[0,255]", WORDS),
        ("bytes", struct.pack("<H", 65535), 27, "[65535]", WORDS),
        ("bytes", struct.pack("<I", 2**32 - 1), 28, "[4294967295]", WORDS),
        ("bytes", struct.pack("<Q", 2**64 - 1), 29, "[18446744073709551615]", WORDS),
        ("bytes", struct.pack("<2f", 0.5, -2), 30, "[0.5,-2.0]", WORDS),
        ("bytes", struct.pack("<d", 0.1), 31, "[0.1]", WORDS),
        ("bytes", struct.pack("<I", 10) + bytes((0b10100000, 0b01000000)), 32, "[true,false,true,false,false,false,false,false,false,true]", WORDS),
        ("bytes", b"ABC\0hello\0", 33, '["ABC","hello"]', WORDS),
        ("bytes", struct.pack("<q", 1_256_102_875_335), 34, "[1256102875335]", WORDS),
        ("bytes", b"", 24, "[]", WORDS),
    ],
)  # fmt: skip
def test_that_a_metric_holds_what_its_datatype_says(cell: Any, kind: str, sent: Any, datatype: int, value: Any, held: Kind) -> None:
    cell.born(metric("M", sent, kind, datatype=datatype))
    found = [s for s in cell.samples() if s.name == "M"]
    assert [(s.unit, s.value, s.kind, s.quality) for s in found] == [("Filler", value, held, Quality.GOOD)]


@pytest.mark.parametrize(
    ("kind", "sent", "datatype", "reason"),
    [
        ("int", 300, sp.INT8, Reason.OUT_OF_RANGE),  # cut to its width it would be 44
        ("int", 0xFFFFFF7F, sp.INT8, Reason.OUT_OF_RANGE),
        ("int", 256, sp.UINT8, Reason.OUT_OF_RANGE),
        ("long", 2**32, sp.UINT32, Reason.OUT_OF_RANGE),
        ("double", math.inf, sp.DOUBLE, Reason.OUT_OF_RANGE),
        ("bytes", b"\1\2\3", 23, Reason.NOT_AN_ARRAY),
        ("bytes", b"\1", 32, Reason.NOT_AN_ARRAY),
        ("bytes", struct.pack("<I", 2**32 - 1) + b"\1", 32, Reason.NOT_AN_ARRAY),
        ("bytes", b"\xff\0", 33, Reason.NOT_UTF8),
        ("bytes", bytes(5000), 26, Reason.TEXT_TOO_LONG),
        ("bytes", bytes(5000), sp.FILE, Reason.TEXT_TOO_LONG),
        ("string", "x" * 5000, sp.STRING, Reason.TEXT_TOO_LONG),
        ("string", b"\xff\xfe", sp.STRING, Reason.NOT_UTF8),
    ],
)
def test_that_a_value_that_is_not_what_it_says_is_refused_and_its_neighbours_are_taken(
    cell: Any, kind: str, sent: Any, datatype: int, reason: Reason
) -> None:
    before, after = metric("Before", 1, "int", datatype=sp.INT32), metric("After", 2, "int", datatype=sp.INT32)
    cell.hear("NBIRTH", seq=0)
    assert cell.hear("DBIRTH", before, metric("M", sent, kind, datatype=datatype), after, device="Filler", seq=1) == reason
    assert {s.name: s.value for s in cell.samples() if s.unit == "Filler"} == {"Before": 1.0, "After": 2.0}
    assert cell.tally.refused == {reason: 1}


def test_that_bytes_are_kept_as_they_are(cell: Any) -> None:
    cell.born(metric("Photo", b"\x89PNG\0\xff", "bytes", datatype=sp.BYTES))
    rows = cell.columns.take_all()
    blob = rows.kind == Kind.BLOB
    assert [cell.texts.entry(int(code)) for code in rows.value[blob]] == [b"\x89PNG\0\xff"]


def test_that_a_data_set_is_shown_with_its_columns_and_signs(cell: Any) -> None:
    rows = b"".join(field(4, field(1, field(1, n)) + field(1, field(6, word))) for n, word in ((0xFF, "a"), (5, "b")))
    table = field(1, 2) + field(2, "Offset") + field(2, "Name") + field(3, sp.INT8) + field(3, sp.STRING) + rows
    cell.born(metric("Table", table, "dataset", datatype=sp.DATA_SET))
    assert cell.values("Table") == ['{"columns":["Offset","Name"],"rows":[[-1,"a"],[5,"b"]]}']


def test_that_a_template_is_shown_with_its_members_and_parameters(cell: Any) -> None:
    inner = field(2, metric("Amps", 456, "int", datatype=sp.INT32)) + field(4, "Winding")
    members = field(2, metric("RPM", 0xFFFFFFFF, "int", datatype=sp.INT32)) + field(
        2, metric("Coil", inner, "template", datatype=sp.TEMPLATE)
    )
    parameter = field(3, field(1, "Index") + field(2, sp.STRING) + field(8, "1"))
    cell.born(metric("Motor", field(1, "v2") + members + parameter + field(4, "Custom"), "template", datatype=sp.TEMPLATE))
    winding = '{"template":"Winding","version":"","parameters":{},"members":{"Amps":456}}'
    assert cell.values("Motor") == [
        '{"template":"Custom","version":"v2","parameters":{"Index":"1"},"members":{"RPM":-1,"Coil":' + winding + "}}"
    ]


def test_that_null_is_no_value_and_never_zero(cell: Any) -> None:
    cell.born(metric("Speed", datatype=sp.INT32, null=True), metric("Admin/ProdProcessedCount/0/AccCount", datatype=sp.INT32, null=True))
    assert [(s.name, s.value, s.kind, s.quality) for s in cell.samples() if s.unit == "Filler"] == [
        ("Speed", None, Kind.NULL, Quality.BAD), ("Processed", None, Kind.NULL, Quality.BAD),
    ]  # fmt: skip
    assert cell.tally.refused == {}


def test_that_a_state_without_a_name_is_unknown_and_its_number_makes_none(cell: Any) -> None:
    name, number = (
        metric("Status/StateCurrentStr", "", "string", datatype=sp.STRING),
        metric("Status/StateCurrent", 6, "int", datatype=sp.INT32),
    )
    cell.born(number, name)
    cell.settle(10_000)
    assert [(s.name, s.value) for s in cell.samples() if s.unit == "Filler"] == [("StateNumber", 6.0), ("State", None)]


@pytest.mark.parametrize(("sent", "quality"), [(192, Quality.GOOD), (0, Quality.BAD), (500, Quality.STALE), (77, Quality.UNCERTAIN)])
def test_that_the_publishers_own_quality_is_believed(cell: Any, sent: int, quality: Quality) -> None:
    cell.born(metric("M", 1, "int", datatype=sp.INT32, properties={"Other": 3, "Quality": sent}))
    assert [s.quality for s in cell.samples() if s.name == "M"] == [quality]


def test_that_a_birth_gives_the_unit_of_measure(cell: Any) -> None:
    cell.born(metric("Temperature", 70.5, "double", datatype=sp.DOUBLE, properties={"engUnit": "°C"}))
    signal = cell.signals.find("Filler", "Temperature")
    assert cell.signals[signal].unit_of_measure == "°C"


@pytest.mark.parametrize("flip", [("int", 3), ("float", 9), ("double", 10), ("bool", 11)])
def test_that_a_metric_may_change_its_datatype_from_message_to_message(cell: Any, flip: tuple[str, int]) -> None:
    cell.born(metric("M", 5, "int", datatype=sp.INT32))
    kind, datatype = flip
    assert cell.data(metric("M", 1, kind, datatype=datatype), seq=2, at_ms=10) == ""
    assert cell.values("M") == [5.0, 1.0]


@pytest.mark.parametrize(
    "squeeze", [gzip.compress, zlib.compress, lambda body: zlib.compress(body)[2:-4]], ids=["gzip", "zlib", "bare deflate"]
)
def test_that_a_compressed_payload_is_read_like_any_other(cell: Any, squeeze: Any) -> None:
    cell.hear("NBIRTH", seq=0)
    body = payload(metric("M", 7, "int", datatype=sp.INT32), seq=1)
    assert cell.say("spBv1.0/G/DBIRTH/E/Filler", compressed(squeeze(body))) == ""
    assert cell.values("M") == [7.0]


def test_that_a_compressed_payload_may_leave_number_and_time_outside(cell: Any) -> None:
    cell.hear("NBIRTH", seq=0)
    body = payload(metric("M", 7, "int", datatype=sp.INT32))
    outside = payload(metric("algorithm", "GZIP", "string", datatype=sp.STRING), seq=1, at_ms=1_795_425_957_250)
    assert cell.say("spBv1.0/G/DBIRTH/E/Filler", outside + compressed(gzip.compress(body))) == ""
    assert [(s.value, s.source_ms) for s in cell.samples() if s.name == "M"] == [(7.0, 250)]
    assert cell.notes() == {}


def test_that_a_value_with_neither_name_nor_alias_is_nobodys_though_an_alias_may_be_nought(cell: Any) -> None:
    cell.born(metric("M", 1, "int", datatype=sp.INT32, alias=0))
    assert cell.data(metric(None, 7, "int"), metric(None, 8, "int", alias=0), seq=2, at_ms=10) == Reason.NO_NAME
    assert cell.values("M") == [1.0, 8.0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff", Reason.NOT_PROTOBUF),
        (b"{}", Reason.NOT_PROTOBUF),
        (bytes(2 * 1024 * 1024 + 1), Reason.TOO_LARGE),
        (b"\x12\x00" * 20_001, Reason.TOO_MANY_FIELDS),
        (compressed(b"neither"), Reason.NOT_COMPRESSED),
        (compressed(gzip.compress(b"\x12\x00" * 100, mtime=0)[:-20]), Reason.NOT_COMPRESSED),
        (compressed(gzip.compress(bytes(64 * 1024 * 1024), mtime=0)), Reason.TOO_LARGE),
        (compressed(gzip.compress(b"\xff\xff", mtime=0)), Reason.NOT_PROTOBUF),
        (b"\x12\xff\xff\xff\xff\x0f", Reason.NOT_PROTOBUF),
    ],
    ids=["cut", "JSON", "too large", "too many metrics", "not packed", "cut GZIP", "bomb", "packed rubbish", "length"],
)
def test_that_a_hostile_payload_is_refused_with_its_reason(cell: Any, data: bytes, reason: Reason) -> None:
    assert cell.say("spBv1.0/G/DDATA/E/Filler", data) == reason
    assert cell.samples() == []


def test_that_a_metric_whose_name_is_no_text_is_refused_and_the_next_one_taken(cell: Any) -> None:
    cell.hear("NBIRTH", seq=0)
    metrics = metric(b"\xff", 1, "int", datatype=sp.INT32), metric("M", 2, "int", datatype=sp.INT32)
    assert cell.hear("DBIRTH", *metrics, device="Filler", seq=1) == Reason.NOT_UTF8
    assert cell.values("M") == [2.0]
