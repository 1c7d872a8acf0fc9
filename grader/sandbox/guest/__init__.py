"""Guest: what runs inside the locked-in process, beside the student's code. `host` starts it; nobody imports it."""
