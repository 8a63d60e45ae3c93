"""Messages as mail servers, providers and people send them to a return path. No expectations here."""

from email.message import EmailMessage

DSN = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I am sorry.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; marie@example.org
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b1
Content-Type: message/rfc822

From: bonjour@binome.example
To: marie@example.org
Subject: Tenir les comptes

Bonjour
--b1--
"""
COMPLAINT = """\
From: feedback@provider.example
To: abuse@binome.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain

Somebody pressed « this is unwanted ».
--b2
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: provider/1.0
Version: 1
Original-Mail-From: <{to}>

--b2
Content-Type: message/rfc822

Return-Path: <{to}>
From: bonjour@binome.example
Subject: Tenir les comptes

Bonjour
--b2--
"""
RECEIPT = """\
From: marie@example.org
To: {to}
Subject: Lu : Tenir les comptes
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b3"

--b3
Content-Type: text/plain

Read.
--b3
Content-Type: message/disposition-notification

Final-Recipient: rfc822;marie@example.org
Disposition: manual-action/MDN-sent-manually; displayed

--b3--
"""


def delivery(to: str, status: str, *, action: str = "failed", diagnostic: str = "smtp; see the status") -> bytes:
    """A report of a mail server (RFC 3464)."""
    return DSN.format(to=to, status=status, action=action, diagnostic=diagnostic).encode()


def complaint(to: str, kind: str = "abuse") -> bytes:
    """A report of a provider (RFC 5965): our return path stands in the mail that it returns."""
    return COMPLAINT.format(to=to, kind=kind).encode()


def receipt(to: str) -> bytes:
    """« She has read it »."""
    return RECEIPT.format(to=to).encode()


def plain(to: str, text: str, *, sender: str = "MAILER-DAEMON@old.example", **headers: str) -> bytes:
    """A message of one text."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "failure notice"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()
