"""The command line: words and options. In: what a person types. Out: text, JSON, exit statuses. Nobody imports it."""
