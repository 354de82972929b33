"""What every layer may use: geometry, colours, ids, clock, event loop, probes, log, input events."""
