"""Executors: where jobs run. `base` has the protocol, `registry` the choice; one file, or two, for each kind."""
