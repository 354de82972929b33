"""`perilune profile`: what it prints, what it keeps, and how it ends."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from profile_samples import made, recorded, repeats

from perilune.cli.main import main
from perilune.profiler.exporters import to_folded
from perilune.profiler.file_format import read_profile, write_profile

BEFORE = {
    "main;render": 700,
    "main;title;mlua::table::Table::raw_set": 160,
    "main;title;mlua::table::Table::raw_set;malloc": 40,
    "main;wezterm_gui::x": 100,
}
AFTER = {
    "main;render": 850,
    "main;title;mlua::table::Table::raw_set": 20,
    "main;wezterm_gui::x": 100,
    "main;cache": 30,
}
PERF = (
    "prog 7 1.5: 100 cycles: \n\t    55d0 work+0x1 (/usr/bin/prog)\n\t    55e0 main+0x2 (/usr/bin/prog)\n\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, stacks in (("a", BEFORE), ("b", AFTER)):
        (tmp_path / f"{name}.folded").write_text(to_folded(made(stacks), None))
    (tmp_path / "c.perf").write_text(PERF)
    write_profile(recorded(), tmp_path / "r.pprofile")
    return tmp_path


def run(*words: str) -> int:
    try:
        return main(["profile", *words])
    except SystemExit as error:  # argparse's own
        return int(error.code or 0)


def test_import_and_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "c.perf", "-o", "c.pprofile", "--frames", "60") == 0
    assert "1 samples of cycles" in capsys.readouterr().out
    profile = read_profile(folder / "c.pprofile")
    assert (profile.meta.frames, profile.meta.kind) == (60, "perf")
    assert run("report", "c.pprofile") == 0
    direct = capsys.readouterr().out
    assert "What dominates is work: 100.0 % self" in direct


def test_import_many_into_a_folder(folder: Path) -> None:
    (folder / "out").mkdir()
    assert run("import", "a.folded", "c.perf", "-o", "out") == 0
    assert {p.name for p in (folder / "out").iterdir()} == {"a.folded.pprofile", "c.perf.pprofile"}
    assert run("import", "a.folded", "b.folded", "-o", "nowhere") == 2


def test_the_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(PERF.encode())

    monkeypatch.setattr(sys, "stdin", Input())
    assert run("import", "-", "-o", "out.pprofile") == 0
    assert read_profile(folder / "out.pprofile").meta.source == "stdin"


def test_a_damaged_capture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.perf").write_text(PERF + "no header at all\n\n" + PERF)
    assert run("import", "bad.perf", "-o", "x") == 1
    assert "bad.perf: line 5: no header of a sample" in capsys.readouterr().err
    assert not (folder / "x").exists()
    assert run("import", "bad.perf", "-o", "x", "--keep-going") == 0
    captured = capsys.readouterr()
    assert "1 piece was left out: line 5" in captured.err
    assert "2 samples of cycles" in captured.out
    assert run("report", "x") == 0
    assert "left out: line 5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "problem"),
    [
        (["report", "missing"], 2, "missing: No such file"),
        (["report", "."], 2, "is a folder"),
        (["report", "c.perf", "--event", "other"], 1, "no event 'other'; there are cycles"),
        (["report", "c.perf", "--rules", "missing.toml"], 2, "missing.toml: No such file"),
        (["report", "c.perf", "--rules", "a.folded"], 2, "no TOML"),
        (["report", "c.perf", "--json", "--html"], 2, "not allowed with"),
        (["diff", "a.folded"], 2, "give two captures"),
        (["diff", "a.folded", "b.folded", "c.perf"], 2, "give two captures"),
        (["diff", "a.folded", "missing"], 2, "No such file"),
        (["diff", "a.folded", "b.folded", "--fail-over", "much"], 2, "no percentage"),
        (["diff", "a.folded", "b.folded", "--per", "frame"], 2, "not known how many frames"),
        (["diff", "a.folded", "b.folded", "--expect", "a.folded"], 2, "no TOML"),
        (["assess", "missing"], 2, "no folder"),
        (["export", "a.folded", "--to", "word"], 2, "invalid choice"),
        ([], 2, "required"),
    ],
)  # fmt: skip
def test_bad_usage(
    folder: Path, words: list[str], status: int, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    assert run(*words) == status
    assert problem in capsys.readouterr().err


def test_report_in_every_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run("report", "a.folded", "--markdown") == 0
    markdown = capsys.readouterr().out
    titles = re.findall(r"^#+ (.*)$", markdown, re.MULTILINE)
    assert titles[:4] == ["Profile: a.folded", "Status", "Key finding", "Components"]
    assert "What dominates" in titles
    assert re.search(
        r"\| Total of \| Self .*\n.*\n\| Lua \| 20\.0 % \| 20\.0 % \| .* \| ❌ over its budget", markdown
    )
    assert run("report", "a.folded", "--json") == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["schema"] == "perilune-profile-report/1"
    assert sum(line["own"] for line in report["components"]) == pytest.approx(100)
    assert report["rules"] == "WezTerm with mlua"
    assert run("report", "a.folded", "--check-rules", "--rules", "generic") == 0
    assert "fits no frame" in capsys.readouterr().out


def test_report_of_a_recording(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run("report", "r.pprofile", "--json", "--rules", "perilune") == 0
    report = json.loads(capsys.readouterr().out)
    (line,) = report["callbacks"]
    assert (line["calls"], line["calls_per_frame"], line["calls_per_second"]) == (60, 0.1, 6.0)
    assert line["hit_rate"] == 99.0
    assert line["unchanged"] == 75.0
    assert line["causes"] == [["hover", 60]]
    assert line["example"] == "hover: false -> true"
    assert line["split"] == pytest.approx({"execution": 30, "conversion": 40, "strings": 25, "other": 5})
    assert report["frames"]["over"] == 6
    assert sorted(report["frames"]["causes"]) == [["lua batch late", 3], ["resize", 3]]
    assert "6 of 600 frames were over budget" in report["key_finding"]
    assert run("report", "r.pprofile") == 0
    text = capsys.readouterr().out
    for said in ("Callbacks", "Cost split", "Frames", "hover", "format-tab-title", "pty.bytes"):
        assert said in text


@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    monkeypatch.setenv("COLUMNS", str(width))
    assert run("report", "r.pprofile") == 0
    assert run("diff", "a.folded", "b.folded") == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    assert "\x1b" not in out


def test_colours_only_where_they_are_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del folder
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    run("report", "a.folded")
    assert "\x1b[31m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run("report", "a.folded")
    assert "\x1b" not in capsys.readouterr().out


def test_diff_of_a_capture_with_itself_is_empty(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run("diff", "a.folded", "a.folded", "--fail-over", "0%") == 0
    assert "No difference." in capsys.readouterr().out
    assert run("diff", "a.folded", "a.folded", "--json") == 0
    assert json.loads(capsys.readouterr().out)["lines"] == []


def test_diff_says_what_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run("diff", "a.folded", "b.folded", "--json", "--rules", "wezterm") == 0
    found = json.loads(capsys.readouterr().out)
    lines = {(line["kind"], line["name"], line["measure"]): line for line in found["lines"]}
    lua = lines["group", "Lua", "inclusive"]
    assert (lua["before"], lua["after"], lua["status"]) == (20.0, 2.0, "shrank")
    assert lua["half"] > 0
    assert lines["symbol", "cache", "self"]["status"] == "new"
    assert lines["symbol", "malloc", "self"]["status"] == "vanished"
    assert ("symbol", "wezterm_gui::x", "self") not in lines


def test_exit_status_for_ci(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del folder
    assert run("diff", "a.folded", "b.folded", "--fail-over", "5%") == 1
    assert run("diff", "b.folded", "a.folded", "--fail-over", "5%") == 1
    assert run("diff", "a.folded", "b.folded", "--fail-over", "30", "--least", "5%") == 0
    assert run("diff", "a.folded", "b.folded") == 0
    capsys.readouterr()


def test_repeats_on_either_side(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sides = {"x": {"main;a": 30.0, "main;b": 70.0}, "y": {"main;a": 60.0, "main;b": 40.0}}
    for side, program in sides.items():
        for number, profile in enumerate(repeats(program, 3, 500, len(side) + ord(side))):
            (folder / f"{side}{number}.folded").write_text(to_folded(profile, None))
    found = []
    for words in (
        ["x0.folded", "x1.folded", "x2.folded", "--", "y0.folded", "y1.folded"],
        ["--before", "x0.folded", "x1.folded", "x2.folded", "--after", "y0.folded", "y1.folded"],
        ["--before", "x0.folded", "x1.folded", "x2.folded", "--", "y0.folded", "y1.folded"],
    ):
        assert run("diff", "--json", *words) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1] == found[2]
    assert found[0]["before"] == ["x0.folded", "x1.folded", "x2.folded"]
    states = {line["name"]: line["status"] for line in found[0]["lines"] if line["measure"] == "self"}
    assert (states["a"], states["b"]) == ("grew", "shrank")
    # Three against one, all of one program.
    assert run("diff", "x0.folded", "x1.folded", "--", "x2.folded", "--fail-over", "1%", "--least", "0") == 0


EXPECT = """
title = "Cache the tables"
[[expect]]
what = "Lua in all"
group = "Lua"
to = "3%"
why = "the tables are most of it"
[[expect]]
what = "Nothing is allocated for titles"
symbol = "malloc"
measure = "self"
to = "0%"
[[expect]]
what = "Rendering gets cheaper"
symbol = "render"
change = "-50%"
per = "second"
[[expect]]
what = "Tables, half of them gone"
component = "Lua result tables"
points = "-30%"
"""


def test_expected_against_actual(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "EXPECT.toml").write_text(EXPECT)
    words = [
        "diff",
        "a.folded",
        "b.folded",
        "--rules",
        "wezterm",
        "--expect",
        "EXPECT.toml",
        "--per",
        "sample",
    ]
    assert run(*words, "--seconds", "10", "--json") == 0
    found = json.loads(capsys.readouterr().out)["expectations"]
    results = {line["what"]: line["result"] for line in found}
    assert results == {
        "Lua in all": "achieved", "Nothing is allocated for titles": "achieved", "Rendering gets cheaper": "missed",
        "Tables, half of them gone": "partly", "cache, self": "new cost",
    }  # fmt: skip
    assert run(*words, "--seconds", "10", "--markdown") == 0
    text = capsys.readouterr().out
    assert "Expected against actual: Cache the tables" in text
    assert "2 achieved, 1 partly, 1 missed; new costs: 1." in text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no .*expect"),
        ('[[expect]]\ngroup = "Lua"', "give one of to"),
        ("[[expect]]\nto = 3", "give one of component"),
        ('[[expect]]\ngroup = "Lua"\nsymbol = "x"\nto = 3', "give one of component"),
        ('[[expect]]\ngroup = "Lua"\nto = "much"', "to is a number"),
        ('[[expect]]\ngroup = "Lua"\nto = 3\nmeasure = "p50_us"', "measure is one of"),
        ('[[expect]]\ngroup = "Lua"\nto = 3\nby = 4', "'by' is not known"),
        ('[[expect]]\ngroup = "Nobody"\nto = 3', "no group 'Nobody'"),
        ('[[expect]]\ncallback = "title"\nto = 3', "holds no callbacks"),
        ("wanted = 3", "'wanted' is not known"),
    ],
)  # fmt: skip
def test_expectations_that_say_nothing(
    folder: Path, text: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "EXPECT.toml").write_text(text)
    assert run("diff", "a.folded", "b.folded", "--rules", "wezterm", "--expect", "EXPECT.toml") == 2
    assert re.search(problem, capsys.readouterr().err)


def test_a_growth_that_an_expected_decrease_explains_is_no_new_cost(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Half of all was Lua and is gone; what stayed as it was has twice the share.
    (folder / "a.folded").write_text("main;lua_call 5000\nmain;render 4000\nmain;parse 1000\n")
    (folder / "b.folded").write_text("main;render 4000\nmain;parse 1000\nmain;extra 200\n")
    (folder / "EXPECT.toml").write_text('[[expect]]\nsymbol = "lua_*"\nto = "1%"\n')
    assert run("diff", "a.folded", "b.folded", "--rules", "generic", "--expect", "EXPECT.toml", "--json") == 0
    found = json.loads(capsys.readouterr().out)["expectations"]
    assert [(line["what"], line["result"]) for line in found] == [
        ("lua_*", "achieved"),
        ("extra, self", "new cost"),
    ]


@pytest.fixture
def phases(folder: Path) -> Path:
    place = folder / "phases"
    for name, profile, expect, notes in (
        ("01-as-it-was", made(BEFORE), "", "# What was seen\n\nResizing *stutters*.\n\n- one\n- two\n"),
        ("02-cache-tables", made(AFTER), EXPECT, "Cached the input tables."),
        ("10-nothing", made(AFTER), "", ""),
    ):
        (place / name).mkdir(parents=True)
        (place / name / "capture.folded").write_text(to_folded(profile, None))
        (place / name / "PHASE.toml").write_text("seconds = 10\nframes = 600\n")
        if expect:
            (place / name / "EXPECT.toml").write_text(expect)
        if notes:
            (place / name / "NOTES.md").write_text(notes)
    (place / "ASSESSMENT.toml").write_text('title = "How the titles got fast"\n')
    return place


def test_assess(phases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("assess", str(phases), "--markdown", "--per", "sample") == 0
    text = capsys.readouterr().out
    titles = re.findall(r"^##? (.*)$", text, re.MULTILINE)
    assert titles == [
        "How the titles got fast", "Status", "Key finding", "Components over the phases", "Phase 1: as it was",
        "Phase 2: cache tables", "Phase 10: nothing", "What is left", "Where the time is now",
    ]  # fmt: skip
    assert "### Promised and brought: Cache the tables" in text
    assert "### What was seen\n\nResizing *stutters*.\n\n- one\n- two" in text
    assert "| Total Lua | 20.0 % | 2.00 % | 2.00 % |" in text
    assert "- Rendering gets cheaper (2: cache tables): missed" in text
    assert run("assess", str(phases), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [phase["name"] for phase in found["phases"]] == ["01-as-it-was", "02-cache-tables", "10-nothing"]
    assert found["phases"][2]["comparison"]["lines"] == []
    assert run("assess", str(phases), "-o", str(phases.parent / "out.txt")) == 0
    assert (phases.parent / "out.txt").read_text().startswith("How the titles got fast")


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("01-as-it-was/EXPECT.toml", '[[expect]]\nsymbol = "x"\nto = 1', "nothing before it"),
        ("02-cache-tables/PHASE.toml", "frames = true", "02-cache-tables/PHASE.toml:1: frames = True"),
        ("02-cache-tables/PHASE.toml", "pages = 3", "'pages' is not known"),
        (
            "02-cache-tables/EXPECT.toml",
            "[[expect]]\nx = 1\n",
            "02-cache-tables/EXPECT.toml:2: expectation 1",
        ),
        ("RULES.toml", "x = 1", "RULES.toml: the file: 'x' is not known"),
    ],
)
def test_assess_names_what_is_wrong(
    phases: Path, path: str, content: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (phases / path).write_text(content)
    assert run("assess", str(phases)) == 2
    assert problem in capsys.readouterr().err


def test_a_phase_without_captures_is_named(phases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (phases / "03-empty").mkdir()
    assert run("assess", str(phases)) == 1
    assert "03-empty: a phase without a capture" in capsys.readouterr().err


def test_a_damaged_capture_of_a_phase_is_named_with_its_phase(
    phases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (phases / "02-cache-tables" / "second.folded").write_text("main;a 3\nmain;b x\n")
    assert run("assess", str(phases)) == 1
    assert "02-cache-tables/second.folded: line 2: no count" in capsys.readouterr().err


def test_what_no_rule_names_is_the_finding_when_it_is_most(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "odd.folded").write_text("main;mine 80\nmain;malloc 20\n")
    assert run("report", "odd.folded", "--json") == 0
    finding = json.loads(capsys.readouterr().out)["key_finding"]
    assert finding.startswith("No rule names 80.0 % of the time, first of all `mine`")
    assert "dominates" not in finding


def test_an_interrupted_import_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("perilune.profiler.file_format.BlockWriter.block", interrupted)
    before = sorted(path.name for path in folder.iterdir())
    assert run("import", "a.folded", "-o", "kept.pprofile") == 130
    assert sorted(path.name for path in folder.iterdir()) == before
    assert capsys.readouterr().err == "perilune: interrupted\n"


@pytest.mark.parametrize("kind", ["speedscope", "folded", "chrome", "firefox"])
def test_export(folder: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "a.folded", "--to", kind, "-o", "out") == 0
    text = (folder / "out").read_text()
    assert run("export", "a.folded", "--to", kind) == 0
    assert capsys.readouterr().out == text
    if kind == "folded":
        assert text == (folder / "a.folded").read_text()
    else:
        json.loads(text)
    assert run("export", "a.folded", "--to", kind, "--event", "no") == 1
