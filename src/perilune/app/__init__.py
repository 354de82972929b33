"""Turns mux, Lua, tab bar and configuration into a running program behind any front end.

`assemble.build_application` wires it. Nothing is imported here, so that a part pays only for what it uses.
"""
