"""Which library the name ``pylti1p3`` means here: two of them share it."""

import sys
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pylti1p3


@dataclass(frozen=True)
class Library:
    """The distribution that the imported modules belong to."""

    name: str
    """With its version: ``PyLTI1p3 2.0.0``."""
    folder: Path
    """Where its package lies."""


def imported_library() -> Library:
    """The one whose files were imported, whatever else is installed within reach.

    :raises AssertionError: if modules of two libraries are mixed.
    """
    folder = Path(str(pylti1p3.__file__)).parent
    named = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "pylti1p3"}
    strangers = [name for name, module in named.items() if folder not in Path(str(module.__file__)).parents]
    assert not strangers, f"{strangers} do not lie in {folder}"
    (owner,) = [
        one for one in distributions() if Path(str(one.locate_file("pylti1p3"))) == folder and _brings_it(one)
    ]
    return Library(f"{owner.metadata['Name']} {owner.version}", folder)


def _brings_it(distribution: Distribution) -> bool:
    return any(file.parts[0] == "pylti1p3" for file in distribution.files or [])
