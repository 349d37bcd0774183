"""Releases side by side: which there are, which one is current, which were."""

import json
import os


def release_in(folder):
    """What was written into a release when it was whole; None where it was not."""
    try:
        with open(os.path.join(folder, ".release.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def releases_of(root):
    """Each whole release by its name."""
    folder = os.path.join(root, "releases")
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(".")]
    except OSError:
        return {}
    found = {name: release_in(os.path.join(folder, name)) for name in sorted(names)}
    return {name: release for name, release in found.items() if release}


def current_of(root):
    """Name of the release that current points at; None where there is no such link."""
    link = os.path.join(root, "current")
    return os.path.basename(os.readlink(link)) if os.path.islink(link) else None


def history_of(root):
    """What was served up to the current release; a switch that a crash prevented stands behind it."""
    current = current_of(root)
    try:
        with open(os.path.join(root, "history"), encoding="utf-8") as file:
            lines = file.read().split()
    except OSError:
        lines = []
    if current in lines:
        return lines[: lines.index(current) + 1]
    return [current] if current else []


def replace_file(path, text):
    """Whole and on the disk, or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(path + ".new", path)
    sync_folder(path)


def replace_link(path, target):
    """A link is never gone between the old and the new one."""
    temporary = path + ".new"
    if os.path.islink(temporary):
        os.remove(temporary)
    os.symlink(target, temporary)
    os.rename(temporary, path)
    sync_folder(path)


def sync_folder(path):
    """A rename is on the disk when its folder is."""
    descriptor = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
