"""The broker carries wake-ups only: nothing waits in it, and whatever waits for a time stands in the outbox."""

import ast

from tests.architecture.source import modules, name, tree
from tests.settings import make_settings
from workers.app import configuration
from workers.dispatch import SENT_AGAIN_AFTER

SENDING = {"apply_async", "send_task", "delay", "retry", "signature", "s", "si"}
FOR_LATER = {"countdown", "eta"}


def _calls(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SENDING:
            yield node


def test_no_task_waits_in_the_broker_for_its_time():
    waiting = [
        f"{name(path)}:{call.lineno}"
        for path in modules()
        for call in _calls(path)
        if any(keyword.arg is None or keyword.arg in FOR_LATER for keyword in call.keywords)
    ]
    assert waiting == []


def test_every_task_that_is_sent_ends_by_itself():
    sent = [
        call for path in modules("workers") for call in _calls(path) if call.func.attr in {"apply_async", "send_task"}
    ]
    assert len(sent) >= 3
    assert [call.lineno for call in sent if "expires" not in {keyword.arg for keyword in call.keywords}] == []
    assert SENT_AGAIN_AFTER.total_seconds() <= 60


def test_every_scheduled_task_ends_before_its_next_one():
    for entry in configuration(make_settings("sqlite:///:memory:"))["beat_schedule"].values():
        assert entry["options"]["expires"] <= entry["schedule"]
