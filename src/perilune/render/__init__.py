"""The frame value that all front ends draw."""
