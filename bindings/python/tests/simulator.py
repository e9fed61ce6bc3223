"""The simulator that the tests run against, see bindings/README.md."""

import json
import os
import socket
import urllib.request

URL = os.environ["LUMA_URL"]
TOKEN = os.environ["LUMA_TOKEN"]


def _request(method, path):
    request = urllib.request.Request(URL + path, method=method)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.loads(response.read() or b"null")


def advance(milliseconds):
    _request("POST", f"/simulator/time?advanceMs={milliseconds}")


def journal(workflow=None):
    query = f"?workflowIdentifier={workflow}" if workflow else ""
    return _request("GET", "/simulator/journal" + query)["deliveries"]


def clear_journal():
    _request("DELETE", "/simulator/journal")


def closed_port():
    """Returns a URL with a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
