"""Who is in a course, asked of the LMS page by page: members are known before they come, and put out when they left.

A run over a roster is a row that remembers where it stands, so a worker that dies goes on where it was. Only a run that
came to its end puts anybody out.
"""
