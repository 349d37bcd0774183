#!/usr/bin/python
"""Unpacks a release beside the others, after it has seen that it is what was built."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.fleet_releases import release_in, replace_file

DOCUMENTATION = """
module: fleet_release
short_description: A whole release on a host, or none
description:
  - Compares the artifact's SHA-256, unpacks it, prepares it, and only then gives it its name.
  - A release that is there already is left as it is; one with another digest is refused.
options:
  root: {description: Folder that has releases., type: path, required: true}
  version: {description: Name of the release., type: str, required: true}
  digest: {description: SHA-256 of the artifact., type: str, required: true}
  serves: {description: The version that its health endpoint reports., type: str, required: true}
  artifact: {description: The tar.gz on this host., type: path, required: true}
  prepare: {description: Commands in its folder., type: list, elements: list, default: []}
author: [tenantctl]
"""
EXAMPLES = """
- name: Unpack a release
  fleet_release:
    root: /srv/app
    version: 1.2.0
    serves: 1.2.0
    digest: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
    artifact: /srv/app/releases/.1.2.0.tar.gz
"""
RETURN = """
folder: {description: The release., type: path, returned: success}
"""


def sha256_of(path):
    """Of a file of any size."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def unpack(artifact, folder):
    """Into a folder that is made anew. No entry may lead out of it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, mode=0o755)
    with tarfile.open(artifact, "r:*") as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(folder, filter="data")
            return
        for member in archive.getmembers():
            target = os.path.realpath(os.path.join(folder, member.name))
            if target != folder and not target.startswith(folder + os.sep):
                raise tarfile.TarError(f"{member.name} leads out of the release")
        archive.extractall(folder)


def prepare(module, command, folder):
    """Runs a command; what it prints may hold secrets, so that only its end is told."""
    try:
        subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )
    except subprocess.CalledProcessError as error:
        module.fail_json(msg=f"{command[0]} ended with exit code {error.returncode}: run it by hand in {folder}")
    except OSError as error:
        module.fail_json(msg=f"{command[0]} can't be run: {error.strerror}")


def install(module):
    """Unpacks, prepares, names."""
    params = module.params
    releases = os.path.realpath(os.path.join(params["root"], "releases"))
    partial = os.path.join(releases, "." + params["version"])
    found = sha256_of(params["artifact"])
    if found != params["digest"]:
        module.fail_json(
            msg=f"the artifact of {params['version']} is not what was built: digest {found}, not {params['digest']}"
        )
    unpack(params["artifact"], partial)
    for command in params["prepare"]:
        prepare(module, command, partial)
    about = {name: params[name] for name in ("version", "digest", "serves")}
    replace_file(os.path.join(partial, ".release.json"), json.dumps(about) + "\n")
    # Only whole releases have a name without a dot.
    os.rename(partial, os.path.join(releases, params["version"]))
    os.remove(params["artifact"])


def main():
    """Looks, and installs where it is not there."""
    module = AnsibleModule(
        argument_spec={
            "root": {"type": "path", "required": True},
            "version": {"type": "str", "required": True},
            "digest": {"type": "str", "required": True},
            "serves": {"type": "str", "required": True},
            "artifact": {"type": "path", "required": True},
            "prepare": {"type": "list", "elements": "list", "default": []},
        },
        supports_check_mode=True,
    )
    params = module.params
    folder = os.path.join(params["root"], "releases", params["version"])
    there = release_in(folder)
    if there and there["digest"] != params["digest"]:
        module.fail_json(
            msg=f"release {params['version']} is here with another digest: "
            "a release does not change, give the new one a new name"
        )
    if not there and not module.check_mode:
        try:
            install(module)
        except (OSError, tarfile.TarError) as error:
            module.fail_json(msg=f"release {params['version']} can't be unpacked: {error}")
    module.exit_json(changed=not there, folder=folder)


if __name__ == "__main__":
    main()
