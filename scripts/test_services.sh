#!/bin/sh
# Makes ready what only the tests need beside .venv: a Chromium, and three environments of their own: Open edX's LTI
# platform, a learning record store, and the fork of PyLTI1p3, which has the same import name and may never lie beside it in one environment.
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

echo 'Installing a learning record store for the tests' >&2
.venv/bin/uv venv --quiet --clear --python .venv/bin/python .cache/ralph-venv
.venv/bin/uv pip install --quiet --compile-bytecode --python .cache/ralph-venv --require-hashes -r tests/platforms/ralph.lock

echo 'Installing the fork of PyLTI1p3 for the tests' >&2
fork=.cache/pylti1p3next-venv
.venv/bin/uv venv --quiet --clear --python .venv/bin/python "$fork"
.venv/bin/uv pip install --quiet --compile-bytecode --no-deps --python "$fork" --require-hashes -r tests/platforms/pylti1p3next.lock
# All else comes from our environment, behind its own packages: what the fork brings is found first.
where='import sysconfig; print(sysconfig.get_path("purelib"))'
echo "import site; site.addsitedir('$(.venv/bin/python -c "$where")')" >"$("$fork/bin/python" -c "$where")/zz_ours.pth"
