"""Discussion: threads and nested replies, with reading state, in one placement of a community.

A thread's opening and every reply is a post; a post is a contribution (its words, its state, its history) with a place
in a tree. Numbers are given at publication, so what is held leaves no gap and nobody is told of it.
"""
