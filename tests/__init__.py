"""The tests of lmssocial; the folders mirror the package."""
