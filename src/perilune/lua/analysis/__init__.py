"""perilune.lua.analysis: what can be told of a Lua function without running it.

The tab bar keeps the results of Lua callbacks and calls them again only when something that they read has
changed. Most of that is noticed while a callback runs. Three questions have to be answered beforehand, and
the bytecode answers them (`string.dump`; Lua 5.4 only):

1. *Is a parameter ever read?* `hover` changes with every move of the mouse, `max_width` with every step of a
   resize, and both are plain values, whose reading nobody can watch. `parameters_read` is liveness over the
   registers: see `parameters`.
2. *May a handler write state that outlives its call?* If so, callbacks that see mutable Lua state must be
   asked again after it (the epoch). A status handler that draws a clock must not count.
3. *Is a callback pure?* One that counts its own calls, or asks the file system, is run again at each status
   tick, not when an input changes. `classify` gives the verdict with reasons for people: "writes upvalue
   'frame' at line 12 of wezterm.lua".

2 and 3 are `Analyzer.effects`: an abstract interpretation (`interpreter`) that follows a function through
everything that it calls. In the order of reading:

- `dump` parses the bytes into a tree of `Prototype`; `opcodes` names the instructions, and says where control
  goes from each.
- `abstract`: what is known of a value. What matters is where a table comes from. One that was *made during
  this call* may be written to freely; one *from the host* is a mirror, whose writes nobody else sees; one
  that stands *at a place* (an upvalue, a global, and fields from there) outlives the call.
- `references`: the bytecode does not tell what an upvalue holds. The analysis asks the caller's `World` for
  the `Target` at a `Reference`, such as `icons.bash` or `require 'util'.trim`: a Lua function (then
  followed), a host function (then looked up by its name in `library`), a string or number, a table, or
  unknown.
- `calls`: those library functions that call their arguments or store into them: `pcall`, `table.sort`,
  `gsub`...
- `effects`: the verdict. It lists all the places that were asked about; when they resolve otherwise than they
  did (a helper was replaced, a module loaded), `Effects.holds` is False, and `Analyzer` looks anew.

    >>> analyzer = Analyzer()                                       # doctest: +SKIP
    >>> analyzer.parameters_read(dumped, given=6) & {4, 5}          # hover, max_width  # doctest: +SKIP
    frozenset({5})
    >>> purity, reasons = classify(analyzer.effects(LuaFunction(key, dumped), world))  # doctest: +SKIP
    >>> purity, [str(reason) for reason in reasons]                 # doctest: +SKIP
    (<Purity.STATEFUL: 'stateful'>, ["writes upvalue 'frame' at line 12 of wezterm.lua"])

All errs on one side: "read", "writes", "unknown" may be said of a function that does no such thing, not the
reverse. A wrong answer of the careful kind costs a call a second; one of the other kind would show a stale
tab.

What it cannot know, and says so by being careful:

- A call whose callee comes out of a computation (a dispatch table indexed by a variable, a function from a
  table of functions) is unknown, unless the World can answer for `ELEMENT`. Unknown callees "may write".
- A table's content: any reference to a table of the config's is a read of mutable state, and so is a call of
  unknown code (`Effects.reads_mutable_state`).
- All call sites of a helper are taken together: one that passes a shared table to it makes it a writer for
  all.
- Metamethods: what a config puts into metatables counts as run by any operation on a table that may have one.
- A method call on a value of unknown origin goes by the method's name, if no function of the config's has it.
- `load`, `dofile`, computed `require`: unknown code. Paths deeper than eight fields, loops over linked
  tables: anything. Arithmetic of values plays no part: no branch is ever left out.

What it takes for granted: a World tells the truth; host functions do what `library` says; no `debug` library
(configs have none but `debug.traceback`), so nobody looks into another function's locals.

Pure Python, no state but `Analyzer`'s caches; one thread at a time.
"""

from __future__ import annotations

from perilune.lua.analysis.analyzer import (
    Analyzer,
    Assignments,
    assignments,
    mentions,
    mentions_globals_as_value,
)
from perilune.lua.analysis.dump import BytecodeError, Prototype, UpvalueDescriptor, parse
from perilune.lua.analysis.effects import Effects, Purity, Read, Reason, classify
from perilune.lua.analysis.library import HOST_METHODS, HostKind, host_kind
from perilune.lua.analysis.parameters import parameters_read
from perilune.lua.analysis.references import (
    ELEMENT,
    GLOBALS,
    MODULE,
    PLUGIN,
    HostObject,
    Immutable,
    LuaFunction,
    LuaTable,
    Reference,
    Target,
    Unknown,
    World,
)

__all__ = [
    "ELEMENT",
    "GLOBALS",
    "HOST_METHODS",
    "MODULE",
    "PLUGIN",
    "Analyzer",
    "Assignments",
    "BytecodeError",
    "Effects",
    "HostKind",
    "HostObject",
    "Immutable",
    "LuaFunction",
    "LuaTable",
    "Prototype",
    "Purity",
    "Read",
    "Reason",
    "Reference",
    "Target",
    "Unknown",
    "UpvalueDescriptor",
    "World",
    "assignments",
    "classify",
    "host_kind",
    "mentions",
    "mentions_globals_as_value",
    "parameters_read",
    "parse",
]
