"""Northfield Academy: a small learning management system that is a real LTI 1.3 platform.

It speaks OpenID Connect login, resource link and deep linking messages, client credentials with signed assertions,
Names and Roles, Assignment and Grade Services and dynamic registration. It knows the tool only as any platform
does: by the addresses in its registration. Nobody needs a password here, so it serves on this machine only.
"""
