"""The page of a class while it is graded: what it shows (`run_state`) and the server that shows it (`server`)."""
