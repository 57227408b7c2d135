"""A worker that sends what is due by mail, for a test that kills it: ``python sends_once.py DATABASE SMTP``."""

import sys

from sqlalchemy.orm import sessionmaker

from lmssocial.core.db import make_engine
from lmssocial.core.mail import SmtpMailer
from lmssocial.social.notifications import deliveries
from lmssocial.social.notifications.channels import Email

if __name__ == "__main__":
    [channel] = Email(SmtpMailer(sys.argv[2], "no-reply@example.edu")).lmssocial_register_channels()
    deliveries.send_due(sessionmaker(make_engine(sys.argv[1])), {channel.name: channel})
