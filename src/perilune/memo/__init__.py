"""Memos: results that are kept, and made anew when something that they were made from has changed.

Four words:

- A **source** is an input: a value under a key, with a version that grows when the value changes.
- A **memo** is a result: made by running something that reads sources and other memos.
- An **entry** is one run of a memo that was kept: what it read, with the values, and what came out. A memo
  keeps several, the 64 last used ones unless told otherwise: going there and back over more than those runs
  again. One whose read values all equal today's is the answer, so going there and back again is no
  run.
- The **ledger** tells of each run what caused it, what it cost, and whether the output differed.

Nothing is announced. Setting a source counts up one number, the engine's *revision*. Whoever wants a result
asks, and only then is it checked (pull; a hidden tab bar costs nothing):

1. If the revision is the one at which the memo was last checked: it holds. One comparison.
2. Else the kept entries are compared with today, the last used first. An input whose version is the one seen
   is the same, one whose value is equal too; the first that differs settles it. Inputs are checked in the
   order in which they were read, for the later reads were made because of the earlier values. An input that
   is a memo is checked likewise first, so that a chain is run from its beginning and stops where an output
   comes out as before (early cut-off): what reads it sees no new version.
3. Only if no entry fits is there a run. What it reads is noted, and becomes the new entry.

    >>> engine = MemoEngine()
    >>> title, width = engine.source("title", "zsh"), engine.source("width", 3)
    >>> label = engine.memo(MemoKey("label"), lambda: title.get()[: width.get()])
    >>> label.get(), engine.ledger.total
    ('zsh', 1)
    >>> title.set("vim"), label.get(), engine.ledger.total
    (True, 'vim', 2)
    >>> title.set("zsh"), label.get(), engine.ledger.total  # there and back again
    (True, 'zsh', 2)

A memo may also be made elsewhere, on another thread for instance (`engine.deferred`). Looking it up never
waits: it gives the last value, and notes the memo as stale. `take_stale` gives all stale ones as one batch;
`commit` brings an answer in, with the values that were read where it was made. If a source has changed
meanwhile, the answer is kept for those values and asked for anew for today's. An answer that was overtaken
stands only for want of a better one.

    >>> remote = engine.deferred(MemoKey("remote"), default="...")
    >>> remote.get(), remote.is_fresh
    ('...', False)
    >>> [request] = engine.take_stale()  # hand it to the other side, which reads the title and answers
    >>> engine.commit(request.key, {"title": "zsh"}, "ZSH", ticket=request.ticket)
    True
    >>> engine.deferred(MemoKey("remote"), default="...").get()
    'ZSH'

Not here: any knowledge of Lua or tabs; a clock on the way of a look-up (eviction counts passes); threads (the
engine belongs to one). What must run again for a reason that cannot be seen reads a source made for that,
such as a tick.

Prior art: Salsa (Rust) has the revision, the pull and early cut-off; Adapton (Hammer and others, 2014) the
demand-driven check of what was read, in order, and results that are found again after a change there and
back; MobX the read sets collected by running.
"""

from __future__ import annotations

from perilune.memo.engine import Answer, MemoEngine, Request, SeenVersion
from perilune.memo.ledger import Change, Ledger, MemoKey, Run
from perilune.memo.nodes import CycleError, DeferredMemo, Memo, Source
from perilune.memo.values import GONE, Failure, same_value

__all__ = [
    "GONE",
    "Answer",
    "Change",
    "CycleError",
    "DeferredMemo",
    "Failure",
    "Ledger",
    "Memo",
    "MemoEngine",
    "MemoKey",
    "Request",
    "Run",
    "SeenVersion",
    "Source",
    "same_value",
]
