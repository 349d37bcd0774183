#!/usr/bin/python
"""Makes a release the current one, in one step that a crash can't halve."""

import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.fleet_releases import current_of, history_of, replace_file, replace_link

DOCUMENTATION = """
module: fleet_switch
short_description: Points current at a release, and keeps the history
description:
  - The history is written first. A crash between the two leaves a line that nothing is read from.
options:
  root: {description: Folder that has releases and current., type: path, required: true}
  version: {description: Name of the release., type: str, required: true}
  back: {description: "Back to a release that was served before, as if those after it had not been.", type: bool, default: false}
author: [tenantctl]
"""
EXAMPLES = """
- name: Switch
  fleet_switch:
    root: /srv/app
    version: 1.2.0
"""
RETURN = """
before: {description: The release that was current., type: str, returned: always}
"""


def history_with(history, version, back):
    """What was served, with the release as its last line."""
    if back and version in history:
        return history[: history.index(version) + 1]
    return [each for each in history if each != version] + [version]


def main():
    """Switches, unless it is so."""
    module = AnsibleModule(
        argument_spec={
            "root": {"type": "path", "required": True},
            "version": {"type": "str", "required": True},
            "back": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    root, version = module.params["root"], module.params["version"]
    before = current_of(root)
    target = os.path.join(root, "releases", version)
    if before != version and not module.check_mode:
        if not os.path.isdir(target):
            module.fail_json(msg=f"there is no release {version}")
        history = history_with(history_of(root), version, module.params["back"])
        try:
            replace_file(os.path.join(root, "history"), "".join(f"{each}\n" for each in history))
            replace_link(os.path.join(root, "current"), target)
        except OSError as error:
            module.fail_json(msg=f"not switched to {version}: {error}")
    module.exit_json(changed=before != version, before=before)


if __name__ == "__main__":
    main()
