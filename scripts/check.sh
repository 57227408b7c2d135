#!/bin/sh
# Everything that can be said about the code without running it. All checks run; the status tells whether all agreed.
set -u
cd "$(dirname "$0")/.."
failed=""

check() { # check <what it is> <command …>
    what="$1"
    shift
    printf '%-18s' "$what"
    if output="$(".venv/bin/$@" 2>&1)"; then
        echo "right"
    else
        printf 'WRONG\n%s\n\n' "$output"
        failed="$failed, $what"
    fi
}

check "format" ruff format --check .
check "lint" ruff check .
check "types" mypy
check "import contracts" lint-imports
check "templates" djlint --lint --quiet templates lmssocial plugins
check "spelling" codespell

if [ -n "$failed" ]; then
    echo "Not right: ${failed#, }"
    exit 1
fi
