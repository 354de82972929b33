"""What tests of this program and of configurations need; ships with it. Nothing here runs in the program."""
