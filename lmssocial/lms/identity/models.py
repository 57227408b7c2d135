"""Tenancy and people as tables. Rows of one tenant never refer to rows of another."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lmssocial.core.db import Base, JsonObject, short_enum


class Tenant(Base):
    """One customer. Nothing is ever shared between two of them."""

    __tablename__ = "identity_tenant"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    locale: Mapped[str] = mapped_column(String(35), default="")
    """The language of its pages where neither the LMS nor the browser says one we speak (BCP 47); empty: English."""
    created_at: Mapped[datetime]

    registrations: Mapped[list["Registration"]] = relationship(back_populates="tenant", lazy="raise")


class Registration(Base):
    """A platform: an issuer and the client id it gave us, with the addresses it answers at."""

    __tablename__ = "identity_registration"
    __table_args__ = (
        UniqueConstraint("tenant_id", "issuer", "client_id"),
        Index("ix_identity_registration_issuer_client_id", "issuer", "client_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    public_key: Mapped[str] = mapped_column(String(43), unique=True)
    """An unguessable name for URLs: ``/lti/login/<public_key>`` is this registration's own login address."""
    name: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    auth_login_url: Mapped[str] = mapped_column(String(2000))
    token_url: Mapped[str] = mapped_column(String(2000))
    jwks_url: Mapped[str] = mapped_column(String(2000))
    token_audience: Mapped[str] = mapped_column(String(2000), default="")
    """What the client assertion's ``aud`` must be where it is not the token URL (Brightspace); empty otherwise."""
    family: Mapped[str] = mapped_column(String(32), default="")
    """The product family the platform named itself (``moodle``, ``canvas`` …); empty when it did not say."""
    trusted_audiences: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"audiences": [...]}`` beside our client id that an id_token may name (OpenID Connect Core §3.1.3.7)."""
    frame_origins: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"origins": [...]}`` that may frame our pages, besides those of the issuer and the login address."""
    allow_anonymous: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    management_url: Mapped[str] = mapped_column(String(2000), default="")
    """``registration_client_uri`` from dynamic registration; empty when registered by hand."""
    sealed_management_token: Mapped[str | None] = mapped_column(String(4000))

    tenant: Mapped[Tenant] = relationship(back_populates="registrations", lazy="raise")
    deployments: Mapped[list["Deployment"]] = relationship(back_populates="registration", lazy="raise")


class Standing(StrEnum):
    """Whether a deployment may be used."""

    PENDING = "pending"
    APPROVED = "approved"
    DISABLED = "disabled"


class Deployment(Base):
    """One installation of the tool on a platform. Unknown ones are noted as pending until somebody approves."""

    __tablename__ = "identity_deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("identity_registration.id"), index=True)
    deployment_id: Mapped[str] = mapped_column(String(255))
    standing: Mapped[Standing] = mapped_column(short_enum(Standing), default=Standing.PENDING)
    created_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(back_populates="deployments", lazy="raise")


class Invitation(Base):
    """Lets an LMS administrator register their platform themselves, once, until it expires."""

    __tablename__ = "identity_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    approve: Mapped[bool] = mapped_column(default=False)
    """Whether the deployment that registers with it is approved at once."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("identity_registration.id"), index=True)


class Course(Base):
    """An LTI context. A launch without one gets a course of its own per resource link."""

    __tablename__ = "identity_course"
    __table_args__ = (UniqueConstraint("deployment_id", "context_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("identity_deployment.id"), index=True)
    context_id: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(300), default="")
    label: Mapped[str] = mapped_column(String(300), default="")
    origins: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"contexts": [...]}``: the context ids it was copied from, the nearest first, as far as its LMS tells."""
    legacy_id: Mapped[str] = mapped_column(String(255), default="")
    """What LTI 1.1 called it, if a signed migration claim said so."""
    created_at: Mapped[datetime]


class ResourceLink(Base):
    """One link in a course that launches us."""

    __tablename__ = "identity_resource_link"
    __table_args__ = (UniqueConstraint("course_id", "resource_link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("identity_course.id"), index=True)
    resource_link_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(300), default="")
    line_item_url: Mapped[str] = mapped_column(String(2000), default="")
    """The line item that its last launch named; empty if it named none."""
    origins: Mapped[JsonObject] = mapped_column(default=dict)
    """``{"links": [...]}``: the resource link ids it was copied from, the nearest first, as far as its LMS tells.
    ``{"doubled": true}``: it came as a second way to what another link of the course leads to, and no instructor has
    said yet whether that is meant."""
    legacy_id: Mapped[str] = mapped_column(String(255), default="")
    """What LTI 1.1 called it, if a signed migration claim said so."""
    created_at: Mapped[datetime]


ANONYMOUS = "\tanonymous "
"""Begins the ``sub`` we make up for somebody whom the LMS does not name at all. No identifier of an LMS holds a tab."""


class User(Base):
    """A person as one registration knows them. Never matched across registrations, never by e-mail."""

    __tablename__ = "identity_user"
    __table_args__ = (UniqueConstraint("registration_id", "sub"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("identity_tenant.id"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("identity_registration.id"), index=True)
    sub: Mapped[str] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(200))
    """What is shown: the name the LMS sent, or a stable pseudonym when it sent none."""
    has_real_name: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    """For display and notices only; never a key."""
    locale: Mapped[str] = mapped_column(String(35), default="")
    is_test: Mapped[bool] = mapped_column(default=False)
    is_former: Mapped[bool] = mapped_column(default=False)
    """Known only from what was imported: they never came here, cannot sign in and are told nothing."""
    legacy_id: Mapped[str] = mapped_column(String(255), default="")
    """What LTI 1.1 called them, if a signed migration claim said so."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    """Their last launch; ``None`` for somebody who is known from a roster or an import and never came."""

    @property
    def is_anonymous(self) -> bool:
        """Whether the LMS does not even tell their id: it knows nobody by ours, and their next launch is another."""
        return self.sub.startswith(ANONYMOUS)


class Membership(Base):
    """A person in a course, with the roles of their last launch, or of the roster as long as they never launched."""

    __tablename__ = "identity_membership"
    __table_args__ = (UniqueConstraint("course_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("identity_course.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("identity_user.id"), index=True)
    roles: Mapped[str] = mapped_column(String(200), default="")
    """:class:`~lmssocial.lms.identity.roles.LmsRole` values, sorted, separated by spaces."""
    lead_role: Mapped[str] = mapped_column(String(32), default="learner")
    active: Mapped[bool] = mapped_column(default=True)
    left_at: Mapped[datetime | None]
    """When a roster was first found not to name them any more; ``None`` for who is in the course."""
    unread_notices: Mapped[int] = mapped_column(default=0)
    """How many notices the bell counts; kept true in the transactions that write and read them."""
    joined_at: Mapped[datetime]
    last_launch_at: Mapped[datetime | None]
    """``None`` for somebody who is in the roster and never came."""
    roster_run_id: Mapped[int | None]
    """The last run over the roster that named them; ``None`` if none ever did. Who launched and is in no roster (an
    administrator who looks in) is not put out by one either."""


class WebSession(Base):
    """One browser signed in to one community. Two courses in one browser are two rows and cannot be confused.

    The browser keeps a random token in its cookie and we keep its hash; the URL says which community. A launch by
    another person in the same browser and community replaces the row, and forms of the old one are refused.
    """

    __tablename__ = "identity_web_session"
    __table_args__ = (
        UniqueConstraint("browser_hash", "course_id"),
        {
            "sqlite_autoincrement": True
        },  # forms are bound to the id: a new row must never get that of a deleted one
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    membership_id: Mapped[int] = mapped_column(ForeignKey("identity_membership.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("identity_course.id"), index=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("identity_registration.id"), index=True)
    locale: Mapped[str] = mapped_column(String(35), default="")
    return_url: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Handover(Base):
    """A sign-in on its way from a frame to a tab, where the frame's cookie does not go. Good once, briefly."""

    __tablename__ = "identity_handover"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    web_session_id: Mapped[int] = mapped_column(
        ForeignKey("identity_web_session.id", ondelete="CASCADE"), index=True
    )
    placement_id: Mapped[int]
    """Where it goes on; the id of a placement in the session's course."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
