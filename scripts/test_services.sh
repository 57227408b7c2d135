#!/bin/sh
# Makes ready what only the tests need beside .venv: a Chromium, and Open edX's LTI platform in its own environment.
set -eu
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
if [ -n "${PIP_INDEX_URL:-}" ] && [ -z "${UV_DEFAULT_INDEX:-}" ]; then
    export UV_DEFAULT_INDEX="$PIP_INDEX_URL"
fi

mkdir -p .cache
printf 'Browser for the tests: ' >&2
.venv/bin/python -m scripts.chromium >&2

echo 'Installing the platform of Open edX for the tests' >&2
.venv/bin/uv venv --quiet --clear --python .venv/bin/python .cache/openedx-venv
.venv/bin/uv pip install --quiet --compile-bytecode --python .cache/openedx-venv --require-hashes -r tests/platforms/openedx.lock
