#!/bin/sh
# Collects every text for people into .cache/messages.pot, brings the catalogue of each language up to date with it, and
# compiles them. A new language:  .venv/bin/pybabel init -i .cache/messages.pot -d lmssocial/translations -l de
set -eu
cd "$(dirname "$0")/.."
translations=lmssocial/translations
texts=.cache/messages.pot
mkdir -p .cache

.venv/bin/pybabel --quiet extract --mapping pyproject.toml --project lmssocial --add-comments "Translators:" \
    --keyword lazy_gettext --keyword lazy_ngettext:1,2 --keyword _l \
    --no-location --sort-output --omit-header --output-file "$texts" .
if [ -n "$(find "$translations" -name messages.po)" ]; then
    .venv/bin/pybabel --quiet update --no-fuzzy-matching --omit-header --input-file "$texts" \
        --output-dir "$translations"
fi
.venv/bin/python hatch_build.py
