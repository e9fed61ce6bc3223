#!/usr/bin/env python3
"""simulator.py SIMULATOR [RUNS]: what does luma-simulator need for many runs (default: 60000)?

Counts the instructions of a lookup among no runs and among so many, with valgrind, and measures the
memory of 100,000 runs, extrapolated from RUNS if that is less. Fails if a lookup costs over a tenth
more, or if 100,000 runs need over 200 MB. Only counts, no times, so the result does not depend on
the load of the machine.
"""

import json
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

LOOKUPS = 200
MAX_COST = 1.1
MAX_BYTES = 200_000_000
TRIGGER = json.dumps({
    "workflowIdentifier": "reset_password",
    "variables": {"userName": "jdoe", "notifyBy": "email"},
    "initiatorContactId": 4021,
    "initiatorApplicationId": -4,
    "initiationInfo": {"ticketIdentifier": "100-1"},
})


class Simulator:
    """A simulator, perhaps below another command, and one connection to it."""

    def __init__(self, *command):
        self.process = subprocess.Popen([*command, "--exit-with-parent"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        ready = json.loads(self.process.stdout.readline())
        self.headers = (f"Host: localhost\r\nAuthorization: Bearer {ready['token']}\r\n"
                        "Content-Type: application/json\r\nUser-Agent: libluma/0.1.0\r\n"
                        "X-Request-Id: 0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55\r\n")
        host, port = ready["url"].removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)))
        self.input = self.socket.makefile("rb")

    def send(self, count, method, path, body=""):
        head = f"{method} /gateway/api/v1{path} HTTP/1.1\r\n{self.headers}"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}"
        self.socket.sendall(request.encode() * count)

    def receive(self):
        status, length = self.input.readline(), 0
        while (line := self.input.readline().lower()) != b"\r\n":
            if line.startswith(b"content-length:"):
                length = int(line.split()[1])
        envelope = json.loads(self.input.read(length))
        if not status.startswith(b"HTTP/1.1 200 "):
            sys.exit(f"simulator.py: {status}: {envelope}")
        return envelope["resultData"]

    def start_runs(self, count):
        """Starts runs, many at once, and returns the trigger id of the first."""
        results = []
        for first in range(0, count, 100):
            several = min(100, count - first)
            self.send(several, "POST", "/workflow/trigger", TRIGGER)
            results += [self.receive() for _ in range(several)][:1]
        return results[0]["executionConfig"]["triggerId"]

    def look_up(self, trigger_id):
        self.send(1, "GET", "/workflowhistory/" + trigger_id)
        self.receive()

    def stop(self):
        self.input.close()
        self.socket.close()
        self.process.stdin.close()
        self.process.wait()

    def resident_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


def instructions_of_a_lookup(simulator, runs):
    """Counts only the lookups: valgrind is told when to start and when to stop."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "callgrind")
        server = Simulator("valgrind", "--tool=callgrind", "--instr-atstart=no",
                           f"--callgrind-out-file={out}", simulator)
        trigger_id = server.start_runs(runs)
        # The first lookup may do more.
        server.look_up(trigger_id)
        control = lambda switch: subprocess.run(
            ["callgrind_control", f"--instr={switch}", str(server.process.pid)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        control("on")
        for _ in range(LOOKUPS):
            server.look_up(trigger_id)
        control("off")
        server.stop()
        texts = [file.read_text() for file in Path(folder).iterdir()]
        return sum(int(n) for text in texts for n in re.findall(r"^totals: (\d+)", text, re.M)) / LOOKUPS


def main():
    simulator = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 60_000
    alone, among = instructions_of_a_lookup(simulator, 1), instructions_of_a_lookup(simulator, runs)
    print(f"instructions of a lookup among 1 run: {alone:.0f}, among {runs}: {among:.0f}")

    server = Simulator(simulator)
    measured = min(100_000, runs * 100_000 // 60_000)
    server.start_runs(1)
    before = server.resident_bytes()
    server.start_runs(measured)
    total = before + (server.resident_bytes() - before) * 100_000 // measured
    server.stop()
    print(f"memory of 100000 runs, measured with {measured}: {total / 1e6:.0f} MB")

    if among > alone * MAX_COST:
        sys.exit(f"simulator.py: a lookup may cost at most {MAX_COST} times as much")
    if total > MAX_BYTES:
        sys.exit(f"simulator.py: 100000 runs may need at most {MAX_BYTES / 1e6:.0f} MB")


main()
