"""The LTI 1.3 protocol as values; the only room that imports pylti1p3.

A login begins (:mod:`~lmssocial.lms.lti.login`), the LMS answers with a signed id_token, every rule of the standard
is checked (:mod:`~lmssocial.lms.lti.message`), and what remains is a
:class:`~lmssocial.lms.lti.launch.Launch`. Whatever fails is a :class:`~lmssocial.lms.lti.refusals.LaunchRefused`
with a cause, a sentence for the person and a status. PyLTI1p3 gives the skeleton and the order of the steps; each
step is our own, because its own accept what a strict tool must refuse.
"""
