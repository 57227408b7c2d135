"""Grades on their way to the LMS: columns of its gradebook, and for each learner the grade that shall stand there.

A widget says once what somebody's grade is. What has to go out is a row, keyed by column and learner, so the last grade
wins whatever is lost, doubled or overtaken on the way.
"""
