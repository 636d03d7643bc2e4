"""Reads a calendar with another library than the server's; prints its events' first moments as JSON.

Usage: read-calendar.py COUNT < CALENDAR. Each of {uid, summary, url, sequence, status, starts, end, zones}: starts are ms since 1970.
"""
import datetime
import io
import json
import sys

import icalendar
from dateutil import rrule, tz


def instant(moment):
    return int(moment.timestamp() * 1000)


def starts(event, zones, count):
    """The first ones, by their rule, in the zone that the file itself describes."""
    first = event.decoded("DTSTART")
    name = event["DTSTART"].params.get("TZID")
    zone = zones.get(name) if name else tz.UTC
    local = first.replace(tzinfo=None)
    if "RRULE" in event:
        rule = event["RRULE"].to_ical().decode()
        if "UNTIL" in rule:  # dateutil wants it as local as the start
            until = event["RRULE"]["UNTIL"][0].astimezone(zone).replace(tzinfo=None)
            rule = ";".join(p if not p.startswith("UNTIL") else f"UNTIL={until:%Y%m%dT%H%M%S}" for p in rule.split(";"))
        days = rrule.rrulestr(rule, dtstart=local)
    else:
        days = [local]
    excluded = event.get("EXDATE", [])
    excluded = [one for many in (excluded if isinstance(excluded, list) else [excluded]) for one in many.dts]
    excluded = {one.dt.replace(tzinfo=None) for one in excluded}
    found = []
    for day in days:
        if len(found) == count:
            break
        if day not in excluded:
            found.append(instant(day.replace(tzinfo=zone)))
    return found


def main():
    text = sys.stdin.buffer.read()
    calendar = icalendar.Calendar.from_ical(text)
    # the zones as they stand in the file, read by dateutil
    source = tz.tzical(io.StringIO(text.decode().replace("\r\n ", ""))) if b"VTIMEZONE" in text else None
    zones = {name: source.get(name) for name in source.keys()} if source else {}
    events = []
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        events.append({
            "uid": str(event["UID"]), "summary": str(event["SUMMARY"]), "url": str(event.get("URL", "")),
            "sequence": int(event["SEQUENCE"]), "status": str(event["STATUS"]),
            "minutes": int((event.decoded("DTEND") - event.decoded("DTSTART")) / datetime.timedelta(minutes=1)),
            "starts": starts(event, zones, int(sys.argv[1])),
        })
    print(json.dumps({"events": events, "zones": sorted(zones)}))


main()
