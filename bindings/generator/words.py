"""Names and notices that several languages share."""

import re

from generator.header import Api, Function, Unsupported

NOTICE = "Generated from include/luma.h by bindings/generate.py (make bindings). Do not edit."


def look_up(types: dict[str, str], kind: str, function: Function) -> str:
    if kind not in types:
        raise Unsupported(f"{function.name} uses {kind}, which this language does not map")
    return types[kind]


def pascal_case(name: str) -> str:
    """luma_trigger_request -> LumaTriggerRequest"""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def camel_case(name: str) -> str:
    """base_url -> baseUrl"""
    name = pascal_case(name)
    return name[:1].lower() + name[1:]


def free_function(api: Api, handle: str) -> str:
    """Returns the function that frees a handle. Every handle has one."""
    name = f"{handle}_free"
    if name not in [function.name for function in api.functions]:
        raise Unsupported(f"{handle} has no function {name}")
    return name


def wrap(items: list[str], indent: str, width: int = 100) -> str:
    """Joins arguments with commas, on lines of at most `width` columns."""
    lines = [indent]
    for index, item in enumerate(items):
        text = item + ("," if index + 1 < len(items) else "")
        if len(lines[-1]) + 1 + len(text) > width and lines[-1] != indent:
            lines.append(indent)
        lines[-1] += text if lines[-1] == indent else f" {text}"
    return "\n".join(lines)


def groups(api: Api) -> dict[str, dict[str, str]]:
    """Groups the constants by the start of their names, and shortens these:
    {"OUTCOME": {"ACCEPTED": "LUMA_OUTCOME_ACCEPTED", …}, …}."""
    found: dict[str, dict[str, str]] = {}
    for name in api.constants:
        match = re.fullmatch(r"LUMA_([A-Z0-9]+)_(\w+)", name)
        if name in ("LUMA_OK", "LUMA_ALREADY_ACCEPTED"):  # the statuses of success
            found.setdefault("ERROR", {})[name.removeprefix("LUMA_")] = name
        elif match:
            found.setdefault(match[1], {})[match[2]] = name
        else:
            raise Unsupported(f"the constant {name} has no group")
    return found
