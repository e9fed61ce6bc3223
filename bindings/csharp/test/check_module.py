#!/usr/bin/env python3
"""Checks the PowerShell module without PowerShell: its syntax, with tree-sitter-powershell, and every
type, member and parameter that it uses, with the assembly and with itself.

    check_module.py MODULE_FOLDER MEMBERS

MEMBERS has a line for each public member of the assembly: TYPE MEMBER NUMBER_OF_PARAMETERS.
"""

import pathlib
import re
import sys

import tree_sitter_powershell
from tree_sitter import Language, Parser

passed = failed = 0


def check(condition: bool, what: str) -> None:
    global passed, failed
    passed, failed = passed + bool(condition), failed + (not condition)
    if not condition:
        print(f"FAILED {what}")


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def text(node) -> str:
    return node.text.decode()


folder, members_file = map(pathlib.Path, sys.argv[1:])
members: dict[str, dict[str, set[int]]] = {}
for line in members_file.read_text().splitlines():
    type_name, member, count = line.split(" ")
    members.setdefault(type_name, {}).setdefault(member, set()).add(int(count))
every_member = {name for names in members.values() for name in names}

parser = Parser(Language(tree_sitter_powershell.language()))
trees = {}
for name in ("Luma.Automation.psm1", "Luma.Automation.psd1"):
    trees[name] = parser.parse((folder / name).read_bytes())
    broken = [node for node in walk(trees[name].root_node) if node.type == "ERROR" or node.is_missing]
    for node in broken:
        print(f"{name}, line {node.start_point[0] + 1}: {text(node)[:80]}")
    check(not broken, f"the syntax of {name}")

root = pathlib.Path(__file__).resolve().parents[3]
for page in (root / "bindings/csharp/README.md", root / "docs/languages.md"):
    examples = re.findall(r"^```powershell\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    check(examples, f"examples in {page.name}")
    for example in examples:
        check(not parser.parse(example.encode()).root_node.has_error, f"the syntax of an example in {page.name}")

script = trees["Luma.Automation.psm1"].root_node
source = (folder / "Luma.Automation.psm1").read_text()
manifest = (folder / "Luma.Automation.psd1").read_text()

functions = {text(node.named_children[0]): node for node in walk(script)
             if node.type == "function_statement"}
exported = re.findall(r"'(\w+-Luma\w+)'", manifest)
check(exported and all(name in functions for name in exported), "each exported function exists")
check({name for name in functions if re.match(r"(?!Write-)\w+-Luma", name)} == set(exported),
      "each function of the module is exported")

# Each type exists, and so does each static method.
for name in set(re.findall(r"\bLuma\.Automation\.(Luma\w+)", source)):
    check(name in members, f"the type {name} exists")
for name, member in set(re.findall(r"\[Luma\.Automation\.(\w+)\]::(\w+)", source)):
    check(member in members.get(name, {}), f"{name}.{member} exists")
for properties in re.findall(r"^    (Luma\w+) = ((?:'\w+'(?:, )?)+)", source, re.MULTILINE):
    for member in re.findall(r"'(\w+)'", properties[1]):
        check(member in members[properties[0]], f"{properties[0]}.{member} exists")

# Each method is called with a number of arguments that it takes.
VARIABLES = {"$Client": "LumaClient", "$Request": "LumaTriggerRequest",
             "$request": "LumaTriggerRequest", "$progress": "LumaProgressQueue",
             "$script:DefaultClient": "LumaClient", "$Journal": "LumaJournal"}
calls = 0
for node in walk(script):
    if node.type != "invokation_expression":
        continue
    children = node.named_children
    target, member = text(children[0]), text(children[1])
    type_name = VARIABLES.get(target)
    static = re.fullmatch(r"\[Luma\.Automation\.(\w+)\]", target)
    if static:
        type_name = static[1]
    if not type_name:
        continue
    lists = [child for child in walk(children[-1]) if child.type == "argument_expression_list"]
    count = len(lists[0].named_children) if lists else 0
    calls += 1
    check(count in members[type_name].get(member, set()),
          f"line {node.start_point[0] + 1}: {type_name}.{member} takes {count} arguments")
check(calls >= 15, f"{calls} calls of the assembly were found")

# Each function has help for each of its parameters, and an example.
for name in exported:
    body = text(functions[name])
    help_text = re.search(r"<#(.*?)#>", body, re.DOTALL)
    check(help_text and ".SYNOPSIS" in help_text[1] and ".EXAMPLE" in help_text[1], f"help of {name}")
    block = next(node for node in walk(functions[name]) if node.type == "param_block")
    declared = {text(next(child for child in node.children if child.type == "variable"))[1:]
                for node in walk(block) if node.type == "script_parameter"}
    described = set(re.findall(r"\.PARAMETER (\w+)", help_text[1]))
    check(declared == described, f"parameters of {name}: {declared ^ described}")
    check("[CmdletBinding" in body and "[OutputType(" in body, f"attributes of {name}")
check("SupportsShouldProcess" in text(functions["Invoke-LumaWorkflow"])
      and "$PSCmdlet.ShouldProcess(" in text(functions["Invoke-LumaWorkflow"]), "-WhatIf")

# Nothing that Windows PowerShell 5.1 does not know.
check(not any(node.type in ("ternary_expression", "null_coalesce_expression") for node in walk(script)),
      "no syntax of PowerShell 7")
check(source.isascii() and manifest.isascii(), "only ASCII, because Windows PowerShell 5.1 does not "
      "read UTF-8 without a byte order mark")

print(f"PowerShell module: {passed} passed, {failed} failed")
sys.exit(failed > 0)
