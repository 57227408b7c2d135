"""numpy, loaded when somebody first computes with it.

Most processes never work out a score, and numpy takes 10 MiB and a tenth of a second (decision 29).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    """Numbers, one for each row, work or rater."""
    Places = npt.NDArray[np.intp]
    """Where something stands in a row of works or raters."""
else:

    class _Late:
        def __getattr__(self, name: str) -> Any:
            return getattr(importlib.import_module("numpy"), name)

    np = _Late()
    Floats = Places = object

__all__ = ["Floats", "Places", "np"]
