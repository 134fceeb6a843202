"""Verifies webhooks of Harmony. Copy this file; it needs Python 3.8 or later and nothing else."""

import base64
import hashlib
import hmac
import json
import re
import time


class WebhookVerificationError(Exception):
    """Why a delivery was refused.

    `code` is one of missing_header, timestamp_too_old, timestamp_in_future, signature_mismatch,
    body_not_raw, invalid_secret and not_json; the message says what to do.
    """

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


RAW_BODY_HELP = (
    "Your framework parsed and re-serialised the body; verify the raw bytes. "
    "Flask: request.get_data(). FastAPI and Starlette: await request.body(). Django: request.body."
)
SECRET_FORM = re.compile(
    r"whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
)
STANDARD_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
BODY_HEADERS = ("x-harmony-signature", "x-harmony-signature-next")


def verify_webhook(body, headers, secret, tolerance=300, now=None, require_timestamp=True):
    """Returns the event of an authentic delivery; raises WebhookVerificationError for all else.

    body: the raw body, exactly as it came (bytes, or text).
    headers: the request's headers, in any case: a dict, or what your framework calls headers.
    secret: the webhook's secret (`whsec_...`), or a list of several while you change it.
    tolerance: seconds that the signed time may differ from now.
    now: Unix seconds; the clock of this computer if left out.
    require_timestamp: False also takes a delivery without the webhook-* headers, so that an old one
        can be repeated by leaving them out.
    """
    secrets = _read_secrets(secret)
    raw = _read_body(body)
    given = {name.lower(): str(value).strip() for name, value in headers.items()}
    # The time is only as good as the signature over it: with one of these headers, all must hold.
    if require_timestamp or any(name in given for name in STANDARD_HEADERS):
        _require_headers(given)
        _require_signature(_fits_standard, raw, given, secrets)
        _require_recent(
            int(given["webhook-timestamp"]), time.time() if now is None else now, tolerance
        )
    else:
        if not any(name in given for name in BODY_HEADERS):
            raise _missing(", ".join(STANDARD_HEADERS) + " and x-harmony-signature")
        _require_signature(_fits_body_only, raw, given, secrets)
    return _parse_event(raw)


def _read_secrets(secret):
    secrets = [secret] if isinstance(secret, str) or secret is None else list(secret)
    secrets = [str(one).strip() for one in secrets]
    if secrets and all(SECRET_FORM.fullmatch(one) for one in secrets):
        return secrets
    raise WebhookVerificationError(
        "invalid_secret",
        "The secret is not whsec_ followed by base64. Give it whole, as Harmony showed it; if it "
        "is lost, regenerate it on the webhook's page.",
    )


def _read_body(body):
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    raise WebhookVerificationError("body_not_raw", RAW_BODY_HELP)


def _missing(what):
    return WebhookVerificationError(
        "missing_header",
        f"The request has no {what}. Harmony sends them with every event: check that your proxy or "
        "framework passes them on. A request that never had them is not from Harmony.",
    )


def _require_headers(given):
    absent = [name for name in STANDARD_HEADERS if not given.get(name)]
    if absent:
        raise _missing(", ".join(absent))
    if not re.fullmatch(r"[0-9]{1,15}", given["webhook-timestamp"]):
        raise _missing("time in webhook-timestamp (it must be Unix seconds)")


def _is_same(given, expected):
    """Takes as long for a wrong text as for the right one, so guessing teaches nothing."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


def _fits_standard(raw, given, secrets):
    """Standard Webhooks 1.0: base64 over "id.timestamp.body", the key is what follows whsec_."""
    head = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode("utf-8", "surrogatepass")
    entries = given["webhook-signature"].split(" ")
    for secret in secrets:
        key = base64.b64decode(secret[len("whsec_") :])
        digest = hmac.new(key, head + raw, hashlib.sha256).digest()
        expected = "v1," + base64.b64encode(digest).decode()
        if any(_is_same(entry, expected) for entry in entries):
            return True
    return False


def _fits_body_only(raw, given, secrets):
    """X-Harmony-Signature: hex over the body alone, keyed with the whole secret."""
    for secret in secrets:
        expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        if any(_is_same(given.get(name, ""), expected) for name in BODY_HEADERS):
            return True
    return False


def _require_signature(fits, raw, given, secrets):
    if fits(raw, given, secrets):
        return
    if _is_reserialised(fits, raw, given, secrets):
        raise WebhookVerificationError("body_not_raw", RAW_BODY_HELP)
    raise WebhookVerificationError(
        "signature_mismatch",
        "The body is Harmony's, but webhook-id, webhook-timestamp or webhook-signature was changed "
        "on the way."
        if _fits_body_only(raw, given, secrets)
        else "No signature fits this body and this secret: the secret is another webhook's or has "
        "been replaced, or the body was changed on the way.",
    )


def _is_reserialised(fits, raw, given, secrets):
    """Whether the signature fits the body in the compact form in which Harmony wrote it."""
    try:
        compact = json.dumps(
            json.loads(raw.decode("utf-8")), separators=(",", ":"), ensure_ascii=False
        )
        return fits(compact.encode("utf-8"), given, secrets)
    except (ValueError, RecursionError):
        return False


def _require_recent(timestamp, now, tolerance):
    """Written so that a `tolerance` or `now` that is no number refuses everything."""
    if not now - timestamp <= tolerance:
        raise WebhookVerificationError(
            "timestamp_too_old",
            f"The delivery was signed more than {tolerance} seconds ago: it was repeated or held "
            "up, or this computer's clock is ahead. Harmony signs every attempt anew.",
        )
    if not timestamp - now <= tolerance:
        raise WebhookVerificationError(
            "timestamp_in_future",
            f"The delivery was signed more than {tolerance} seconds from now: this computer's "
            "clock is behind. Set it by the network (NTP).",
        )


def _parse_event(raw):
    try:
        event = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        event = None
    if isinstance(event, dict):
        return event
    raise WebhookVerificationError("not_json", "The body is signed, but it is not a JSON object.")
