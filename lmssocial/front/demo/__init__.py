"""The demonstration: a small LMS that is a real LTI 1.3 platform, a believable course, and one command for both.

``lms/`` is the platform and knows nothing of the tool but its addresses. ``course/`` is the course as text;
``cast``, ``syllabus`` and ``script`` read it. ``story`` plays the discussion's history through the product's own
services, and ``cli`` is ``lmssocial demo``.
"""
