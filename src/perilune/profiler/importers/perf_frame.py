"""Reads one line of a stack that `perf script` prints: address, symbol, offset, module, marks. No state."""

from __future__ import annotations

import re

from perilune.profiler.importers.rust_names import demangle_rust
from perilune.profiler.model import Frame

__all__ = ["SOURCE", "parse_frame"]

SOURCE = re.compile(rb"^  ?(?P<file>\S.*?|)(?::(?P<line>\d+)|\[[0-9a-f]+\])(?P<inlined> \(inlined\))?$")
_OFFSET = re.compile(r"^(?P<symbol>.*)\+0x[0-9a-f]+(?: \((?P<module>.*)\))?$")
_MODULE = re.compile(r"^(?:(?P<symbol>.*?) )?\((?P<module>(?:[^()]|\([^()]*\))+)\)$")
_GENERATED = re.compile(r"::h[0-9a-f]{16}(?=$|\.)|\.llvm\.\d+")
_PYTHON = re.compile(r"^py::(?P<symbol>.*):(?P<file>[^:]*)$")
_PERF_MAP = re.compile(r"/perf-\d+\.map$")


def parse_frame(line: bytes, source: bytes = b"", within: Frame | None = None) -> Frame:
    """One line of a stack as a frame.

    Args:
        line: the line.
        source: the line after it, as `-F +srcline` prints.
        within: the frame that it may have been inlined into, whose module it then has.
    """
    text = line.strip().decode("utf-8", "replace")
    address, _, rest = text.partition(" ")
    if not address.strip("0123456789abcdef") and (rest or len(line.strip(b"\t")) == 16):
        text = rest.lstrip()  # an address; one alone is as wide as perf prints it
    else:
        address = ""
    inlined = text.endswith("(inlined)")
    if inlined:
        text = text[:-9].rstrip()
    file, number = "", 0
    if source:
        found = SOURCE.match(source)
        if found is not None:
            inlined = inlined or found["inlined"] is not None
            if found["line"] is not None and not found["file"].startswith(b"?"):
                file, number = found["file"].decode("utf-8", "replace"), int(found["line"])
    match = _OFFSET.match(text)
    if match is None and not inlined:
        match = _MODULE.match(text)
    symbol, module = (text, "") if match is None else (match["symbol"] or "", match["module"] or "")
    kernel = module.startswith(("[kernel", "[guest.kernel")) or (
        len(address) == 16 and address.startswith("ffff") and module != "[vsyscall]"
    )
    if inlined and within is not None:
        module, kernel = within.module, within.kernel
    if module == "[unknown]":
        module = ""
    elif "/perf-" in module and _PERF_MAP.search(module):
        module = "perf.map"
    if "::h" in symbol or ".llvm." in symbol:
        symbol = _GENERATED.sub("", symbol)
    if "$" in symbol or symbol.startswith("_ZN"):
        symbol = demangle_rust(symbol)
    if symbol.startswith("py::"):
        python = _PYTHON.match(symbol)
        if python is not None:
            symbol, file, module = python["symbol"], file or python["file"], "python"
    return Frame(symbol or "[unknown]", module, file, number, inlined, kernel)
