#!/usr/bin/python
"""Waits until a host serves a release, and goes on doing so."""

import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.fleet_health import Refused, wait_for_version
from ansible.module_utils.fleet_processes import read_processes

DOCUMENTATION = """
module: fleet_proof
short_description: Proves that a host serves a release
description: Compares the version at the health endpoint, process ids, and the folder that processes run in.
options:
  process: {description: Name that pm2 knows the application by., type: str, required: true}
  pm2: {description: Words that run pm2., type: list, elements: str, default: [pm2]}
  folder: {description: The release that has to be served., type: path, required: true}
  health: {description: Health URL., type: str, required: true}
  field: {description: Where the answer has the version., type: str, default: version}
  version: {description: The version it has to report., type: str, required: true}
  old_pids: {description: Processes that must have ended., type: list, elements: int, default: []}
  timeout: {description: Seconds until it has to be healthy., type: float, default: 30}
  stable: {description: Seconds that it has to go on so., type: float, default: 5}
author: [tenantctl]
"""
EXAMPLES = """
- name: Prove what is served
  fleet_proof:
    process: app
    folder: /srv/app/releases/1.2.0
    health: http://127.0.0.1:3000/health
    version: 1.2.0
"""
RETURN = """
processes: {description: What runs., type: list, returned: success}
"""


def judge(processes, params, since):
    """Raises Refused where pm2's processes are not those of the release, or not steady.

    `since` is the time, in milliseconds, that none of them may have been started after.
    """
    if not processes:
        raise Refused(f"pm2 runs no process {params['process']}")
    for each in processes:
        if each["status"] != "online":
            raise Refused(f"process {each['pid']} is {each['status']}")
        if each["pid"] in params["old_pids"]:
            raise Refused(f"process {each['pid']} was not replaced: it still runs the code of before")
        if each["folder"] not in (None, params["folder"]):
            raise Refused(f"process {each['pid']} runs in {each['folder']}")
        if each["startedAt"] > since:
            raise Refused(f"process {each['pid']} was restarted while it was watched")


def main():
    """Waits, compares, answers."""
    module = AnsibleModule(
        argument_spec={
            "process": {"type": "str", "required": True},
            "pm2": {"type": "list", "elements": "str", "default": ["pm2"]},
            "folder": {"type": "path", "required": True},
            "health": {"type": "str", "required": True},
            "field": {"type": "str", "default": "version"},
            "version": {"type": "str", "required": True},
            "old_pids": {"type": "list", "elements": "int", "default": []},
            "timeout": {"type": "float", "default": 30},
            "stable": {"type": "float", "default": 5},
        },
        supports_check_mode=True,
    )
    params = module.params
    try:
        wait_for_version(
            params["health"],
            params["field"],
            params["version"],
            time.monotonic() + params["timeout"],
            params["stable"],
        )
        since = (time.time() - params["stable"]) * 1000
        processes = read_processes(params["pm2"], params["process"])
        judge(processes, params, since)
    except Refused as refusal:
        module.fail_json(msg=f"not proven: {refusal}")
    except Exception as error:  # pylint: disable=broad-except
        module.fail_json(msg=f"pm2 can't be asked for its processes: {type(error).__name__}")
    module.exit_json(changed=False, processes=processes)


if __name__ == "__main__":
    main()
