# ruff: noqa: E501 - a table
"""What XTGETTCAP is answered with: terminfo's names, and termcap's for keys, as xterm-256color has them."""

from __future__ import annotations

__all__ = ["CAPABILITIES"]


def _keys() -> dict[bytes, bytes]:
    """Keys as they come with DECCKM, which programs that ask switch on, plain and with modifiers."""
    found: dict[bytes, bytes] = {}
    for name, termcap, letter in (
        (b"cuu1", b"ku", b"A"),
        (b"cud1", b"kd", b"B"),
        (b"cuf1", b"kr", b"C"),
        (b"cub1", b"kl", b"D"),
        (b"home", b"kh", b"H"),
        (b"end", b"@7", b"F"),
    ):
        found[b"k" + name] = found[termcap] = b"\x1bO" + letter
    for name, letter in (
        (b"UP", b"A"),
        (b"DN", b"B"),
        (b"RIT", b"C"),
        (b"LFT", b"D"),
        (b"HOM", b"H"),
        (b"END", b"F"),
    ):
        for modifier in range(2, 8):
            suffix = b"" if modifier == 2 else b"%d" % modifier
            found[b"k" + name + suffix] = b"\x1b[1;%d%s" % (modifier, letter)
    for name, short, termcap, number in (
        (b"ich1", b"IC", b"kI", 2),
        (b"dch1", b"DC", b"kD", 3),
        (b"pp", b"PRV", b"kP", 5),
        (b"np", b"NXT", b"kN", 6),
    ):
        found[b"k" + name] = found[termcap] = b"\x1b[%d~" % number
        for modifier in range(2, 8):
            suffix = b"" if modifier == 2 else b"%d" % modifier
            found[b"k" + short + suffix] = b"\x1b[%d;%d~" % (number, modifier)
    function = [b"\x1bO" + letter for letter in (b"P", b"Q", b"R", b"S")]
    function += [b"\x1b[%d~" % number for number in (15, 17, 18, 19, 20, 21, 23, 24)]
    for number, value in enumerate(function, 1):
        found[b"kf%d" % number] = value
        # terminfo counts on: SHIFT and F1 is F13.
        for at, modifier in ((12, 2), (24, 5), (36, 6), (48, 3)):
            if at + number <= 63:
                plain = value[2:-1] if value[1:2] == b"[" else b"1"
                found[b"kf%d" % (at + number)] = b"\x1b[%s;%d%s" % (plain, modifier, value[-1:])
    termcap_names = (b"k1", b"k2", b"k3", b"k4", b"k5", b"k6", b"k7", b"k8", b"k9", b"k;", b"F1", b"F2")
    found |= dict(zip(termcap_names, function, strict=True))
    # As termcap has them, LEFT and RIGHT with SHIFT.
    found |= {b"#4": b"\x1b[1;2D", b"%i": b"\x1b[1;2C", b"#2": b"\x1b[1;2H", b"*7": b"\x1b[1;2F"}
    return found | {b"kbs": b"\x7f", b"kb": b"\x7f", b"kcbt": b"\x1b[Z", b"kB": b"\x1b[Z", b"kent": b"\x1bOM"}


_SETS = {
    b"bel": b"\x07", b"cr": b"\r", b"ht": b"\t", b"ind": b"\n", b"ri": b"\x1bM", b"nel": b"\x1bE",
    b"clear": b"\x1b[H\x1b[2J", b"home": b"\x1b[H", b"cup": b"\x1b[%i%p1%d;%p2%dH", b"csr": b"\x1b[%i%p1%d;%p2%dr",
    b"hpa": b"\x1b[%i%p1%dG", b"vpa": b"\x1b[%i%p1%dd", b"cuu": b"\x1b[%p1%dA", b"cud": b"\x1b[%p1%dB",
    b"cuf": b"\x1b[%p1%dC", b"cub": b"\x1b[%p1%dD", b"cuu1": b"\x1b[A", b"cud1": b"\n", b"cuf1": b"\x1b[C",
    b"cub1": b"\b", b"ed": b"\x1b[J", b"el": b"\x1b[K", b"el1": b"\x1b[1K", b"E3": b"\x1b[3J",
    b"ech": b"\x1b[%p1%dX", b"ich": b"\x1b[%p1%d@", b"dch": b"\x1b[%p1%dP", b"dch1": b"\x1b[P",
    b"il": b"\x1b[%p1%dL", b"il1": b"\x1b[L", b"dl": b"\x1b[%p1%dM", b"dl1": b"\x1b[M",
    b"indn": b"\x1b[%p1%dS", b"rin": b"\x1b[%p1%dT", b"rep": b"%p1%c\x1b[%p2%{1}%-%db",
    b"smir": b"\x1b[4h", b"rmir": b"\x1b[4l", b"sc": b"\x1b7", b"rc": b"\x1b8", b"hts": b"\x1bH", b"tbc": b"\x1b[3g",
    b"cbt": b"\x1b[Z", b"smcup": b"\x1b[?1049h\x1b[22;0;0t", b"rmcup": b"\x1b[?1049l\x1b[23;0;0t",
    b"smkx": b"\x1b[?1h\x1b=", b"rmkx": b"\x1b[?1l\x1b>", b"smam": b"\x1b[?7h", b"rmam": b"\x1b[?7l",
    b"civis": b"\x1b[?25l", b"cnorm": b"\x1b[?12l\x1b[?25h", b"cvvis": b"\x1b[?12;25h",
    b"sgr0": b"\x1b(B\x1b[m", b"bold": b"\x1b[1m", b"dim": b"\x1b[2m", b"sitm": b"\x1b[3m", b"ritm": b"\x1b[23m",
    b"smul": b"\x1b[4m", b"rmul": b"\x1b[24m", b"blink": b"\x1b[5m", b"rev": b"\x1b[7m", b"invis": b"\x1b[8m",
    b"smso": b"\x1b[7m", b"rmso": b"\x1b[27m", b"smxx": b"\x1b[9m", b"rmxx": b"\x1b[29m", b"op": b"\x1b[39;49m",
    b"setaf": b"\x1b[%?%p1%{8}%<%t3%p1%d%e%p1%{16}%<%t9%p1%{8}%-%d%e38;5;%p1%d%;m",
    b"setab": b"\x1b[%?%p1%{8}%<%t4%p1%d%e%p1%{16}%<%t10%p1%{8}%-%d%e48;5;%p1%d%;m",
    b"oc": b"\x1b]104\x07", b"smacs": b"\x1b(0", b"rmacs": b"\x1b(B", b"u6": b"\x1b[%i%d;%dR", b"u7": b"\x1b[6n",
    b"u8": b"\x1b[?%[;0123456789]c", b"u9": b"\x1b[c", b"rs1": b"\x1bc", b"rs2": b"\x1b[!p",
    b"fsl": b"\x07", b"tsl": b"\x1b]0;", b"BE": b"\x1b[?2004h", b"BD": b"\x1b[?2004l", b"PS": b"\x1b[200~",
    b"PE": b"\x1b[201~", b"fe": b"\x1b[?1004h", b"fd": b"\x1b[?1004l", b"kxIN": b"\x1b[I", b"kxOUT": b"\x1b[O",
    b"Sync": b"\x1b[?2026%?%p1%{1}%-%tl%eh%;", b"XT": b"", b"bce": b"", b"am": b"", b"km": b"", b"xenl": b"",
    b"Smol": b"\x1b[53m", b"Cr": b"\x1b]112\x07", b"Cs": b"\x1b]12;%p1%s\x07",
    b"setrgbf": b"\x1b[38:2:%p1%d:%p2%d:%p3%dm", b"setrgbb": b"\x1b[48:2:%p1%d:%p2%d:%p3%dm",
}  # fmt: skip

CAPABILITIES = {
    **_keys(),
    **_SETS,
    b"TN": b"xterm-256color",
    b"name": b"xterm-256color",
    b"Co": b"256",
    b"colors": b"256",
    b"pairs": b"65536",
    b"it": b"8",
    b"RGB": b"8/8/8",
    b"Tc": b"",
    b"Su": b"",
    b"Smulx": b"\x1b[4:%p1%dm",
    b"Setulc": b"\x1b[58:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%dm",
    b"Ms": b"\x1b]52;%p1%s;%p2%s\x1b\\",
    b"Ss": b"\x1b[%p1%d q",
    b"Se": b"\x1b[2 q",
}
"""Strings and numbers as text; a flag has none."""
