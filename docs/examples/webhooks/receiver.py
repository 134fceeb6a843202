"""A receiver of Harmony's webhooks on Python 3.8 or later, with verify_webhook.py beside it:

    HARMONY_WEBHOOK_SECRET=whsec_... PORT=8787 python3 receiver.py

While you change the secret, give both with a comma between them.
"""

import json
import os
import re
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from verify_webhook import WebhookVerificationError, verify_webhook

SECRETS = [one for one in re.split(r"[\s,]+", os.environ.get("HARMONY_WEBHOOK_SECRET", "")) if one]
BODY_BYTES_MAX = 1_048_576
REMEMBERED_MAX = 10_000
done = {}  # Deliveries that are done, oldest first. In production: a table with a unique column.
lock = threading.Lock()


def handle(event, delivery_id):
    """Put your work here. Keep it short: store the event, and do what takes long afterwards."""
    data = json.dumps(event["data"])
    print(event["event"], event.get("id"), delivery_id, data, flush=True)


def handle_once(event, delivery_id):
    """Harmony sends a delivery again when its answer was lost; it then has the same webhook-id."""
    with lock:
        if delivery_id in done:
            return
        handle(event, delivery_id)
        done[delivery_id] = True
        if len(done) > REMEMBERED_MAX:
            del done[next(iter(done))]


def receive(headers, body):
    """The status and the text of the answer. Harmony shows the text in its log, so say why."""
    # The test of an address, before it is saved, cannot be signed: answer, and do nothing with it.
    if headers.get("x-harmony-test") == "true" and not headers.get("webhook-signature"):
        return 204, ""
    try:
        handle_once(
            verify_webhook(body, headers, SECRETS), headers["webhook-id"]
        )
        return 204, ""
    except WebhookVerificationError as error:
        print("refused:", error.code, file=sys.stderr, flush=True)
        return 400, f"{error.code}: {error}"
    except Exception:  # Anything but 2xx makes Harmony try again.
        traceback.print_exc()
        return 500, "The event could not be handled."


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self):
        try:
            body = self.read_body()
        except ValueError:
            return self.refuse_unread(400, "The body is not framed as HTTP says.")
        if body is None:
            return self.refuse_unread(413, f"A body has at most {BODY_BYTES_MAX} bytes.")
        return self.answer(*receive(self.headers, body))

    def read_body(self):
        """The bytes as they came: the signature is over them. None when there are too many."""
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return self.read_chunks()
        length = self.headers.get("content-length", "0")
        if not re.fullmatch(r"[0-9]{1,15}", length):
            raise ValueError("content-length")
        return self.rfile.read(int(length)) if int(length) <= BODY_BYTES_MAX else None

    def read_chunks(self):
        body = b""
        while True:
            size = self.rfile.readline(256).split(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size):
                raise ValueError("chunk size")
            if int(size, 16) == 0:
                break
            if len(body) + int(size, 16) > BODY_BYTES_MAX:
                return None
            body += self.rfile.read(int(size, 16))
            self.rfile.readline(8)
        while self.rfile.readline(8192).strip():
            pass
        return body

    def refuse_unread(self, status, text):
        """Answers, and lets what is still coming come for a moment, so that the answer is read."""
        self.close_connection = True
        self.answer(status, text)
        for _ in range(64):
            if not self.rfile.read1(65_536):
                break

    def answer(self, status, text):
        content = text.encode()
        self.send_response(status)
        if self.close_connection:
            self.send_header("connection", "close")
        if status != 204:
            self.send_header("content-type", "text/plain; charset=utf-8")
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """One line of ours for each event is enough."""


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8787"))), Receiver)
print(f"Listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
