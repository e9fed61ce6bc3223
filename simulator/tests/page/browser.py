"""Drives headless Chromium through ChromeDriver, with nothing but the standard library."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# Longer than anything takes, also on a busy machine.
TIMEOUT = 60

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",  # Chromium's sandbox does not work as root, which CI is.
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    # Nothing but the simulator is contacted.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
]

# What a WebDriver response calls an element.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """A browser with one window. Use it in a `with` block, which ends it."""

    def __enter__(self):
        self.profile = tempfile.mkdtemp(prefix="luma-page-")
        log = pathlib.Path(self.profile, "chromedriver.log")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=log.open("wb"), stderr=subprocess.STDOUT
        )
        port = wait_for(lambda: started_on(log), "chromedriver does not start")
        self.url = f"http://127.0.0.1:{port}"
        options = {"args": [*ARGUMENTS, f"--user-data-dir={self.profile}"]}
        if os.path.exists("/usr/bin/chromium"):
            options["binary"] = "/usr/bin/chromium"
        capabilities = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self.send("/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.url += f"/session/{session['sessionId']}"
        return self

    def __exit__(self, *_):
        try:
            self.send("", method="DELETE")
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, path, body=None, method="POST"):
        data = json.dumps(body or {}).encode() if method == "POST" else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=TIMEOUT) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from None

    def devtools(self, command, **parameters):
        return self.send("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self.send("/url", {"url": url})

    def run(self, script, *arguments):
        """Runs a script in the page and returns its value."""
        return self.send("/execute/sync", {"script": script, "args": list(arguments)})

    def press(self, *keys):
        for key in keys:
            actions = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
            self.send("/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def look(self, width, scheme, reduced_motion=True):
        """Sets the width of the window and what the person prefers."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=900, deviceScaleFactor=1, mobile=False,
        )
        motion = "reduce" if reduced_motion else "no-preference"
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
        features = [{"name": name, "value": value} for name, value in features.items()]
        self.devtools("Emulation.setEmulatedMedia", features=features)

    def screenshot(self, path, max_height=2000):
        width, height = self.run(
            "const e = document.documentElement; return [e.clientWidth, e.scrollHeight]"
        )
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, max_height), "scale": 1}
        image = self.devtools("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(image["data"]))

    def console(self):
        """The messages since the last time: errors of scripts, and of the policy."""
        return [entry["message"] for entry in self.send("/se/log", {"type": "browser"})]

    def frame(self, selector):
        """Enters an IFrame, or with None the page around it."""
        if selector is None:
            return self.send("/frame", {"id": None})
        found = self.send("/element", {"using": "css selector", "value": selector})
        return self.send("/frame", {"id": {ELEMENT: found[ELEMENT]}})


def started_on(log):
    _, found, port = log.read_text().partition("started successfully on port ")
    return found and port.split(".")[0].strip()


def wait_for(condition, problem):
    """Returns the first value of the condition that is true."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, problem
        time.sleep(0.05)
