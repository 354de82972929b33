"""Recording Perilune while it runs: what becomes of frames, callback runs, counters and samples. Pure.

`writer` puts them into a file as they come, `live` keeps the last seconds for those who watch, `stacks`
brings samples of Python and of Lua together. What is recorded, and when, is decided in `app.profiling`.
"""
