#!/bin/sh
# Collects the texts for translators, brings each catalogue up to date and compiles it.
# A new language:  .venv/bin/pybabel init -i .cache/messages.pot -d lmssocial/translations -l fr
set -eu
cd "$(dirname "$0")/.."
catalogues=lmssocial/translations
mkdir -p .cache

.venv/bin/pybabel --quiet extract --mapping pyproject.toml --sort-by-file --no-location --add-comments "Translators:" \
    --keyword lazy_gettext --keyword _l --keyword _n:1,2 --project lmssocial --copyright-holder "The lmssocial team" \
    --msgid-bugs-address "" --output .cache/messages.pot .
.venv/bin/pybabel --quiet update --input-file .cache/messages.pot --output-dir "$catalogues" --no-fuzzy-matching \
    --ignore-obsolete --ignore-pot-creation-date
.venv/bin/pybabel --quiet compile --directory "$catalogues"
