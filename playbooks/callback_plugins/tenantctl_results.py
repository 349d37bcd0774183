"""Writes what happened on each host, one JSON object a line, to the file that TENANTCTL_RESULTS names."""

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: tenantctl_results
type: stdout
short_description: results by host, for tenantctl
description: Writes one line a result, without arguments and outputs of tasks, which may hold secrets.
"""

LONGEST = 500


class CallbackModule(CallbackBase):
    """A line as soon as a host has done, failed or not answered; at the end the counts."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "tenantctl_results"

    def __init__(self):
        super().__init__()
        path = os.environ.get("TENANTCTL_RESULTS", os.devnull)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.file = os.fdopen(descriptor, "w", encoding="utf-8")

    def write(self, **line):
        """One line, complete before anything else happens."""
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()

    def result(self, event, result, **more):
        """A result of one task on one host."""
        self.write(event=event, host=result._host.get_name(), task=result._task.get_name().strip(), **more)

    def v2_runner_on_ok(self, result):
        self.result("ok", result)

    def v2_runner_on_skipped(self, result):
        self.result("skipped", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.result("ignored" if ignore_errors else "failed", result, message=message_of(result._result))

    def v2_runner_on_unreachable(self, result):
        self.result("unreachable", result, message=message_of(result._result))

    def v2_playbook_on_no_hosts_matched(self):
        self.write(event="no hosts matched")

    def v2_playbook_on_stats(self, stats):
        hosts = {host: stats.summarize(host) for host in stats.processed}
        self.write(event="end", hosts=hosts, facts=stats.custom)


def message_of(data):
    """Why it failed; not what a program printed."""
    if data.get("_ansible_no_log"):
        return "its result is not shown (no_log)"
    results = [each for each in data.get("results", []) if isinstance(each, dict) and each.get("failed")]
    text = (results[0] if results else data).get("msg") or data.get("msg") or "no message"
    return " ".join(str(text).split())[:LONGEST]
