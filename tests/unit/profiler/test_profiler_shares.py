"""Rules name components, and the shares of components are the whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from profile_samples import Sample, made, print_perf, read_perf, recorded, samples

from perilune.profiler.errors import RulesError
from perilune.profiler.model import Frame, Profile
from perilune.profiler.rules import SETS, UNMATCHED, RuleSet, choose, load, shipped
from perilune.profiler.shares import Shares


def rules(text: str, tmp_path: Path) -> RuleSet:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


RULES = """
name = "mine"
[[group]]
name = "Lua"
budget = 3
[[component]]
name = "Tables"
group = "Lua"
cost = "conversion"
symbol = ["*raw_set", "re:^luaH_"]
[[component]]
name = "Strings"
group = "Lua"
cost = "strings"
symbol = ["*create_string"]
[[component]]
name = "Memory"
charge = "caller"
symbol = ["malloc", "free"]
[[component]]
name = "Never"
symbol = ["nothing", "*raw_set"]
[[callback]]
name = "title"
symbol = "compute_title"
"""


@settings(max_examples=25, deadline=None)
@given(samples())
def test_own_shares_are_the_whole(found: list[Sample]) -> None:
    profile, _ = read_perf(print_perf(found))
    for name in SETS:
        for event in range(len(profile.events)):
            shares = Shares(profile, event, shipped(name))
            whole = profile.weight(event)
            for table in (shares.components, shares.symbols):
                assert sum(share.own.weight for share in table.values()) == pytest.approx(whole)
                assert sum(share.own.samples for share in table.values()) == profile.samples(event)
                assert all(share.own.weight <= share.total.weight * (1 + 1e-9) for share in table.values())
                assert all(share.total.weight <= whole * (1 + 1e-9) for share in table.values())


@settings(max_examples=60, deadline=None)
@given(samples())
def test_inclusive_shares_count_a_sample_once(found: list[Sample]) -> None:
    profile, _ = read_perf(print_perf(found))
    event = profile.main_event()
    assert event is not None
    shares = Shares(profile, event, shipped("generic"))
    name = profile.events[event].name
    for (symbol, module), share in shares.symbols.items():
        expected = sum(
            sample.period
            for sample in found
            if sample.event == name
            and any(f.symbol == symbol and f.module.rpartition("/")[2] == module for f in sample.frames)
        )
        assert share.total.weight == pytest.approx(expected)


def test_components_groups_costs_and_callbacks(tmp_path: Path) -> None:
    profile = made({
        "main;compute_title;Table::raw_set": 10, "main;compute_title;Table::raw_set;malloc": 5,
        "main;compute_title;create_string": 6, "main;malloc": 2, "main;compute_title;luaH_get;compute_title": 1,
        "main": 75, "": 1,
    })  # fmt: skip
    shares = Shares(profile, 0, rules(RULES, tmp_path))
    own = {name: share.own.weight for name, share in shares.components.items()}
    assert own == {"Tables": 15, "Strings": 6, "Memory": 2, "Never": 0, UNMATCHED: 77}
    assert shares.components["Tables"].total.weight == 16
    assert shares.groups["Lua"].own.weight == 21
    assert shares.groups["Lua"].total.weight == 22
    assert shares.costs == {"execution": 0, "conversion": 15, "strings": 6, "collection": 0}
    assert shares.callbacks["title"].total.weight == 22
    assert shares.callbacks["title"].costs == {"conversion": 15, "strings": 6, "other": 1}
    assert shares.unmatched_stacks == 76
    assert [share.name for share in shares.unmatched_symbols()] == ["main", "compute_title"]
    assert shares.rules.dead() == [
        ("Memory", "symbol = 'free'", "fits no frame"),
        ("Never", "symbol = 'nothing'", "fits no frame"),
        ("Never", "symbol = '*raw_set'", "what it fits is taken by components before it"),
    ]


def test_lists_are_joined_by_and_their_patterns_by_or(tmp_path: Path) -> None:
    mine = rules(
        '[[component]]\nname = "A"\nsymbol = ["f", "g*"]\nmodule = ["libc.so*", "[kernel*"]\n', tmp_path
    )
    frames = [
        Frame("f", "/usr/lib/libc.so.6"), Frame("g1", "[kernel.kallsyms]"), Frame("h", "/usr/lib/libc.so.6"),
        Frame("f", "/usr/bin/x"), Frame("f"),
    ]  # fmt: skip
    assert [component is not None for component in mine.classify(frames)] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name = [", "no TOML"),
        ('name = "x"', "no .*component"),
        ('[[component]]\nsymbol = ["f"]', "name is missing"),
        ('[[component]]\nname = "x"', "no pattern"),
        ('[[component]]\nname = "x"\nsymbol = []', "list of patterns"),
        ('[[component]]\nname = "x"\nsymbol = ["re:("]', "no regular expression"),
        ('[[component]]\nname = "x"\nsymbols = ["f"]', "'symbols' is not known"),
        ('[[component]]\nname = "x"\nsymbol = ["f"]\ncost = "much"', "cost is one of"),
        ('[[component]]\nname = "x"\nsymbol = ["f"]\ncharge = "me"', "charge is"),
        ('[[component]]\nname = "x"\nsymbol = ["f"]\nbudget = 101', "share in percent"),
        ('[component]\nname = "x"\nsymbol = ["f"]', "is written"),
        ('[[component]]\nname = "x"\nsymbol = ["f"]\n[rules]', "'rules' is not known"),
    ],
)
def test_rules_that_say_nothing_are_refused(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=rf"rules\.toml: .*{problem}|{problem}"):
        rules(text, tmp_path)


@pytest.mark.parametrize("name", SETS)
def test_shipped_sets_are_good(name: str) -> None:
    found = shipped(name)
    assert found.components
    assert not [p for p in found.patterns() if p.text in {"*", "re:"}]


@pytest.mark.parametrize(
    ("stacks", "name"),
    [
        ({"main;wezterm_gui::tabbar::TabBarState::new": 9, "main;x": 1}, "WezTerm with mlua"),
        ({"Py_BytesMain;_PyEval_EvalFrameDefault;dict_get": 9}, "CPython"),
        ({"main;work": 9}, "generic"),
        ({"main;wezterm_gui::main": 1, "main;work": 999}, "generic"),
        ({}, "generic"),
    ],
)
def test_the_set_that_fits_is_chosen(stacks: dict[str, int], name: str) -> None:
    assert choose(made(stacks), 0).name == name


def test_a_recording_of_perilune_is_known_by_its_files() -> None:
    profile = Profile()
    node = profile.stack([Frame("compose", "python", "/x/site-packages/perilune/app/compose.py", 3)])
    profile.add(profile.event("wall", "us"), 0, node, weight=5.0)
    profile.thread(recorded().threads[0])
    found = choose(profile, 0)
    assert found.name == "Perilune"
    assert Shares(profile, 0, found).components["Frames and titles"].own.weight == 5.0


@pytest.mark.parametrize(
    ("symbol", "component"),
    [
        ("mlua::table::Table::raw_set", "Lua result tables"),
        ("mlua::lua::Lua::create_string", "Lua strings"),
        ("mlua::function::Function::call", "Lua callback calls"),
        ("luaC_step", "Lua collection"),
        ("luaV_execute", "Lua callback calls"),
        ("luaS_hash", "Lua strings"),
        ("luaH_getshortstr", "Lua result tables"),
        ("wezterm_gui::lua_ser_cache::LuaTableCache::get_or_create", "Lua table cache"),
        ("wezterm_gui::tabbar::create_tab_info_table", "Lua serialization"),
        ("wezterm_gui::tab_title_cache::TabTitleCache::insert", "Tab title cache"),
        ("wezterm_gui::tabbar::TabBarState::new", "Tab bar"),
        (
            "wezterm_gui::termwindow::render::paint::<impl wezterm_gui::termwindow::TermWindow>::paint_pass",
            "Painting",
        ),
        ("wezterm_gui::termwindow::keyevent::key_event", "Window and events"),
        ("termwiz::surface::line::line::Line::get_cell", "Terminal model"),
        ("window::os::wayland::connection::run", "Window system"),
        ("mux::tab::Tab::iter_panes", "Mux and panes"),
        ("clock_gettime", "Clock"),
        ("hb_shape", "Fonts and shaping"),
        ("config::ConfigHandle::deref", "Configuration"),
    ],
)
def test_what_the_field_report_names_is_told_apart(symbol: str, component: str) -> None:
    (found,) = shipped("wezterm").classify([Frame(symbol, "/usr/bin/wezterm-gui")])
    assert found is not None
    assert found.name == component
