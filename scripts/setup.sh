#!/bin/sh
# Makes .venv ready: `scripts/setup.sh runtime` for the product, `scripts/setup.sh dev` for tests and tools as well.
# Everything installed is pinned and checked by hash; nothing outside this folder is touched.
set -eu
cd "$(dirname "$0")/.."
kind="${1:-runtime}"

say() { printf '%s\n' "$*" >&2; }

usable() { # a Python that is new enough and can make virtual environments
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && "$1" -c 'import venv, ensurepip' 2>/dev/null
}

find_python() {
    new_enough=""
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null 2>&1 || continue
        if usable "$name"; then
            command -v "$name"
            return 0
        fi
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && new_enough="$name"
    done
    if [ -n "$new_enough" ]; then
        say "$new_enough is new enough, but its venv module is missing."
        say "On Debian and Ubuntu, install it with:  apt-get install python3-venv"
    else
        say "lmssocial needs Python 3.11 or newer, and none was found as python3, python3.14 … python3.11."
        say "Install one, or name it:  make setup PYTHON=/path/to/python3"
    fi
    return 1
}

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$(find_python)"
    say "Making .venv with $python"
    rm -rf .venv
    "$python" -m venv .venv
fi

if ! .venv/bin/uv --version >/dev/null 2>&1; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r scripts/bootstrap.lock
fi

# Who configured a mirror for pip means it for uv as well.
if [ -n "${PIP_INDEX_URL:-}" ] && [ -z "${UV_DEFAULT_INDEX:-}" ]; then
    export UV_DEFAULT_INDEX="$PIP_INDEX_URL"
fi
export UV_PYTHON_DOWNLOADS=never

if [ "$kind" = dev ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi
say "Installing what $lock names"
.venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r "$lock"

# The editable install also builds the front-end assets (hatch_build.py).
say "Installing lmssocial and its plugins from this folder"
set -- -e .
for plugin in plugins/*/; do
    [ -f "$plugin/pyproject.toml" ] && set -- "$@" -e "./$plugin"
done
.venv/bin/uv pip install --quiet --compile-bytecode --python .venv/bin/python --no-deps --build-constraints scripts/build.lock "$@"

# Compiled once, and not in every process of the server again where Python may not write beside the sources.
.venv/bin/python -m compileall -q lmssocial plugins
