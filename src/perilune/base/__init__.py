"""What every layer may use: geometry, colours, ids, the clock, the event loop, probes, the log, input events."""
