"""The glue between Flask and the rooms above: scope, cookies, forms, headers, errors, assets, languages."""
