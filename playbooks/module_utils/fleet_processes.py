"""What pm2 and the kernel say of an application's processes."""

import json
import os
import subprocess


def daemon_runs(home):
    """Whether pm2's daemon is there: `pm2 jlist` would start one."""
    try:
        with open(os.path.join(home, "pm2.pid"), encoding="utf-8") as file:
            os.kill(int(file.read()), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True


def pm2_home():
    """The folder of pm2's daemon."""
    return os.environ.get("PM2_HOME") or os.path.join(os.path.expanduser("~"), ".pm2")


def read_processes(pm2, name):
    """Processes of that name, without their environment, which may hold secrets."""
    if not daemon_runs(pm2_home()):
        return []
    answer = subprocess.run(
        [*pm2, "jlist"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True
    )
    return [describe(each) for each in parse(answer.stdout) if each.get("name") == name]


def parse(output):
    """The list in what `pm2 jlist` prints; notices may stand before it."""
    lines = [line for line in output.splitlines() if line.startswith("[{") or line == "[]"]
    if not lines:
        raise ValueError("pm2 jlist printed no list")
    return json.loads(lines[-1])


def describe(process):
    """What has to be known of one process."""
    state = process.get("pm2_env", {})
    pid = process.get("pid") or 0
    return {
        "pid": pid,
        "status": state.get("status"),
        "restarts": state.get("restart_time", 0),
        "startedAt": state.get("pm_uptime", 0),
        "script": state.get("pm_exec_path"),
        "folder": folder_of(pid),
    }


def folder_of(pid):
    """The real folder that a process was started in: a link that moved since does not change it."""
    try:
        return os.readlink(f"/proc/{pid}/cwd") if pid else None
    except OSError:
        return None
