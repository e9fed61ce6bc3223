#!/usr/bin/env python3
"""Which functions of the C library each wrapper uses, and why it does not use the others.

    functions.py                  writes the table in conformance.md
    functions.py --check          fails if that table is out of date
    functions.py LANGUAGE CALLS   compares with the functions that its tests have called

CALLS is a file of recorder.sh. A function that the tests of a language have not called needs a reason
here, and one with a reason must not have been called.
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ("csharp", "java", "python", "node", "go", "perl", "ruby", "php")
NAMES = ("C#", "Java", "Python", "Node", "Go", "Perl", "Ruby", "PHP")

# Patterns of functions by what they are for, in the order of the table. The first one counts.
FEATURES = (
    ("names, versions, constants", r"(version|\w+_name|status_message|run_status_is_final)"),
    ("settings", r"config_(?!new|set_log|set_token|log_to|journal)\w+"),
    ("configuration file, environment", r"(config_new_from_\w+|config_journal_folder|client_new_from_environment)"),
    ("creating clients", r"(config_new\w*|client_new\w*)"),
    ("log, also to files", r"config_(set_log|log_to)\w*"),
    ("token provider, new tokens", r"(config_set_token_provider\w*|client_set_access_token\w*)"),
    ("requests", r"trigger_request_\w+"),
    ("trigger", r"trigger_workflow(_json)?"),
    ("once per key, with a journal", r"(trigger_workflow_once|journal_\w+|result_journal_\w+)"),
    ("once per key, with a store", r"trigger_workflow_once_with_store"),
    ("waits that the owner polls", r"wait_(?!set_(?!until)|for)\w+"),
    ("blocking waits", r"wait_for_\w+"),
    ("sets of waits", r"wait_set_\w+"),
    ("own request id and timeout", r"client_with_(request_id|timeout_ms)"),
    ("cancelling", r"client_(with_own_cancel|cancel|close)"),
    ("draining", r"client_drain"),
    ("counters", r"client_counter"),
    ("connecting ahead of time", r"(client_connect|result_(peer|tls|certificate)\w+)"),
    ("other calls", r"(get|list|generate|regenerate)_\w+"),
    ("results: the run, lists", r"result_(run|poll|wait|step|definition|parameter|page|trigger)\w*"),
    ("results: secrets", r"result_(launch_url|access_token)"),
    ("results: the response", r"result_(json|string|int64|bool|count|text)\w*"),
    ("results: how the call went", r"result_\w+"),
    ("freeing", r"\w+_free"),
)

# Languages, functions, reason.
REASONS = (
)


def functions() -> list[str]:
    text = (HERE.parent / "tests" / "luma.symbols").read_text()
    return [name for name in text.splitlines() if name.startswith("luma_")]


def feature(function: str) -> str:
    for name, pattern in FEATURES:
        if re.fullmatch(pattern, function.removeprefix("luma_")):
            return name
    sys.exit(f"functions.py: {function} belongs to no row of FEATURES")


def reason(language: str, function: str) -> int | None:
    """The number of the reason why a language does not use a function."""
    for number, (languages, pattern, _) in enumerate(REASONS, 1):
        if (languages == "*" or language in languages.split()) and re.fullmatch(pattern, function.removeprefix("luma_")):
            return number
    return None


def table() -> str:
    rows = ["| feature | " + " | ".join(NAMES) + " |", "| --- |" + " --- |" * len(NAMES)]
    for name, _ in FEATURES:
        members = [function for function in functions() if feature(function) == name]
        cells = []
        for language in LANGUAGES:
            numbers = [reason(language, function) for function in members]
            missing = sorted({number for number in numbers if number})
            mark = "yes" if None in numbers else "no"
            cells.append(mark + (": " + ", ".join(map(str, missing)) if missing else ""))
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    rows.append("")
    for number, (_, pattern, text) in enumerate(REASONS, 1):
        rows.append(f"{number}. {text}")
    return "\n".join(rows) + "\n"


def write(check: bool) -> int:
    path = HERE / "conformance.md"
    old = path.read_text()
    new = re.sub(r"(?<=<!-- functions.py -->\n)(.*\n)*?(?=<!-- end -->)", lambda _: "\n" + table() + "\n", old)
    if check and old != new:
        print("bindings/conformance.md is out of date; run python3 bindings/functions.py", file=sys.stderr)
    elif not check:
        path.write_text(new)
    return int(check and old != new)


def compare(language: str, calls: str) -> int:
    failures = 0
    if language not in LANGUAGES:
        return 0
    for function, called in zip(functions(), pathlib.Path(calls).read_text().split(), strict=True):
        number = reason(language, function)
        if called == "1" and number:
            print(f"FAILED: {language} calls {function}, but functions.py says why it does not: {number}")
            failures += 1
        elif called == "0" and not number:
            print(f"FAILED: no test of {language} calls {function}, and functions.py has no reason")
            failures += 1
    return int(failures > 0)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.exit(compare(*sys.argv[1:]))
    sys.exit(write(sys.argv[1:] == ["--check"]))
