"""What JSON Schema cannot say of a request, so that what is made by openapi.json is right.

What is made up of seats, devices and links leads nowhere. So a chat is started for the run, and each of these that has the right
form is replaced with a real one: then the answers of those who are in a chat are compared with the schema too. A chat that the run
has ended or left is followed by another. They are all started at the beginning, because one address may start only so many chats.
"""

import json
import os
import re
import urllib.error
import urllib.request

import schemathesis

HOUSE = os.environ["PARLOUR_HOUSE"] + "/api/v1"
DEVICE = os.environ["PARLOUR_DEVICE"]
SEAT = re.compile(r"[0-9a-f]{16}-[0-9]+")
TAG = re.compile(r"[0-9a-f]{16}")


def asked(path, body=None):
    """What the house answers to the device of the run, or None."""
    data, headers = None, {"Authorization": f"Bearer {DEVICE}"}
    if body is not None:
        data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    try:
        with urllib.request.urlopen(urllib.request.Request(HOUSE + path, data, headers), timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:
        return None


class Chat:
    """Anny's seat in a chat, and Abhi's link and code."""

    def __init__(self):
        started = asked("/chats", {"names": ["Anny", "Abhi"], "idle": "1d"})
        own, self.link = ({"token": one["link"].split("#")[1], "code": one["code"]} for one in started["invites"])
        self.seat = asked("/invites/enter", own)["seat"]
        for number in range(3):
            asked(f"/seats/{self.seat}/messages", {"id": f"{number:032x}", "text": "hello"})

    def is_open(self):
        return asked(f"/seats/{self.seat}") is not None

    def device(self):
        devices = asked(f"/seats/{self.seat}/devices") or {"devices": []}
        return next((one["device"] for one in devices["devices"]), None)


# Each of the operations after which a chat is of no more use gets a real seat so often.
SPENT_BY = {"DELETE /seats/{seat}": 4, "DELETE /seats/{seat}/devices/{device}": 4, "POST /seats/{seat}/end": 4}
chats = [Chat() for _ in range(sum(SPENT_BY.values()) + 1)]


def open_chat():
    while len(chats) > 1 and not chats[0].is_open():
        chats.pop(0)
    return chats[0]


def may_have_a_seat(operation):
    name = f"{operation.method.upper()} {operation.path.removeprefix('/api/v1')}"
    if name not in SPENT_BY:
        return True
    SPENT_BY[name] -= 1
    return SPENT_BY[name] >= 0


def whole(value):
    """2.0 is an integer to JSON Schema (section 6.1.1 of 2020-12), and none to the house."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    return [whole(inner) for inner in value] if isinstance(value, list) else value


def is_token(value):
    return isinstance(value, str) and re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", value) is not None


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not isinstance(path_parameters, dict):
        return path_parameters
    real = dict(path_parameters)
    if SEAT.fullmatch(str(real.get("seat", ""))) and may_have_a_seat(context.operation):
        chat = open_chat()
        real["seat"] = chat.seat
        if TAG.fullmatch(str(real.get("device", ""))):
            real["device"] = chat.device() or real["device"]
    return real


@schemathesis.hook
def map_body(context, body):
    body = whole(body)
    if isinstance(body, dict) and is_token(body.get("token")):
        link = open_chat().link
        body["token"] = link["token"]
        if isinstance(body.get("code"), str):
            body["code"] = link["code"]
    return body


@schemathesis.hook
def before_call(context, case, kwargs):
    """Messages are asked for by one of two, in every phase of the run."""
    for other in ("before", "newest"):
        if case.query and "after" in case.query and other in case.query:
            case.query = {name: value for name, value in case.query.items() if name != other}
