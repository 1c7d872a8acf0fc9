"""The executors by name. A new executor needs a line here and an option on the command line."""

from __future__ import annotations

from grader.batch.executors.base import Executor
from grader.batch.executors.local import LocalExecutor
from grader.common.errors import ClusterError


def executor_for(workers: int, cluster: str | None = None) -> Executor:
    """Return the executor: workers on this machine, or those of the Dask scheduler at the address `cluster`.

    Called once by `grader autograde`. Raises ClusterError for an invalid address, and if Dask is not installed.
    """
    if cluster is None:
        return LocalExecutor(workers)
    try:
        from grader.batch.executors.dask import DaskExecutor  # optional, and a second to import
    except ModuleNotFoundError as error:
        raise ClusterError(f"--cluster needs the module {error.name}: pip install 'grader[cluster]'.") from error
    return DaskExecutor(cluster)
