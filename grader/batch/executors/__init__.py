"""Executors: the places where jobs run. `base` has the protocol, `registry` the choice; each kind has its own file."""
