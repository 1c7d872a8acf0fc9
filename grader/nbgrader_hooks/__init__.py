"""The only place that imports nbgrader: preprocessors that its configuration names."""
