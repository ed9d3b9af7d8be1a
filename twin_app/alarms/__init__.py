"""The alarms of a line (ISA-18.2, IEC 62682) as a function of time: what is alarmed, how states follow, what is shown at an instant."""

from twin_app.alarms.engine import Alarms

__all__ = ["Alarms"]
