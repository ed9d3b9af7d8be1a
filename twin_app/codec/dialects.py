"""The dialects there are, as an explicit tuple: adding one is a file and a line here."""

from __future__ import annotations

from twin_app.codec.json_flat import JSON_FLAT
from twin_app.codec.packml_tags import PACKML_TAGS

DIALECTS = (PACKML_TAGS, JSON_FLAT)
BY_KEY = {dialect.key: dialect for dialect in DIALECTS}
