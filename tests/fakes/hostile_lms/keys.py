"""The tool's public keys as the platform gets them: from the database of the test, or over HTTP where it is served."""

import jwt
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lmssocial.core.outbound import Outbound
from lmssocial.front.demo.lms.tool_keys import KeyMissing, ToolKeys
from lmssocial.lms.lti.tool_keys import published_keys


class TestedKeys(ToolKeys):
    """Reads what the tool would publish at this moment; nothing is kept, and nobody has to serve it."""

    __test__ = False

    def __init__(self, outbound: Outbound) -> None:
        """Ask over HTTP until :attr:`engine` is set."""
        super().__init__(outbound)
        self.engine: Engine | None = None

    def key_of(self, token: str, jwks_url: str) -> jwt.PyJWK:
        """The key that ``token`` names in its header.

        :raises KeyMissing: if the tool does not publish it.
        """
        if self.engine is None:
            return super().key_of(token, jwks_url)
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256":
            raise KeyMissing("The token must be signed with RS256.")
        with Session(self.engine) as session:
            keys = published_keys(session)["keys"]
        for key in keys:
            if key["kid"] == header.get("kid"):
                return jwt.PyJWK(key, algorithm="RS256")
        raise KeyMissing(f"The key {header.get('kid')} is not published.")
