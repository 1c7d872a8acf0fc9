"""Release: turns a master into the folder that students get.

In: an assignment's source. Out: `release/` (`build`), the proof that its tests are sound (`gate`), the faults of a
master (`lint`), the data file of the public tests (`expected_values`). Other rooms may import these.
"""
