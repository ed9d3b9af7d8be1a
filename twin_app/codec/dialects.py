"""The dialects there are, as an explicit tuple: adding one is a file and a line here."""

from __future__ import annotations

from twin_app.codec.json_flat import JSON_FLAT
from twin_app.codec.json_nested import JSON_NESTED
from twin_app.codec.packml_tags import PACKML_TAGS
from twin_app.codec.scalar import SCALAR
from twin_app.codec.sparkplug_b import SPARKPLUG_B
from twin_app.codec.umh import UMH
from twin_app.codec.vda5050 import VDA5050

DIALECTS = (PACKML_TAGS, JSON_FLAT, JSON_NESTED, SCALAR, UMH, VDA5050, SPARKPLUG_B)
BY_KEY = {dialect.key: dialect for dialect in DIALECTS}
