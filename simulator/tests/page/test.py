#!/usr/bin/env python3
"""Tests the simulator's web pages in headless Chromium, and takes screenshots.

    test.py LUMA_SIMULATOR FOLDER_FOR_SCREENSHOTS
"""

import http.server
import json
import pathlib
import subprocess
import sys
import threading
import urllib.request

sys.dont_write_bytecode = True
from browser import Browser, wait_for  # noqa: E402

HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
TAB, ENTER, SPACE = "\ue004", "\ue007", " "
WIDTHS = [360, 1400]
SCHEMES = ["light", "dark"]

# Texts whose contrast with their background is less than 4.5 to 1.
LOW_CONTRAST = """
const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
const ground = (element) => {
  for (; element; element = element.parentElement) {
    const colour = parse(getComputedStyle(element).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
  if (['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(element.nodeName)) continue;
  const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) found.push(`${walker.currentNode.data}: ${ratio.toFixed(2)}`);
}
return found;
"""

# What assistive technology needs and does not find.
BARRIERS = """
const found = [];
const all = (selector) => [...document.querySelectorAll(selector)];
if (!document.documentElement.lang) found.push('no language');
if (!document.title) found.push('no title');
if (all('main').length !== 1) found.push('not exactly one main');
if (all('h1').length !== 1) found.push('not exactly one h1');
let level = 0;
for (const heading of all('h1, h2, h3')) {
  const next = Number(heading.nodeName[1]);
  if (next > level + 1) found.push(`${heading.textContent} skips a level`);
  level = next;
}
for (const input of all('input, select, textarea')) {
  if (!input.labels.length) found.push(`${input.id} has no label`);
}
for (const control of all('a, button, summary')) {
  if (!control.textContent.trim()) found.push(`${control.outerHTML} has no name`);
  const box = control.getBoundingClientRect();
  if (control.checkVisibility() && box.height < 24 && control.closest('p, th, td') === null) {
    found.push(`${control.textContent} is ${box.height} px high`);
  }
}
for (const section of all('section')) {
  const label = section.getAttribute('aria-labelledby');
  if (!document.getElementById(label)) found.push(`a section has no name: ${label}`);
}
const ids = all('[id]').map((element) => element.id);
if (new Set(ids).size !== ids.length) found.push('an id is used twice');
return found;
"""

TOO_WIDE = """
const width = document.documentElement.clientWidth;
const isScrolled = (element) => element.closest('pre') !== null;
return [...document.querySelectorAll('body *')]
  .filter((e) => e.getBoundingClientRect().right > width + 0.5 && !isScrolled(e))
  .map((e) => `${e.nodeName}.${e.className}: ${e.textContent.slice(0, 40)}`);
"""


class Simulator:
    """A simulator in virtual time."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "--virtual-time"], stdout=subprocess.PIPE, text=True
        )
        self.ready = json.loads(self.process.stdout.readline())
        self.url = self.ready["url"]
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, path, body=None):
        headers = {"Authorization": "Bearer " + self.ready["token"]}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, body, headers)
        with self.opener.open(request, timeout=30) as response:
            return json.load(response)

    def trigger(self, workflow, **variables):
        body = {
            "workflowIdentifier": workflow,
            "variables": variables,
            "initiatorContactId": 4021,
            "initiatorApplicationId": -4,
            "initiationInfo": {"ticketIdentifier": "100-1"},
        }
        result = self.call("/gateway/api/v1/workflow/trigger", body)["resultData"]
        return result["executionConfig"]["triggerId"]

    def launch_url(self, trigger_id):
        context = {"triggerId": trigger_id}
        body = {"launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": context}
        path = "/gateway/api/v1/launchincontexturl/generate"
        return self.call(path, body)["resultData"].strip()

    def ask_for_fault(self, query):
        request = urllib.request.Request(f"{self.url}/simulator/faults?{query}", b"")
        self.opener.open(request, timeout=30).close()

    def advance(self, ms):
        self.call(f"/simulator/time?advanceMs={ms}", {})


def check_page(browser, name, folder):
    """Checks a page that is open, in every width and scheme."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            browser.look(width, scheme)
            browser.screenshot(folder / f"{name}-{width}-{scheme}.png")
            where = f"{name}, {width} px, {scheme}"
            for script in [LOW_CONTRAST, BARRIERS, TOO_WIDE]:
                found = browser.run(script)
                assert not found, f"{where}: {found}"
    browser.look(1400, "light")


def text(browser, selector):
    return browser.run(f"return document.querySelector({selector!r}).innerText")


def see(browser, selector, expected):
    wait_for(
        lambda: expected in text(browser, selector),
        f"{selector} does not show {expected!r} but {text(browser, selector)!r}",
    )


def focused(browser):
    return browser.run("return document.activeElement.id || document.activeElement.href || ''")


def the_page_of_a_run_follows_it(browser, simulator, folder):
    trigger_id = simulator.trigger("reset_password", userName="jdoe", notifyBy="email")
    simulator.advance(1500)
    browser.open(simulator.launch_url(trigger_id))
    see(browser, ".summary", "Step 3 of 5 is in progress: set password.")
    assert text(browser, "[aria-current=step] .name") == "set password"
    check_page(browser, "run", folder)

    # The focus stays on the link while the page changes around it.
    browser.run("document.querySelector('footer a').focus()")
    link = focused(browser)
    simulator.advance(1000)
    see(browser, ".summary", "Step 4 of 5 is in progress: notify user.")
    assert link and focused(browser) == link
    simulator.advance(1000)
    see(browser, ".summary", "The run completed after 3.0 s.")
    assert text(browser, ".badge") == "COMPLETED"
    assert "COMPLETED" in browser.run("return document.title")
    assert browser.run("return document.querySelector('[aria-current]')") is None


def each_status_is_shown(browser, simulator, folder):
    waiting = simulator.trigger("patch_server", hostName="db-7.example.com")
    failed = simulator.trigger("restart_service", hostName="web-1", serviceName="nginx")
    simulator.advance(60_500)
    browser.open(simulator.launch_url(waiting))
    see(browser, ".badge", "SUSPENDED")
    check_page(browser, "run-suspended", folder)
    browser.open(simulator.launch_url(failed))
    see(browser, ".summary", "The run failed after 2.0 s.")
    check_page(browser, "run-failed", folder)
    many = simulator.trigger("inventory_scan", siteName="Ulm")
    browser.open(simulator.launch_url(many))
    see(browser, ".chain", "× 248")
    check_page(browser, "run-many", folder)
    simulator.ask_for_fault("fault=status-503&endpoint=history&times=2")
    browser.open(simulator.url)
    see(browser, "tbody", "Inventory Scan")
    check_page(browser, "overview", folder)


def text_of_a_caller_is_only_text(browser, simulator, folder):
    long = "0123456789" * 300
    trigger_id = simulator.trigger(
        "unlock_account", userName="jdoe", **{HOSTILE: [HOSTILE], "note": HOSTILE, "long": long}
    )
    for url in [simulator.launch_url(trigger_id), simulator.url]:
        browser.open(url)
        browser.run("document.querySelectorAll('details').forEach((each) => each.open = true)")
        see(browser, "main", "<script>")
        assert "owned" not in browser.run("return document.title")
        assert browser.run("return document.querySelectorAll('main script, main img').length") == 0
        name = "hostile-overview" if url == simulator.url else "hostile-run"
        check_page(browser, name, folder)


def it_works_in_an_iframe_of_another_site(browser, simulator, _folder):
    trigger_id = simulator.trigger("reset_password", userName="jdoe")
    page = f'<title>Host</title><iframe title="run" src="{simulator.launch_url(trigger_id)}"></iframe>'
    page += f'<iframe id="overview" title="overview" src="{simulator.url}/"></iframe>'

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    browser.open(f"http://localhost:{server.server_port}/")
    browser.frame("iframe")
    see(browser, ".badge", "RUNNING")
    simulator.advance(3000)
    see(browser, ".badge", "COMPLETED")
    # The overview has a button, so no other site may show it.
    browser.frame(None)
    browser.frame("#overview")
    assert browser.run("return document.querySelector('form')") is None
    browser.frame(None)
    server.shutdown()
    messages = browser.console()
    assert all("frame-ancestors" in message or "Framing" in message for message in messages), messages


def a_wrong_key_says_what_to_do(browser, simulator, folder):
    trigger_id = simulator.trigger("reset_password", userName="jdoe")
    url = simulator.launch_url(trigger_id)
    for wrong in [url.split("?")[0], url + "0"]:
        browser.open(wrong)
        see(browser, "#advice", "luma open TRIGGER_ID")
        assert "jdoe" not in browser.run("return document.body.textContent")
    check_page(browser, "wrong-key", folder)
    browser.console()  # contains the HTTP status


def time_is_advanced_with_the_keyboard(browser, simulator, _folder):
    simulator.trigger("reset_password", userName="asmith")
    browser.open(simulator.url)
    see(browser, ".runs tbody tr:first-child", "RUNNING")
    reached = []
    while not reached or reached[-1] != "seconds":
        browser.press(TAB)
        reached.append(focused(browser))
        assert len(reached) < 20, reached
    browser.run("document.activeElement.select()")
    browser.press("3", TAB)
    assert focused(browser) == "advance"
    browser.press(ENTER)
    see(browser, "#connection", "Virtual time is now 2023-11-14")
    see(browser, ".runs tbody tr:first-child", "COMPLETED")
    assert focused(browser) == "advance"
    assert browser.run("return document.getElementById('seconds').value") == "3"

    # What is open stays open, and what has the focus keeps it, when new entries appear above.
    browser.run("document.querySelector('#deliveries ~ ul summary').focus()")
    browser.press(SPACE)
    opened = browser.run("return document.querySelector('#deliveries ~ ul details').parentNode.id")
    simulator.trigger("unlock_account", userName="new-run")
    see(browser, ".list li:first-child", "unlock_account")
    is_open = f"const li = document.getElementById({opened!r});"
    is_open += "return li.firstChild.open && li.contains(document.activeElement)"
    assert browser.run(is_open)

    # Updates can be paused.
    browser.run("document.getElementById('pause').focus()")
    browser.press(SPACE)
    assert browser.run("return document.activeElement.getAttribute('aria-pressed')") == "true"
    before = text(browser, "#runs")
    simulator.trigger("unlock_account", userName="later")
    browser.run("return new Promise((resolve) => setTimeout(resolve, 1500))")
    assert text(browser, "#runs") == before
    browser.press(SPACE)
    wait_for(lambda: text(browser, "#runs") != before, "updates do not continue")


def a_lost_simulator_is_reported(browser, simulator, _folder):
    trigger_id = simulator.trigger("patch_server", hostName="db-7")
    browser.open(simulator.launch_url(trigger_id))
    see(browser, ".badge", "ACTIVATED")
    simulator.process.kill()
    simulator.process.wait()
    see(browser, "#connection", "The simulator does not respond.")
    browser.console()  # contains the failed requests


TESTS = [
    the_page_of_a_run_follows_it,
    each_status_is_shown,
    text_of_a_caller_is_only_text,
    it_works_in_an_iframe_of_another_site,
    a_wrong_key_says_what_to_do,
    time_is_advanced_with_the_keyboard,
    a_lost_simulator_is_reported,
]


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    simulator = Simulator(program)
    try:
        with Browser() as browser:
            browser.look(1400, "light")
            for test in TESTS:
                test(browser, simulator, folder)
                messages = browser.console()
                assert not messages, f"{test.__name__}: {messages}"
                print(f"{test.__name__}: ok", flush=True)
    finally:
        simulator.process.kill()
        simulator.process.wait()


if __name__ == "__main__":
    main()
