"""`perilune screenshot` on real programs; its pictures are looked at by size and colour."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from e2e.session import plain_env

FACES = 'font_locator="ConfigDirsOnly"'  # no face of this machine
RETRO = "use_fancy_tab_bar=false"


def shoot(home, *arguments, code=0, cwd=None):
    done = subprocess.run(
        [sys.executable, "-m", "perilune", "screenshot", *arguments],
        env=plain_env(home), cwd=cwd or home, capture_output=True, text=True, timeout=100, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    return done.stderr


def picture(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA")).astype(int)


def share(pixels, color):
    """The share of pixels of a colour."""
    return float((np.abs(pixels[..., :3] - color).max(axis=-1) <= 3).mean())


@pytest.mark.slow
def test_a_command_that_ends_is_seen_with_the_tab_bar_above_it(tmp_path):
    out = tmp_path / "a.png"
    errors = shoot(
        tmp_path, "-n", "--config", FACES, "--config", RETRO, "--cols", "20", "--rows", "5", "--renderer", "software",
        "-o", str(out), "--", "sh", "-c", r"printf '\033[44;1m%20s\033[m\n' ''; printf 'done'",
    )  # fmt: skip
    assert errors == ""
    pixels = picture(out)
    # Cells of 10 x 22 at 12 points; a cell of padding on both sides, half a row above and below.
    assert pixels.shape == (5 * 22 + 22, 20 * 10 + 20, 4)
    assert (pixels[..., 3] == 255).all()
    assert share(pixels[:22], (0x33, 0x33, 0x33)) > 0.3  # the bar, from edge to edge
    blue = pixels[33:55, 10:210]
    assert share(blue, (0x54, 0x55, 0xCB)) == 1.0
    assert share(pixels[55:77], (0, 0, 0)) < 1.0  # "done"


@pytest.mark.slow
def test_a_program_that_goes_on_is_taken_when_it_is_quiet_and_then_ended(tmp_path):
    out = tmp_path / "a.png"
    shoot(
        tmp_path, "-n", "--config", FACES, "--cols", "10", "--rows", "3", "-o", str(out),
        "--", "sh", "-c", r"printf '\033[41m\033[2J'; exec sleep 1000",
    )  # fmt: skip
    assert share(picture(out), (0xCC, 0x55, 0x55)) > 0.3


@pytest.mark.slow
def test_size_scale_and_a_config_of_ones_own(tmp_path):
    config = tmp_path / "own.lua"
    config.write_text(
        "return { font_locator = 'ConfigDirsOnly', enable_tab_bar = false, font_size = 10,"
        " window_padding = { left = 0, right = 0, top = 0, bottom = 0 }, initial_cols = 12, initial_rows = 4,"
        " window_background_opacity = 0.5, colors = { background = '#204060' } }"
    )
    sizes = []
    for more in ([], ["--scale", "2"], ["--font-size", "20"], ["--cols", "24"]):
        out = tmp_path / f"{len(sizes)}.png"
        shoot(tmp_path, "--config-file", str(config), *more, "-o", str(out), "--", "true")
        sizes.append(picture(out))
    height, width = sizes[0].shape[:2]
    assert (width % 12, height % 4) == (0, 0)
    assert sizes[1].shape == sizes[2].shape
    assert abs(sizes[1].shape[1] - 2 * width) <= 12
    assert sizes[3].shape[1] == 2 * width
    assert set(np.unique(sizes[0][2:-2, width // 2 :, 3])) == {128}
    assert share(sizes[0][:, width // 2 :], (0x20, 0x40, 0x60)) > 0.9


@pytest.mark.slow
def test_a_lua_title_is_in_the_picture(tmp_path):
    config = tmp_path / "own.lua"
    config.write_text(
        "local wezterm = require 'wezterm'\n"
        "wezterm.on('format-tab-title', function(tab)\n"
        "  return { { Background = { Color = '#ff8000' } }, { Text = '          ' } }\n"
        "end)\n"
        "return { font_locator = 'ConfigDirsOnly', use_fancy_tab_bar = false }\n"
    )
    out = tmp_path / "a.png"
    shoot(tmp_path, "--config-file", str(config), "--cols", "40", "--rows", "3", "-o", str(out), "--", "true")
    assert share(picture(out)[:22], (0xFF, 0x80, 0x00)) > 0.15


@pytest.mark.slow
def test_the_command_runs_in_this_directory_unless_told(tmp_path):
    for name, color in (("here", 41), ("there", 42)):
        (tmp_path / name).mkdir()
        script = tmp_path / name / "show"
        script.write_text(f"#!/bin/sh\nprintf '\\033[{color}m\\033[2J'\n")
        script.chmod(0o755)
    found = []
    for more in ([], ["--cwd", "../there"]):
        out = tmp_path / f"{len(found)}.png"
        shoot(
            tmp_path, "-n", "--config", FACES, "--cols", "10", "--rows", "3", "-o", str(out), *more, "--", "./show",
            cwd=tmp_path / "here",
        )  # fmt: skip
        found.append(picture(out))
    assert share(found[0], (0xCC, 0x55, 0x55)) > 0.3
    assert share(found[1], (0x55, 0xCC, 0x55)) > 0.3


@pytest.mark.slow
def test_a_command_that_cannot_be_started_is_one_sentence_and_no_picture(tmp_path):
    error = shoot(tmp_path, "-n", "-o", "a.png", "--", "no-such-program", code=2)
    assert error == "perilune: Unable to spawn no-such-program: No such file or directory\n"
    assert not (tmp_path / "a.png").exists()


def test_what_cannot_be_done_is_one_sentence(tmp_path):
    nowhere = tmp_path / "no" / "a.png"
    assert shoot(tmp_path, "-o", str(nowhere), "--", "true", code=2).count("\n") == 1
    error = shoot(tmp_path, "--cwd", str(tmp_path / "no"), "-o", "a.png", "--", "true", code=2)
    assert "no such directory" in error
    error = shoot(tmp_path, "--config-file", "missing.lua", "-o", "a.png", "--", "true", code=2)
    assert "missing.lua" in error
    assert error.count("\n") == 1
    assert "COMMAND" in shoot(tmp_path, "-o", "a.png", code=2)
    assert "from 1 to 1000" in shoot(tmp_path, "--cols", "0", "-o", "a.png", "--", "true", code=2)
