"""Reports on captures that were recorded with perf and py-spy (tools/record_profiles.py), as people read them."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from perilune.profiler.assessment import assess
from perilune.profiler.importers import Reading, read_capture
from perilune.profiler.measures import Capture
from perilune.profiler.report import make_report
from perilune.profiler.rules import choose
from perilune.profiler.writers.markdown import to_markdown
from perilune.profiler.writers.text import to_text

PLACE = Path(__file__).parent / "profiler"
PAINT = "main;wezterm_gui::frontend::run;wezterm_gui::termwindow::TermWindow::paint"
BAR = f"{PAINT};wezterm_gui::tabbar::TabBarState::new"
TITLE = f"{BAR};wezterm_gui::tabbar::compute_tab_title"
CALL = f"{TITLE};mlua::function::Function::call"
CACHE = f"{TITLE};wezterm_gui::lua_ser_cache::LuaTableCache::get_or_create"
NOTES = "The input tables are kept and passed to the callback again."
EXPECT = """
title = "Cache the serialised tables"
per = "sample"
[[expect]]
what = "Lua serialization"
component = "Lua serialization"
to = "1%"
[[expect]]
what = "Lua callback overhead"
component = "Lua callback calls"
to = "2%"
[[expect]]
what = "Total Lua"
group = "Lua"
to = "3%"
"""
CAPTURES = sorted((PLACE / "captures").iterdir())


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_reports_on_recorded_captures(path: Path, update_golden: bool) -> None:
    profile = read_capture(path, Reading())
    event = profile.main_event()
    assert event is not None
    capture = Capture.of(profile, event, choose(profile, event))
    document = make_report(capture).document()
    for suffix, text in (("txt", to_text(document, width=100)), ("md", to_markdown(document))):
        expected = PLACE / "reports" / f"{path.name}.{suffix}"
        if update_golden:
            expected.parent.mkdir(exist_ok=True)
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_every_sample_of_a_recorded_capture_is_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    profile = read_capture(path, Reading())
    if path.suffix == ".perf":
        samples = sum(" cpu-clock:" in line or " page-faults:" in line for line in text.splitlines())
    else:
        samples = sum(int(line.rsplit(" ", 1)[1]) for line in text.splitlines())
    assert sum(profile.samples(event) for event in range(len(profile.events))) == samples
    assert not profile.meta.notes


def program(
    tables: float, raw_set: float, strings: float, collection: float, cache: float
) -> dict[str, float]:
    """A program with the shares that the field report gives, in percent."""
    found = {
        f"{BAR};wezterm_gui::tabbar::create_tab_info_table;mlua::table::Table::set": tables * 0.6,
        f"{BAR};wezterm_gui::tabbar::create_pane_info_table;mlua::table::Table::set": tables * 0.4,
        f"{CALL};mlua::table::Table::raw_set": raw_set, f"{CALL};mlua::lua::Lua::create_string": strings,
        CALL: 3.0, f"{CALL};lua_pcallk;luaC_step": collection, f"{CACHE};clock_gettime": cache * 0.975,
        CACHE: cache * 0.025, f"{TITLE};wezterm_gui::tab_title_cache::TabTitleCache::insert": 0.57,
    }  # fmt: skip
    rest = 100 - sum(found.values())
    for stack, share in (
        (f"{PAINT};wezterm_gui::termwindow::render::paint_pass", 0.4), (f"{PAINT};hb_shape", 0.2),
        (f"{PAINT};glium::draw", 0.15), ("main;wezterm_term::terminal::Terminal::advance_bytes", 0.25),
    ):  # fmt: skip
        found[stack] = rest * share
    return found


def test_the_story_of_the_field_report_is_told_as_its_authors_told_it(
    tmp_path: Path, update_golden: bool
) -> None:
    """They cached the input tables: serialisation went, the callbacks stayed, a clock came."""
    for seed, (name, shares) in enumerate(
        (("03-cache-titles", program(5, 6.58, 6.01, 1.6, 0)), ("04-cache-tables", program(0.02, 6.32, 5.78, 1.53, 1.22)))
    ):  # fmt: skip
        (tmp_path / name).mkdir()
        hits = random.Random(seed).choices(list(shares), list(shares.values()), k=9000)
        text = "".join(f"{stack} {count}\n" for stack, count in sorted(Counter(hits).items()))
        (tmp_path / name / "capture.folded").write_text(text)
    (tmp_path / "04-cache-tables" / "EXPECT.toml").write_text(EXPECT)
    (tmp_path / "04-cache-tables" / "NOTES.md").write_text(NOTES)
    (tmp_path / "ASSESSMENT.toml").write_text('title = "Phase 4 assessment"')
    assessment = assess(tmp_path, lambda path: read_capture(path, Reading()))
    outcomes = assessment.phases[1].outcomes
    assert outcomes is not None
    assert [(outcome.what, outcome.result) for outcome in outcomes] == [
        ("Lua serialization", "achieved"), ("Lua callback overhead", "missed"), ("Total Lua", "partly"),
        ("Lua table cache", "new cost"), ("Clock", "new cost"),
    ]  # fmt: skip
    text = to_markdown(assessment.document())
    expected = PLACE / "reports" / "field_report.md"
    if update_golden:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
