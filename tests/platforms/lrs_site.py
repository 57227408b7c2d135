"""Serves ralph 5.1.0 as a learning record store on files; runs in an environment of its own, where ralph is.

Two things it does not do by itself: it stores each request in a new file and refuses the second one unless it is told
to append; and it compares the verb and activity that are asked for with objects of another type, so that these filters
find nothing.
"""

import os
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """``lrs_site.py <port> <folder>``."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    (folder / "statements").mkdir(exist_ok=True)
    os.environ |= {
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "statements"),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_LRS_FILE": "lrs.jsonl",
    }
    import uvicorn
    from ralph.api import app
    from ralph.api.routers import statements
    from ralph.backends.data.base import BaseOperationType

    backend: Any = statements.BACKEND_CLIENT
    backend.default_operation_type = BaseOperationType.APPEND
    query = backend.query_statements

    def with_plain_filters(params: Any, target: Any = None) -> Any:
        plain = params.model_copy()
        for name in ("verb", "activity"):
            if (value := getattr(plain, name)) is not None:
                object.__setattr__(plain, name, str(value))
        return query(plain, target)

    backend.query_statements = with_plain_filters
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main()
