#!/bin/sh
# Collects every text for people, brings the catalogues of each language up to date with them, and compiles the core's:
# the core's texts into .cache/messages.pot, those of each plugin into .cache/<plugin>.pot and its own translations/.
# A new language:  .venv/bin/pybabel init -i .cache/messages.pot -d lmssocial/translations -l de
set -eu
cd "$(dirname "$0")/.."
mkdir -p .cache

collect() { # the catalogue of texts, the folder of translations, then what pybabel is to look at
    texts="$1" translations="$2"
    shift 2
    .venv/bin/pybabel --quiet extract --add-comments "Translators:" \
        --keyword lazy_gettext --keyword lazy_ngettext:1,2 --keyword lazy_pgettext:1c,2 --keyword _l \
        --no-location --sort-output --omit-header --output-file "$texts" "$@"
    if [ -d "$translations" ] && [ -n "$(find "$translations" -name messages.po)" ]; then
        .venv/bin/pybabel --quiet update --no-fuzzy-matching --omit-header --ignore-pot-creation-date \
            --input-file "$texts" --output-dir "$translations"
    fi
}

collect .cache/messages.pot lmssocial/translations --mapping pyproject.toml --project lmssocial .

for package in plugins/*/lmssocial_*/; do
    name="$(basename "$(dirname "$package")")"
    collect ".cache/$name.pot" "${package}translations" --mapping scripts/messages-plugins.cfg \
        --project "lmssocial-$name" "$package"
done
.venv/bin/python hatch_build.py
