"""Says what is wrong with the statements in a file, by the models of ralph; runs where ralph is.

Stricter than its own server: wrong IRIs of verbs and malformed actors are found here.
"""

import json
import sys
from pathlib import Path

from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

wrong = []
for statement in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    try:
        BaseXapiStatement.model_validate(statement)
    except ValidationError as error:
        wrong.append(f"{statement.get('id')}: {error}")
print("\n".join(wrong))
sys.exit(bool(wrong))
