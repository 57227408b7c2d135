#!/bin/sh
# Renews the lock files from the pyproject files. Versions already locked stay; `scripts/lock.sh --upgrade` moves them.
# The files hold names, versions and hashes, and no address, so that they are right behind any mirror.
set -eu
cd "$(dirname "$0")/.."

compile() { # compile <lock file> <inputs and options …>
    output="$1"
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command "make lock" --output-file "$output" "$@"
}

ours="--no-emit-package lmssocial"
for plugin in plugins/*/; do
    ours="$ours --no-emit-package lmssocial-$(basename "$plugin")"
done

# shellcheck disable=SC2086  # $ours is a list of options
{
    compile requirements.lock "$@" $ours --constraints scripts/limits.in --extra s3 pyproject.toml plugins/*/pyproject.toml
    compile requirements-dev.lock "$@" $ours --constraints requirements.lock --group dev --extra s3 \
        pyproject.toml plugins/*/pyproject.toml
}
compile tests/platforms/openedx.lock "$@" tests/platforms/openedx.in
compile tests/platforms/ralph.lock "$@" tests/platforms/ralph.in
compile tests/platforms/pylti1p3next.lock --no-deps "$@" tests/platforms/pylti1p3next.in
compile scripts/bootstrap.lock "$@" scripts/bootstrap.in
.venv/bin/python scripts/build_requirements.py | compile scripts/build.lock "$@" -
