"""Calling an LMS: rosters (NRPS 2.0), grades (AGS 2.0), groups (Course Groups 1.0), notices (PNS 1.0).

Each module speaks one protocol and keeps nothing. What is called comes from a signed claim or from an answer of the
same origin; whatever goes wrong is a :class:`~lmssocial.lms.lti.services.trouble.ServiceTrouble`. No transaction may be
open while a server is called: functions here take no session.
"""
