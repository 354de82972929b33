"""The pages in a real browser: they draw, zoom, search and mark without a network."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from profile_samples import made, recorded

from perilune.profiler.assessment import Assessment, Phase
from perilune.profiler.comparison import compare_captures
from perilune.profiler.diff_report import DiffReport
from perilune.profiler.measures import Capture
from perilune.profiler.model import Frame, Profile
from perilune.profiler.report import make_report
from perilune.profiler.rules import shipped
from perilune.profiler.writers.html import assessment_page, diff_page, report_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BEFORE = {"main;render": 700, "main;title;lua_call;luaH_new": 200, "main;idle": 100}
AFTER = {"main;render": 700, "main;title;lua_call": 20, "main;idle": 100, "main;cache": 30}


def capture(profile: Profile, name: str = "capture") -> Capture:
    return Capture.of(profile, profile.main_event(), shipped("wezterm"), name)


def report(profile: Profile) -> str:
    found = capture(profile)
    return report_page(found, make_report(found).document())


def browse(page: str, tmp_path: Path, *, script: str = "", fragment: str = "") -> str:
    """The document that a browser makes of a page, after a script has acted on it as a user would."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    path = tmp_path / "page.html"
    acted = f"<script>{script}</script></body>" if script else "</body>"
    path.write_text(page.replace("</body>", acted), encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", f"--user-data-dir={tmp_path / 'user'}", "--window-size=1200,900",
            "--virtual-time-budget=2000", "--dump-dom", f"file://{path}{fragment}",
        ],
        capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert 'data-ready="yes"' in done.stdout, "the page's script did not come to its end"
    return done.stdout


class Boxes(HTMLParser):
    """The boxes of flame graphs: title -> (left, width, background, class)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, tuple[float, float, str, str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "div" and "data-node" in given:
            style = dict(
                part.strip().split(": ", 1) for part in (given["style"] or "").split(";") if part.strip()
            )
            title = (given["title"] or "").split(":")[0]
            left, width = float(style["left"][:-2]), float(style["width"][:-2])
            self.found[title] = (left, width, style["background"], given.get("class") or "")


def test_the_page_needs_nothing_else() -> None:
    page = report(recorded())
    assert not re.search(r"(?:src|href)\s*=|@import|url\(|fetch\(|XMLHttpRequest|WebSocket", page)
    assert "default-src 'none'" in page


def test_names_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    profile = made({"main": 10})
    evil = "</script><img src=x onerror=\"document.title='owned'\"><!-- &amp; `x`"
    profile.add(0, 0, profile.stack([Frame(evil, "lib<b>.so")]), weight=50.0, count=50)
    profile.meta.command = "<script>document.title='owned'</script>"
    page = browse(report(profile), tmp_path)
    assert "<title>Profile: capture</title>" in page
    assert "<img" not in page


def test_flame_graph_timeline_and_tables(tmp_path: Path) -> None:
    page = browse(report(recorded()), tmp_path)
    boxes = Boxes(page).found
    whole = boxes["all"][1]
    assert {name: round(100 * box[1] / whole) for name, box in boxes.items()} == {
        "all": 100, "main": 100, "frame": 98, "format-tab-title": 8, "idle": 2,
    }  # fmt: skip
    # 600 frames, 6 of them over budget by two causes, each marked in the colour that the legend gives the cause.
    marked = re.findall(r'<rect [^>]*fill="([^"]+)" class="over" data-cause="([^"]+)"', page)
    assert len(marked) == 6
    assert {cause for _, cause in marked} == {"lua batch late", "resize"}
    assert len(set(marked)) == 2
    assert page.count('class="frame"') == 594
    assert 'class="budget"' in page
    legend = re.search(r'<div class="legend">(.*?)</div>', page, re.DOTALL)
    assert legend is not None
    assert "lua batch late" in legend[1]
    tables = re.findall(r'<table id="(\w+)"', page)
    assert {"components", "callbacks", "costs", "symbols", "stages", "causes"} <= set(tables)


def test_zoom_search_and_back(tmp_path: Path) -> None:
    script = """
      const box = (name) => [...document.querySelectorAll(".flame > div")].find((d) => d.title.startsWith(name + ":"));
      const width = (name) => box(name) ? Math.round(parseFloat(box(name).style.width)) : 0;
      const seen = [];
      const whole = width("all");
      seen.push(width("title") < whole / 2);
      box("title").click();
      seen.push(width("title") === whole, width("render") === 0, box("main").className === "dim");
      box("main").dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}));
      seen.push(width("render") > 0);
      const input = document.querySelector(".flamebox input");
      input.value = "LUA";
      input.dispatchEvent(new Event("input"));
      seen.push(document.querySelectorAll(".flame > div.hit").length);
      seen.push(document.querySelector(".said").textContent);
      document.querySelector(".flamebox button").click();
      seen.push(document.querySelectorAll(".flame > div.hit").length);
      document.body.dataset.seen = JSON.stringify(seen);
    """
    page = browse(report(made(BEFORE)), tmp_path, script=script)
    seen = re.search(r'data-seen="([^"]*)"', page)
    assert seen is not None
    said = seen[1].replace("&quot;", '"').replace("\\", "")
    assert said == '[true,true,true,true,true,2,"20.0 % in 2 places shown match "LUA"",0]'


def test_a_view_can_be_linked_to(tmp_path: Path) -> None:
    boxes = Boxes(browse(report(made(BEFORE)), tmp_path, fragment="#flame=title&find=luaH")).found
    assert "render" not in boxes
    assert boxes["luaH_new"][3] == "hit"
    assert boxes["title"][1] == boxes["all"][1]


def test_differential_flame_graph(tmp_path: Path) -> None:
    comparison = compare_captures([capture(made(BEFORE))], [capture(made(AFTER))], "sample")
    boxes = Boxes(browse(diff_page(comparison, DiffReport(comparison).document()), tmp_path)).found

    def hue(name: str) -> str:
        red, _, blue = (int(part) for part in re.findall(r"\d+", boxes[name][2])[:3])
        return "red" if red > blue else "blue" if blue > red else "grey"

    assert {name: hue(name) for name in boxes} == {
        "all": "grey", "main": "grey", "render": "red", "title": "blue", "lua_call": "blue", "luaH_new": "blue",
        "idle": "red", "cache": "red",
    }  # fmt: skip


def test_the_page_of_an_assessment_has_a_graph_for_each_phase(tmp_path: Path) -> None:
    first, second = capture(made(BEFORE), "01/a"), capture(made(AFTER), "02/b")
    phases = [
        Phase("01", "1", [first], report=make_report(first)),
        Phase(
            "02", "2", [second], comparison=compare_captures([first], [second]), report=make_report(second)
        ),
    ]
    assessment = Assessment("All", phases)
    page = browse(assessment_page(assessment, assessment.document()), tmp_path)
    assert len(re.findall(r'data-drawn="[1-9]', page)) == 2


def test_a_profile_without_samples_has_a_page(tmp_path: Path) -> None:
    profile = recorded()
    bare = Profile(profile.meta)
    bare.frame_records, bare.runs = profile.frame_records, profile.runs
    page = browse(report(bare), tmp_path)
    assert page.count('class="over"') == 6
    assert 'class="flame"' not in page


def test_a_stack_deeper_than_the_window_begins_at_its_outermost_frame(tmp_path: Path) -> None:
    deep = ";".join(f"f{n}" for n in range(300))
    page = report(made({f"main;{deep}": 5, "main;render": 95}))
    told = "const t = document.querySelector('.tall'); document.body.dataset.seen ="
    script = f"{told} [t.clientHeight < innerHeight, t.scrollTop > 0, t.scrollTop + t.clientHeight >= t.scrollHeight - 1].join();"
    assert 'data-seen="true,true,true"' in browse(page, tmp_path, script=script)


def test_narrow_boxes_do_not_cover_the_next(tmp_path: Path) -> None:
    page = report(made({"main;thin;a": 2, "main;wide;b": 998}))
    script = (
        "const found = [...document.querySelectorAll('.flame > div')].filter(d => d.title.startsWith('thin'));"
        "document.body.dataset.wide = String(found[0].getBoundingClientRect().width < 4);"
    )
    assert 'data-wide="true"' in browse(page, tmp_path, script=script)
