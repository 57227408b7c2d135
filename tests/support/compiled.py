"""Templates that were compiled once in this process, for all the applications that its tests make."""

from jinja2.bccache import Bucket, BytecodeCache


class Compiled(BytecodeCache):
    """Keeps compiled templates in memory; one whose text changed is another one."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was compiled, if it was."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))  # type: ignore[assignment]

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.code
