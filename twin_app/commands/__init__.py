"""The command line, a file a command (or two that are alike). Adding one is a file and its name in COMMANDS."""

from twin_app.commands.acl import ACL
from twin_app.commands.alarms import ALARMS
from twin_app.commands.answers import KPI, STATE
from twin_app.commands.attempts import ATTEMPTS
from twin_app.commands.check import CHECK
from twin_app.commands.compare import COMPARE
from twin_app.commands.contents import CONTENTS
from twin_app.commands.discover import DISCOVER
from twin_app.commands.enter import ENTER, ENTRIES
from twin_app.commands.export import EXPORT
from twin_app.commands.find import FIND
from twin_app.commands.forget import FORGET
from twin_app.commands.import_table import IMPORT
from twin_app.commands.links import LINKS
from twin_app.commands.models import MODELS
from twin_app.commands.open_window import OPEN
from twin_app.commands.overview import OVERVIEW
from twin_app.commands.persons import PERSONS
from twin_app.commands.publish import PUBLISH
from twin_app.commands.record import HEALTH, RECORD
from twin_app.commands.remap import REMAP
from twin_app.commands.repair import REPAIR
from twin_app.commands.report import REPORT
from twin_app.commands.shifts import SHIFTS
from twin_app.commands.simulate import SIMULATE
from twin_app.commands.snapshot import SNAPSHOT
from twin_app.commands.video import VIDEO

COMMANDS = (
    OPEN,
    OVERVIEW,
    CHECK,
    DISCOVER,
    ACL,
    STATE,
    KPI,
    ALARMS,
    ENTRIES,
    ENTER,
    SNAPSHOT,
    VIDEO,
    REPORT,
    SHIFTS,
    FIND,
    COMPARE,
    ATTEMPTS,
    EXPORT,
    IMPORT,
    PUBLISH,
    RECORD,
    HEALTH,
    CONTENTS,
    REMAP,
    REPAIR,
    FORGET,
    SIMULATE,
    LINKS,
    MODELS,
    PERSONS,
)
