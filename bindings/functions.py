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
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
LANGUAGES = ("csharp", "java", "python", "node", "go", "perl", "ruby", "php")
NAMES = ("C#", "Java", "Python", "Node", "Go", "Perl", "Ruby", "PHP")

# Patterns of functions by what they are for, in the order of the table. The first one counts.
FEATURES = (
    ("freeing", r"(?!config_set)\w+_free"),
    ("names, versions, constants", r"(version|(?!result)\w+_name|status_message|run_status_is_final)"),
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
)

# Languages, functions, reason.
REASONS = (
    ("*", "config_new|client_new|client_new_with_config|trigger_request_new|client_set_access_token",
     "The function that also says why it failed (`..._with_reason`) is used."),
    ("*", "client_new_from_environment",
     "The configuration is read first, so that the program can add settings."),
    ("*", "wait_for_workflow(_or_suspension)?",
     "The wrapper polls, so that nothing is blocked in between and the language's cancellation works."),
    ("*", "result_string(_length)?", "`luma_result_text` reads strings too."),
    ("*", "result_journal_key", "The JSON of an entry has it."),
    ("python node go perl ruby php", "trigger_request_set_variables_json",
     "Variables are a map of the language; its values are converted one by one."),
    ("python go perl ruby php", "trigger_request_set_variable_(int64|double|bool)",
     "Values other than strings are passed as the JSON that the language writes."),
    ("node", "trigger_request_set_variable_(double|bool)",
     "Values other than strings and bigints are passed as the JSON that the language writes."),
    ("csharp java node", "trigger_workflow_json", "A request is built; its JSON is the library's matter."),
    ("csharp java", "config_set_(log|token_provider)",
     "The variant is used that frees the callback when the last client is gone."),
    ("python go perl ruby", "config_set_(log|token_provider)_with_free",
     "The library knows callbacks by a number only, so the language frees them."),
    ("node", "config_set_log(_with_free)?|config_set_token_provider(_with_free)?",
     "A callback on a thread of libuv could keep the process from ending: the log comes by way of a "
     "file, and the wrapper asks for the token."),
    ("php", "config_set_log(_with_free)?|config_set_token_provider(_with_free)?",
     "An exception in a callback of FFI ends PHP: the wrapper logs each call, and asks for the token."),
    ("node", "trigger_workflow_once_with_store", "The store would be called on a thread of libuv, see the log."),
    ("php", "trigger_workflow_once_with_store", "An exception of the store would end PHP, see the log."),
    ("node", r"wait_set_wake", "No thread sleeps in the library: a set is asked for one poll at a time."),
    ("csharp java node", "counter_name", "The counters are an enumeration of the package."),
    ("python node php", "run_status_is_final", "The enumeration of the package knows it."),
    ("go", "client_cancel", "A context ends a call."),
    ("php", "client_(cancel|close|drain|with_own_cancel)|wait_set_(wake|close)",
     "PHP has one call at a time, so nothing could call these meanwhile."),
    ("csharp python node perl ruby php", "result_json_length", "The JSON contains no NUL."),
    ("python node perl ruby php", "result_(int64|bool|count)", "The parsed JSON has the value."),
    ("go", "result_(bool|count)", "`encoding/json` reads the response."),
    ("node go", "result_json_type", "The parsed JSON has the type."),
    ("node", "result_text", "The parsed JSON has the value."),
    ("java node go", "result_page_status", "The message of the error says why a list is incomplete."),
    ("csharp java node go", "result_wait_elapsed_ms", "The program knows when its wait began."),
    ("go", "result_parameter_(data_type|caption|description)", "`Parameters` is a map of names and values."),
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
        rows += textwrap.wrap(f"{number}. {text}", 100, subsequent_indent="    ")
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
