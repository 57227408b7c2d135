"""Making a resolved question part of what the community knows: who may, what stays private, and who has to agree.

What everybody could read anyway, its asker, whoever answered it and moderators publish. What was for experts only is
published once asker and expert agree to the very words; another wording begins anew. Nobody puts words into somebody
else's mouth: of another person's text words can be taken out, and none put in (:mod:`.cutting`).
"""
