"""Writes src/perilune/config/schemes.toml: the colour schemes that WezTerm knows, from their publishers.

Each source is a public repository at a fixed revision, so that the values are those that a WezTerm of early
2025 ships; names that came later are taken from newer revisions and never replace an older value.

    python tools/generate_schemes.py CLONES

CLONES holds a git repository `owner+name` for each source (bare or not, or with the repository in a folder
`repo` inside); what is missing is cloned into it. A line of the result is one scheme, so that one can be read
without the others; a string instead of a table names the scheme that it is another name of.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

TARGET = Path(__file__).parent.parent / "src/perilune/config/schemes.toml"

Scheme = dict[str, Any]
Named = Iterator[tuple[str, Scheme]]
ORDER = (
    "foreground", "background", "cursor_bg", "cursor_fg", "cursor_border", "selection_bg", "selection_fg",
    "ansi", "brights", "indexed", "scrollbar_thumb", "split", "visual_bell", "compose_cursor", "tab_bar",
)  # fmt: skip


class Source(NamedTuple):
    """A repository at a revision, the path in it, and how it is read."""

    repository: str
    revision: str
    path: str
    read: Callable[[str, str], Named]


def read_named_toml(path: str, text: str) -> Named:
    """A file in WezTerm's own format, with its name inside."""
    if not path.endswith(".toml"):
        return
    table = tomllib.loads(text)
    if "colors" in table and "name" in table.get("metadata", {}):
        for name in (table["metadata"]["name"], *table["metadata"].get("aliases", ())):
            yield name, table["colors"]


def read_file_named(path: str, text: str) -> Named:
    """A file in WezTerm's format that is called like the scheme."""
    if path.endswith(".toml"):
        yield Path(path).stem, tomllib.loads(text)["colors"]


def read_nightfox(path: str, text: str) -> Named:
    """Nightfox: a folder per scheme. The others came to WezTerm by way of the iTerm2 collection."""
    name = Path(path).parent.name
    if path.endswith("/wezterm.toml") and name in {"carbonfox", "dawnfox", "duskfox", "nordfox"}:
        yield name, tomllib.loads(text)["colors"]


def read_gogh(path: str, text: str) -> Named:
    """Gogh: one JSON file of all."""
    if not path.endswith("themes.json"):
        return
    table = json.loads(text)
    for theme in table["themes"] if isinstance(table, dict) else table:
        colors = [theme.get(f"color_{number:02}") for number in range(1, 17)]
        if None in colors:
            continue
        cursor = theme.get("cursor") or theme["foreground"]
        yield (
            f"{theme['name']} (Gogh)",
            {
                "foreground": theme["foreground"],
                "background": theme["background"],
                "cursor_bg": cursor,
                "cursor_border": cursor,
                "cursor_fg": theme["background"],
                "ansi": colors[:8],
                "brights": colors[8:],
            },
        )


def read_base16(path: str, text: str) -> Named:
    """base16: sixteen colours by role."""
    colors = dict(re.findall(r"^\s*base0([0-9A-F]):\s*[\"']?#?([0-9a-fA-F]{6})", text, re.MULTILINE))
    name = re.search(r"^(?:name|scheme):\s*[\"']?(.*?)[\"']?\s*(?:#.*)?$", text, re.MULTILINE)
    if not path.endswith(".yaml") or len(colors) != 16 or name is None:
        return
    tones = {role: f"#{value}" for role, value in colors.items()}
    yield (
        f"{name[1]} (base16)",
        {
            "foreground": tones["5"],
            "background": tones["0"],
            "cursor_bg": tones["5"],
            "cursor_border": tones["5"],
            "cursor_fg": tones["0"],
            "selection_bg": tones["5"],
            "selection_fg": tones["0"],
            "ansi": [tones[role] for role in "08BADEC5"],
            "brights": [tones[role] for role in "38BADEC7"],
            "indexed": {str(16 + at): tones[role] for at, role in enumerate("9F1246")},
        },
    )


def read_terminal_sexy(path: str, text: str) -> Named:
    """terminal.sexy: a JSON file per scheme."""
    if path.endswith(".json") and '"color"' in text:
        scheme = json.loads(text)
        yield (
            f"{scheme['name']} (terminal.sexy)",
            {
                "foreground": scheme["foreground"],
                "background": scheme["background"],
                "ansi": scheme["color"][:8],
                "brights": scheme["color"][8:16],
            },
        )


ITERM2, GOGH, TOKYO = "mbadolato/iTerm2-Color-Schemes", "Gogh-Co/Gogh", "folke/tokyonight.nvim"
SOURCES = (
    Source("catppuccin/wezterm", "b1a81bae74d6", "dist", read_named_toml),
    Source(TOKYO, "5598215fa065", "extras/wezterm", read_file_named),
    Source(TOKYO, "6e0bfd6836e0", "extras", read_named_toml),
    Source("EdenEast/nightfox.nvim", "7557f26defd0", "extra", read_nightfox),
    Source("ribru17/bamboo.nvim", "1309bc88bffc", "extras/wezterm", read_named_toml),
    Source("dracula/wezterm", "0db525a46b52", "dracula.toml", read_named_toml),
    Source("olivercederborg/poimandres-wezterm", "b197e8ab256a", "dist", read_named_toml),
    Source("hardhackerlabs/theme-wezterm", "ec770ba5c68a", "hardhacker.toml", read_file_named),
    Source("eldritch-theme/wezterm", "b6c0c73812fe", "", read_named_toml),
    Source("Hiroya-W/wezterm-sequoia-theme", "72edd09e8799", "", read_named_toml),
    Source(ITERM2, "c3c5be79ce4d", "wezterm", read_file_named),
    Source(GOGH, "741a6bad1a24", "data/themes.json", read_gogh),
    Source(GOGH, "273d7f9009af", "data/themes.json", read_gogh),
    Source("stayradiated/terminal.sexy", "2e2c9bec9947", "dist/schemes", read_terminal_sexy),
    Source("dracula/base16-dracula-scheme", "9494b73c343d", "", read_base16),
    Source("tinted-theming/schemes", "b3273211d5d1", "base16", read_base16),
    Source(ITERM2, "4cbae6273354", "wezterm", read_file_named),
    Source(GOGH, "0aee76d9ade3", "data/themes.json", read_gogh),
)
# Gogh's names before it put spaces in, which WezTerm keeps.
OLD_GOGH = Source(GOGH, "20a472c4c20a", "data/themes.json", read_gogh)


def files(clones: Path, source: Source) -> Iterator[tuple[str, str]]:
    """The source's files, path and text."""
    folder = clones / source.repository.replace("/", "+")
    if not folder.exists():
        url = f"https://github.com/{source.repository}"
        subprocess.run(["git", "clone", "--bare", "--quiet", url, folder], check=True)
    if (folder / "repo").is_dir():
        folder /= "repo"
    command = ["git", "-C", folder, "archive", source.revision, *([source.path] if source.path else [])]
    done = subprocess.run(command, check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            found = archive.extractfile(member)
            if found is not None and member.name.endswith((".toml", ".json", ".yaml")):
                yield member.name, found.read().decode()


def clean(scheme: Scheme) -> Scheme:
    """The scheme in a fixed order, colours in lower case, without what is empty."""

    def tidy(value: Any) -> Any:
        if isinstance(value, str):
            return value.lower() if value.startswith("#") else value
        if isinstance(value, list):
            return [tidy(item) for item in value]
        if isinstance(value, dict):
            return {key: tidy(item) for key, item in value.items()}
        return value

    return {key: tidy(scheme[key]) for key in ORDER if scheme.get(key) not in (None, {}, [])}


def written(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, dict):
        bare = re.compile(r"[A-Za-z0-9_-]+")
        parts = (
            f"{key if bare.fullmatch(key) else json.dumps(key)}={written(item)}"
            for key, item in value.items()
        )
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def essence(scheme: Scheme) -> str:
    """The colours that decide whether two schemes are one."""
    return json.dumps([scheme.get(name) for name in ("foreground", "background", "ansi", "brights")])


def folded(name: str) -> str:
    """A name without case, spaces and hyphens."""
    return re.sub(r"[\s_-]+", "", name.casefold())


def main() -> None:
    """Generate and write."""
    clones = Path(sys.argv[1])
    schemes: dict[str, Scheme] = {}
    for source in SOURCES:
        before = len(schemes)
        # Of two files of one source with one name the later holds; of two sources the first.
        found = {
            name: scheme for path, text in files(clones, source) for name, scheme in source.read(path, text)
        }
        schemes = {name: clean(scheme) for name, scheme in found.items()} | schemes
        print(f"{source.repository} {source.revision[:8]}: {len(schemes) - before} new")
    aliases: dict[str, str] = {}
    by_folded = {folded(name): name for name in schemes if name.endswith(" (Gogh)")}
    # WezTerm merges schemes that agree in these; the name without a suffix has the selection and cursor too.
    plain = {(folded(f"{name} (Gogh)"), essence(scheme)): name for name, scheme in schemes.items()}
    for _, text in files(clones, OLD_GOGH):
        for name in (f"{theme['name']} (Gogh)" for theme in json.loads(text)["themes"]):
            if name not in schemes and folded(name) in by_folded:
                gogh = by_folded[folded(name)]
                aliases[name] = plain.get((folded(name), essence(schemes[gogh])), gogh)
    texts: dict[str, str] = {}
    lines = ["# Generated by tools/generate_schemes.py; do not edit."]
    first = {}
    for name in sorted(schemes):
        text = written(schemes[name])
        first[name] = texts.setdefault(text, name)
        lines.append(f"{written(name)}={text if first[name] == name else written(first[name])}")
    lines += [f"{written(name)}={written(first[aliases[name]])}" for name in sorted(aliases)]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(schemes)} schemes, {len(aliases)} more names, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
