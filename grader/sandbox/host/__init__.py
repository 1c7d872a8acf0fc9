"""Host: our side of the wall. Starts the warm parent, opens sessions, checks each reply before anybody sees it."""
