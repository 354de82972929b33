"""terminal.pyi says what the compiled class has."""

from __future__ import annotations

import ast
from pathlib import Path

from perilune.vt import Terminal, settings

STUB = Path(settings.__file__).with_name("terminal.pyi")


def test_every_name_of_the_stub_exists_and_every_public_name_is_in_it() -> None:
    body = next(node for node in ast.parse(STUB.read_text()).body if isinstance(node, ast.ClassDef)).body
    declared = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    declared |= {
        node.target.id
        for node in body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    terminal = Terminal(2, 2)
    missing = {name for name in declared if not hasattr(terminal, name)}
    assert missing == set()
    # Inner methods of the layers below are plain attributes where the core runs uncompiled.
    own = {name for name in vars(Terminal) if not name.startswith("_")} - declared
    assert own <= {"has_stop_pipe", "notified", "stopping"}
