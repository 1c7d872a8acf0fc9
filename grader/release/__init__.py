"""Release: from a master to the folder that students get.

In: an assignment's source. Out: `release/` (`build`), the proof that its tests can be trusted (`gate`), the faults of a
master (`lint`), the data file of the public tests (`expected_values`). Others may import these.
"""
