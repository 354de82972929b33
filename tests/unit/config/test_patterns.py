r"""Rust's regular expressions, read as Python's module `regex` reads them."""

from __future__ import annotations

import pytest

from perilune.config.options import Config
from perilune.config.patterns import PatternError, check_pattern, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"\p{Lu}\pL+", "xAbc", "Abc"),
        (r"[[:alpha:]&&[^b]]+", "bacx", "acx"),
        (r"[[a-z]--[aeiou]]+", "aebc", "bc"),
        (r"[a||b]+", "a|b", "a|b"),
        (r"[^]]+", "a]", "a"),
        (r"[\w.-]+@[\w-]+", "me@x-y", "me@x-y"),
        (r"[\h]+", "xyff", "ff"),
        (r"(?<=x)\d+", "1x12", "12"),
        (r"\bfoo\b{end}", "a foo", "foo"),
        (r"\<foo\>", "xfoo foo", "foo"),
        (r"(?i)ABC", "abc", "abc"),
        (r"x(?i:Y)z", "xyz", "xyz"),
        (r"(?-i)a", "a", "a"),
        (r"(?iu)É", "é", "é"),
        (r"(?P<q>['\"]).*?\k<q>", "say 'hi'", "'hi'"),
        (r"(?<year>\d{4})", "in 2024", "2024"),
        (r"\x{1F600}\u{41}", "😀A", "😀A"),
        (r"(?x) a b # c", "ab", "ab"),
        (r"a++b", "aab", "aab"),
        (r"(?>a+)b", "aab", "aab"),
        (r"\h+", "xyff", "ff"),
        (r"foo\Kbar", "foobar", "bar"),
        (r"a\z", "ba", "a"),
        ("[一-鿿]+", "a漢字", "漢字"),
    ],
)
def test_patterns_of_rust_mean_what_they_mean_there(pattern, text, found):
    check_pattern(pattern)
    match = compile_pattern(pattern).search(text, timeout=5)
    assert match is not None
    assert match[0] == found


@pytest.mark.parametrize(
    "pattern", ["(?U)a*", "(", "[a", "\\", "*a", r"\x{110000}", "(?Q)a", r"\p{Nope}", r"\k<a>"]
)
def test_what_cannot_be_read_is_an_error_of_one_sentence(pattern):
    with pytest.raises(PatternError) as caught:
        check_pattern(pattern)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"keys": [{"key": "x", "action": {"QuickSelectArgs": {"patterns": ["fine", "("]}}}]}, "patterns[2]"),
        ({"quick_select_patterns": ["("]}, "quick_select_patterns[1]"),
        ({"hyperlink_rules": [{"regex": "(", "format": "$0"}]}, "hyperlink_rules[1].regex"),
    ],
)
def test_a_bad_pattern_is_named_when_the_config_loads_and_the_rest_holds(written, path):
    config, problems = Config.from_mapping(written)
    assert [problem.severity for problem in problems] == ["warning"]
    assert f"{path}: the regex '(' cannot be used: " in problems[0].message
    assert config.keys or config.quick_select_patterns or len(config.hyperlink_rules) == 1
