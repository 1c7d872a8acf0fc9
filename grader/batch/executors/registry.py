"""The executors by name. A new one gets a line here, and a word on the command line."""

from __future__ import annotations

from grader.batch.executors.base import Executor
from grader.batch.executors.local import LocalExecutor
from grader.common.errors import ClusterError


def executor_for(workers: int, cluster: str | None = None) -> Executor:
    """Workers on this machine; with the address of a Dask scheduler, its workers. `grader autograde` asks, once.

    Raises ClusterError for what is no address, and where the cluster's extra is not installed.
    """
    if cluster is None:
        return LocalExecutor(workers)
    try:
        from grader.batch.executors.dask import DaskExecutor  # an extra, which takes a second to load
    except ModuleNotFoundError as error:
        raise ClusterError(f"--cluster needs the module {error.name}: pip install 'grader[cluster]'.") from error
    return DaskExecutor(cluster)
