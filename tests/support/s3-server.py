"""
OpenStack Swift with its S3 API in one process, for the tests of storage: the real proxy, account, container and object
servers of Debian's package python3-swift, with their data in one folder.

Usage: s3-server.py FOLDER. Prints `port N` once it listens on the loopback address; ends when its standard input does.
"""

import os
import sys
import threading
from array import array

import eventlet

eventlet.monkey_patch(thread=False)

from eventlet import wsgi
from swift.account import server as account
from swift.common import utils
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.ring import RingData
from swift.common.wsgi import loadapp
from swift.container import server as container
from swift.obj import server as objects

ACCESS_KEY = "test:tester"
SECRET_KEY = "testing"

PROXY = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats bulk s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


class Cache(dict):
    """What the servers would ask a memcached for."""

    def __bool__(self):
        return True

    def get(self, key, default=None, **_):
        return dict.get(self, key, default)

    def set(self, key, value, **_):
        self[key] = value

    def incr(self, key, delta=1, **_):
        self[key] = dict.get(self, key, 0) + delta
        return self[key]

    def delete(self, key, **_):
        self.pop(key, None)


def listen():
    return eventlet.listen(("127.0.0.1", 0))


def serve(socket, app, logger):
    eventlet.spawn(wsgi.server, socket, app, logger, protocol=SwiftHttpProtocol, log_output=False)


def main(folder):
    utils.HASH_PATH_SUFFIX = b"tests"
    os.makedirs(os.path.join(folder, "disk"), exist_ok=True)
    logger = utils.get_logger({"log_address": os.path.join(folder, "no-syslog")}, log_route="s3")
    conf = {
        "devices": folder,
        "swift_dir": folder,
        "mount_check": "false",
        "disable_fallocate": "true",
        "bind_ip": "127.0.0.1",
    }
    for name, make in (
        ("account", account.AccountController),
        ("container", container.ContainerController),
        ("object", objects.ObjectController),
    ):
        socket = listen()
        device = {
            "id": 0,
            "zone": 0,
            "region": 1,
            "device": "disk",
            "ip": "127.0.0.1",
            "port": socket.getsockname()[1],
            "replication_ip": "127.0.0.1",
            "replication_port": socket.getsockname()[1],
            "weight": 1,
            "meta": "",
        }
        RingData([array("H", [0, 0])], [device], 31).save(os.path.join(folder, name + ".ring.gz"))
        serve(socket, make(conf, logger), logger)
    proxy_conf = os.path.join(folder, "proxy.conf")
    with open(proxy_conf, "w", encoding="utf8") as file:
        file.write(PROXY.format(folder=folder, secret=SECRET_KEY))
    proxy = loadapp(proxy_conf)
    cache = Cache()

    def with_cache(environ, start_response):
        environ["swift.cache"] = cache
        return proxy(environ, start_response)

    socket = listen()
    serve(socket, with_cache, logger)
    print("port", socket.getsockname()[1], flush=True)
    while True:
        eventlet.sleep(3600)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    main(os.path.realpath(sys.argv[1]))
