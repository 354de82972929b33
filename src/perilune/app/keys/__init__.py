"""From a key event to an assignment: default keys, key maps, key tables, leader."""
