#!/usr/bin/python
"""Reads what a host has and runs. It changes nothing."""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.fleet_processes import read_processes
from ansible.module_utils.fleet_releases import current_of, history_of, releases_of

DOCUMENTATION = """
module: fleet_facts
short_description: Releases of a host, and what runs of them
description: Reads the releases side by side, the one that C(current) points at, the history and pm2's processes.
options:
  root: {description: Folder that has releases and current., type: path, required: true}
  process: {description: Name that pm2 knows the application by., type: str, required: true}
  pm2: {description: Words that run pm2., type: list, elements: str, default: [pm2]}
author: [tenantctl]
"""
EXAMPLES = """
- name: Read what the host has
  fleet_facts:
    root: /srv/app
    process: app
"""
RETURN = """
fleet: {description: Current release, its predecessor, all by name, history, processes., type: dict, returned: always}
"""


def main():
    """Reads and answers."""
    module = AnsibleModule(
        argument_spec={
            "root": {"type": "path", "required": True},
            "process": {"type": "str", "required": True},
            "pm2": {"type": "list", "elements": "str", "default": ["pm2"]},
        },
        supports_check_mode=True,
    )
    root = module.params["root"]
    releases, current, history = releases_of(root), current_of(root), history_of(root)
    try:
        processes = read_processes(module.params["pm2"], module.params["process"])
    except Exception as error:  # pylint: disable=broad-except
        module.fail_json(msg=f"pm2 can't be asked for its processes: {type(error).__name__}")
    module.exit_json(
        changed=False,
        fleet={
            "current": current,
            "digest": releases.get(current, {}).get("digest"),
            "previous": next((version for version in reversed(history[:-1]) if version in releases), None),
            "releases": releases,
            "history": history,
            "processes": processes,
        },
    )


if __name__ == "__main__":
    main()
