"""Validates samples, libluma's requests and the simulator's responses against the description.

Usage: check.py SIMULATOR. The environment selects the library, see tests/openapi.sh.
"""

import http.client
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import yaml
from jsonschema import Draft202012Validator, ValidationError
from luma_automation import AuthScheme, Client, LumaError
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_spec_validator import validate

ROOT = Path(__file__).parents[2]
DESCRIPTION = yaml.safe_load((ROOT / "docs/gateway.openapi.yaml").read_text())
API = "/gateway/api/v1"
SAMPLE_RUN = "0b6f6f5e-6d0c-4d3c-9d3b-7b8f0f6f1c55"
TENANT = "6c9a2b1e-3f5d-4d0e-8a67-1f2e3d4c5b6a"
LAUNCH = {"launchContext": "WORKFLOW_EXECUTION_STATUS", "contextInfo": {"triggerId": SAMPLE_RUN}}

# The request that each sample belongs to, and whether it is that request or its response.
SAMPLES = [
    ("trigger-request-ism", "POST", "/workflow/trigger"),
    ("trigger-request-luma", "POST", "/workflow/trigger"),
    ("trigger-success", "POST", "/workflow/trigger"),
    ("trigger-validation-error", "POST", "/workflow/trigger"),
    ("history-completed", "GET", f"/workflowhistory/{SAMPLE_RUN}"),
    ("steps", "GET", f"/workflowhistory/{SAMPLE_RUN}/stephistory"),
    ("step-detail", "GET", f"/workflowhistory/{SAMPLE_RUN}/stephistory/800"),
    ("launch-url", "POST", "/launchincontexturl/generate"),
    ("regenerate-token", "GET", f"/platform/apiaccesskeys/generate?tenantExternalId={TENANT}"),
    ("definitions", "GET", "/workflowdefinition"),
]


class Validator:
    """Validates requests to one server and its responses."""

    def __init__(self, url):
        self.url = url
        self.api = OpenAPI.from_dict({**DESCRIPTION, "servers": [{"url": url}]})
        self.requests, self.responses = set(), set()

    def request(self, method, target, headers, body=b""):
        """Returns a request in the form that the validation expects."""
        parts = urlsplit(target)
        content_type = headers.get("Content-Type", "").partition(";")[0]
        return MockRequest(self.url, method, parts.path, args=dict(parse_qsl(parts.query)),
                           headers=headers, data=body, content_type=content_type)

    def check_request(self, request):
        self.api.validate_request(request)
        found = self.api.request_validator._find_path(request)
        self.requests.add(found.operation["operationId"])

    def check_response(self, request, status, headers, body):
        content_type = headers.get("Content-Type", "").partition(";")[0]
        response = MockResponse(body, status, headers=headers, content_type=content_type)
        self.api.validate_response(request, response)
        result = json.loads(body)["resultData"]
        for element in result if isinstance(result, list) else [result]:
            check_inner_json(element)
        found = self.api.request_validator._find_path(request)
        self.responses.add((found.operation["operationId"], status))


def check_inner_json(element):
    """Validates JSON that is encoded as a string, which other validators ignore."""
    if isinstance(element, dict) and "inputParameters" in element:
        name = "InputParameters" if "startTime" in element else "DeclaredParameters"
        schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIPTION["components"]}
        Draft202012Validator(schema).validate(json.loads(element["inputParameters"]))


def check_samples():
    validator = Validator("https://acme.automation.example")
    for name, method, path in SAMPLES:
        sample = (ROOT / f"tests/fixtures/{name}.json").read_bytes()
        body = json.dumps(LAUNCH).encode() if "launch" in path else b""
        is_request = name.startswith("trigger-request")
        headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
        request = validator.request(method, API + path, headers, sample if is_request else body)
        if is_request:
            validator.check_request(request)
        else:
            validator.check_response(request, 200, {"Content-Type": "application/json"}, sample)


def check_that_mistakes_are_found():
    """A validator that accepts anything would pass every other check."""
    validator = Validator("https://acme.automation.example")
    json_type = {"Content-Type": "application/json"}

    def must_fail(sample, change, authorization="Bearer x"):
        name, method, path = next(row for row in SAMPLES if row[0] == sample)
        value = json.loads((ROOT / f"tests/fixtures/{name}.json").read_bytes())
        change(value)
        headers = {"Authorization": authorization, **json_type}
        body = json.dumps(value).encode()
        request = validator.request(method, API + path, headers, body)
        try:
            if name.startswith("trigger-request"):
                validator.check_request(request)
            else:
                validator.check_response(request, 200, json_type, body)
        except (OpenAPIError, ValidationError):
            return
        raise AssertionError(f"a mistake in {sample} was not found")

    must_fail("trigger-request-ism", lambda it: it.pop("workflowIdentifier"))
    must_fail("trigger-request-ism", lambda it: it.pop("initiationInfo"))
    must_fail("trigger-request-luma", lambda it: it["initiationInfo"].clear())
    must_fail("trigger-request-luma", lambda it: it.update(variables="text"))
    must_fail("trigger-request-luma", lambda it: None, authorization="Basic x")
    must_fail("trigger-success", lambda it: it["resultData"]["executionConfig"].pop("triggerId"))
    must_fail("trigger-success", lambda it: it.update(statusCode=1))
    must_fail("trigger-success", lambda it: it.update(timestamp="now"))
    must_fail("trigger-validation-error", lambda it: it.update(errors=None))
    must_fail("history-completed", lambda it: it["resultData"].pop("status"))
    must_fail("history-completed", lambda it: it["resultData"].update(inputParameters="{}"))
    must_fail("steps", lambda it: it["resultData"][0].pop("id"))
    must_fail("launch-url", lambda it: it.update(resultData="nowhere"))
    must_fail("definitions", lambda it: it["resultData"][0].pop("inputParameters"))


class Relay(BaseHTTPRequestHandler):
    """Forwards each request to the simulator, and validates it and its response."""

    protocol_version = "HTTP/1.1"
    validator, problems = None, []

    def do_GET(self):
        self.relay()

    def do_POST(self):
        self.relay()

    def relay(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection(urlsplit(self.validator.url).netloc)
        connection.request(self.command, self.path, body, dict(self.headers))
        response = connection.getresponse()
        data = response.read()
        connection.close()
        try:
            request = self.validator.request(self.command, self.path, dict(self.headers), body)
            self.validator.check_request(request)
            self.validator.check_response(request, response.status, dict(response.headers), data)
        except Exception as error:
            cause = error.__cause__ or error
            details = [str(error)] + [str(e) for e in getattr(cause, "schema_errors", [])]
            self.problems.append(f"{self.command} {self.path}: {'; '.join(details)}\n{data[:500]}")
        self.send_response(response.status)
        for name in ("Content-Type", "Retry-After"):
            if name in response.headers:
                self.send_header(name, response.headers[name])
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def call_everything(url, ready, scheme):
    """Makes each call, so that it succeeds and so that it fails."""
    with Client(url, ready["token"], auth_scheme=scheme, retries=False) as client:
        runs = [
            client.trigger("reset_password", {"userName": "jdoe", "notifyBy": "sms"},
                           contact_id=4021, application_id=-4,
                           initiation_info={"ticketIdentifier": "100-1"}).trigger_id,
            client.trigger("rotate_keys", {"keyName": "k", "keyBits": 4096, "more": [1, {"a": None}]},
                           contact_id=2**63 - 1, application_id=-99).trigger_id,
            client.trigger("inventory_scan", {"siteName": "x"}).trigger_id,
            client.trigger("restart_service", {"hostName": "h", "serviceName": "s"},
                           contact_id=1, application_id=-2,
                           initiation_info={"lumaChannelAccountId": SAMPLE_RUN}).trigger_id,
        ]
        for run in runs:
            client.history(run)
            for step in client.steps(run, filter="status==COMPLETED", order_by="startTime asc").steps:
                client.step(run, step.id)
                break
            client.steps(run)
            client.generate_launch_url(run)
        client.definitions(filter="name=='*password*'", order_by="name asc", skip=0, top=5)
        client.definitions()

        faults = ["rate-limited-429", "validation-error-500", "error-envelope-500"]
        failing = ["unknown", *(f"fault-{name}" for name in faults)]
        for name in failing:
            for call in (
                lambda: client.trigger(name, {}),
                lambda: client.trigger("reset_password", {}),
                lambda: client.history(name),
                lambda: client.steps(name),
                lambda: client.step(name, "1"),
                lambda: client.generate_launch_url(name),
                lambda: client.definitions(filter="unknown==1"),
            ):
                try:
                    call()
                except LumaError:
                    continue
                raise AssertionError(f"{name} did not fail")
        client.regenerate_tenant_token(ready["superAdminToken"], ready["tenantExternalId"])
        # The token of the client has become invalid.
        for call in (lambda: client.trigger("unlock_account", {}), lambda: client.definitions()):
            try:
                call()
            except LumaError:
                continue
            raise AssertionError("an old token is valid")


def main():
    validate(DESCRIPTION)
    check_samples()
    check_that_mistakes_are_found()
    operations = {
        operation["operationId"]
        for path in DESCRIPTION["paths"].values()
        for method, operation in path.items() if method in ("get", "post")
    }
    for header, scheme in (("bearer", AuthScheme.BEARER), ("itas", AuthScheme.API_ACCESS_KEY)):
        command = [sys.argv[1], "--exit-with-parent", "--header", header]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
            ready = json.loads(process.stdout.readline())
            Relay.validator = Validator(ready["url"])
            with ThreadingHTTPServer(("127.0.0.1", 0), Relay) as server:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                call_everything(f"http://127.0.0.1:{server.server_port}", ready, scheme)
                server.shutdown()
        missing = operations - Relay.validator.requests
        if Relay.problems or missing:
            sys.exit("\n\n".join([*Relay.problems, f"not called: {missing}" if missing else ""]))
        responses = sorted(Relay.validator.responses)
        print(f"{header}: {len(operations)} operations, {len(responses)} kinds of responses")


main()
