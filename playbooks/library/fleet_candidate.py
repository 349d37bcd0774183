#!/usr/bin/python
"""Starts a release beside the one that is served, on a port of its own, and ends it again."""

import json
import os
import signal
import socket
import subprocess
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.fleet_health import Refused, wait_for_version

DOCUMENTATION = """
module: fleet_candidate
short_description: Proves that a release starts, becomes ready and serves its version
description:
  - Starts the release's own script on a spare port, with the channel that C(process.send("ready")) writes to.
  - TENANTCTL_CANDIDATE=1 in its environment tells it to leave schedules and queues alone.
options:
  command: {description: Program and its arguments., type: list, elements: str, required: true}
  folder: {description: The release., type: path, required: true}
  ecosystem: {description: "pm2's description of the application, which has its variables.", type: path, required: true}
  port_variable: {description: The variable that names the port., type: str, default: PORT}
  health: {description: "Health URL with {port} in it.", type: str, required: true}
  field: {description: Where the answer has the version., type: str, default: version}
  version: {description: The version it has to report., type: str, required: true}
  wait_ready: {description: Whether it sends ready., type: bool, default: true}
  timeout: {description: Seconds to become ready and healthy., type: float, default: 30}
  stable: {description: Seconds that it has to go on so., type: float, default: 5}
author: [tenantctl]
"""
EXAMPLES = """
- name: Prove the release beside the old one
  fleet_candidate:
    command: [node, dist/index.js]
    folder: /srv/app/releases/1.2.0
    health: http://127.0.0.1:{port}/health
    version: 1.2.0
    ecosystem: /srv/app/releases/1.2.0/.ecosystem.json
"""
RETURN = """
port: {description: The spare port., type: int, returned: success}
"""


def spare_port():
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def variables_in(ecosystem):
    """The application's variables. They are no argument of the module: those are written to the system's log."""
    with open(ecosystem, encoding="utf-8") as file:
        return {name: str(value) for name, value in json.load(file)["apps"][0]["env"].items()}


class Candidate:
    """A started release, and the channel that Node.js writes its messages to."""

    def __init__(self, params, port):
        self.channel, theirs = socket.socketpair()
        self.channel.setblocking(False)
        self.buffer = b""
        self.child = subprocess.Popen(  # pylint: disable=consider-using-with
            params["command"],
            cwd=params["folder"],
            env={
                **os.environ,
                **variables_in(params["ecosystem"]),
                params["port_variable"]: str(port),
                "TENANTCTL_CANDIDATE": "1",
                "NODE_CHANNEL_FD": str(theirs.fileno()),
                "NODE_CHANNEL_SERIALIZATION_MODE": "json",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()

    def still_runs(self):
        """Raises Refused where it ended."""
        code = self.child.poll()
        if code is not None:
            raise Refused(f"the release ended by itself ({f'signal {-code}' if code < 0 else f'exit code {code}'})")

    def is_ready(self):
        """Whether it has sent ready."""
        try:
            self.buffer += self.channel.recv(65536)
        except OSError:
            pass
        return any(message == "ready" for message in messages(self.buffer))

    def wait_until_ready(self, deadline, timeout):
        """Raises Refused where it sends no ready in time."""
        while not self.is_ready():
            self.still_runs()
            if time.monotonic() >= deadline:
                raise Refused(f"the release sent no ready within {timeout:g} s")
            time.sleep(0.05)

    def end(self):
        """Ends it, with what it started."""
        for number in (signal.SIGINT, signal.SIGKILL):
            try:
                os.killpg(self.child.pid, number)
            except ProcessLookupError:
                break
            try:
                self.child.wait(5)
            except subprocess.TimeoutExpired:
                pass
        self.channel.close()


def messages(buffer):
    """The messages in what came over the channel."""
    for line in buffer.split(b"\n")[:-1]:
        try:
            yield json.loads(line)
        except ValueError:
            continue


def main():
    """Starts, proves, ends."""
    module = AnsibleModule(
        argument_spec={
            "command": {"type": "list", "elements": "str", "required": True},
            "folder": {"type": "path", "required": True},
            "ecosystem": {"type": "path", "required": True},
            "port_variable": {"type": "str", "default": "PORT"},
            "health": {"type": "str", "required": True},
            "field": {"type": "str", "default": "version"},
            "version": {"type": "str", "required": True},
            "wait_ready": {"type": "bool", "default": True},
            "timeout": {"type": "float", "default": 30},
            "stable": {"type": "float", "default": 5},
        },
        supports_check_mode=False,
    )
    params = module.params
    port = spare_port()
    try:
        candidate = Candidate(params, port)
    except OSError as error:
        module.fail_json(msg=f"the release can't be started: {params['command'][0]}: {error.strerror}")
    deadline = time.monotonic() + params["timeout"]
    url = params["health"].replace("{port}", str(port))
    try:
        if params["wait_ready"]:
            candidate.wait_until_ready(deadline, params["timeout"])
        wait_for_version(
            url, params["field"], params["version"], deadline, params["stable"], candidate.still_runs
        )
    except Refused as refusal:
        module.fail_json(msg=f"not switched: {refusal}")
    finally:
        candidate.end()
    module.exit_json(changed=False, port=port)


if __name__ == "__main__":
    main()
