"""Key assignments: a file per group, each with a table from names to the functions that carry them out."""
