"""What every composer of expert connect needs: keeping a draft, attaching files, a preview.

What a draft is for is said by its name, its target (:mod:`.targets`). Names of people and tags mean nothing in these
texts, since they are read in other courses, too.
"""
