"""What the health endpoint of an application says."""

import json
import time
import urllib.error
import urllib.request


class Refused(Exception):
    """The application does not serve what it has to; the message says why."""


def ask(url, field):
    """The version that the endpoint reports.

    Raises Refused where there is no answer, an error, or no version in it.
    """
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            body = answer.read(1_000_000)
    except urllib.error.HTTPError as error:
        raise Refused(f"{url} answers {error.code}") from error
    except OSError as error:
        raise Refused(f"{url} does not answer: {getattr(error, 'reason', error)}") from error
    try:
        return str(value_at(json.loads(body), field))
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise Refused(f"{url} reports no {field}") from error


def value_at(value, field):
    """By the name of a field, or by a JSON pointer."""
    keys = field[1:].split("/") if field.startswith("/") else [field]
    for key in keys:
        key = key.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    if value is None or isinstance(value, (dict, list)):
        raise KeyError(field)
    return value


def wait_for_version(url, field, version, deadline, stable, still_runs=lambda: None):
    """Waits until the endpoint reports the version, then that it goes on doing so for `stable` seconds.

    `deadline` is a time of the monotonic clock; `still_runs` raises Refused where there is nothing to wait for.
    """
    since = None
    while True:
        still_runs()
        now = time.monotonic()
        try:
            served = ask(url, field)
            if served != version:
                raise Refused(f"{url} reports version {served}, not {version}")
            since = now if since is None else since
            if now - since >= stable:
                return
        except Refused as refusal:
            if since is not None:
                raise Refused(f"it served {version} and then failed: {refusal}") from refusal
            if now >= deadline:
                raise
        time.sleep(0.2)
