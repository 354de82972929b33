"""What is wrong in a file of rules or of expectations is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from perilune.profiler.errors import RulesError
from perilune.profiler.expectations import load_expectations
from perilune.profiler.rules import load
from perilune.profiler.toml_places import entry_line

GOOD = '[[expect]]\nwhat = "a"\nsymbol = "a"\nto = "1%"\n\n'
RULE = '[[component]]\nname = "x"\nsymbol = "a"\n\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (GOOD + "[[expect]]\nsymbol = 'b'\nto =\n", 8, "no TOML"),
        (GOOD + "[[expect]]\nsymbl = 'b'\nto = 3\n", 7, "'symbl' is not known"),
        (GOOD + "[[expect]]\nsymbol = 'b'\nto = 'much'\n", 8, "to is a number"),
        (GOOD + "# more\n[[expect]]\nto = 3\n", 7, "give one of component"),
        (GOOD + "[[expect]]\nsymbol = 'b'\n\n[[expect]]\ntotal = true\nto = 3\n", 6, "give one of to"),
        ("titel = 'x'\n" + GOOD, 1, "'titel' is not known"),
        (GOOD + "[[expect]\n", 6, "no TOML"),
    ],
)
def test_expectations(text: str, line: int, says: str, tmp_path: Path) -> None:
    path = tmp_path / "EXPECT.toml"
    path.write_text(text)
    with pytest.raises(RulesError) as failed:
        load_expectations(path)
    assert str(failed.value).startswith(f"EXPECT.toml:{line}: ")
    assert says in str(failed.value)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (RULE + "[[component]]\nname = 'y'\nsymbol = ['re:(']\n", 7, "no regular expression"),
        (RULE + "[[component]]\nnam = 'y'\nsymbol = 'b'\n", 6, "'nam' is not known"),
        (RULE + "[[component]]\nsymbol = 'b'\n", 5, "name is missing"),
        (RULE + "[[component]]\nname = 'a (b): c'\ncost = 'dear'\nsymbol = 'b'\n", 7, "cost is one of"),
        (RULE + "[[group]]\nname = 'g'\nbudget = 300\n", 7, "budget is a share"),
        (RULE + "[[component\n", 5, "no TOML"),
    ],
)
def test_rules(text: str, line: int, says: str, tmp_path: Path) -> None:
    path = tmp_path / "RULES.toml"
    path.write_text(text)
    with pytest.raises(RulesError) as failed:
        load(path)
    assert str(failed.value).startswith(f"RULES.toml:{line}: ")
    assert says in str(failed.value)


def test_text_that_is_no_utf_8_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "RULES.toml"
    path.write_bytes(b"name = 'x'\n\xff\n")
    with pytest.raises(RulesError, match=r"^RULES\.toml:2: "):
        load(path)


def test_an_entry_is_found_behind_others_of_other_names() -> None:
    text = "[[a]]\nx = 1\n[[b]]\nx = 2\n [[ a ]] # second\nx = 3"
    assert entry_line(text, "a", 2) == 5
    assert entry_line(text, "a", 2, "x is no y") == 6
    assert entry_line(text, "a", 3) == 1
