#!/usr/bin/env python3
"""A thousand requests, twenty at once, to a job service of its own: good ones, and what no service may fall for.

    hammer.py --bin target/release/sohoa --scan fixtures/scans/suoi-ngan-2025q3-L0-page01.png [--requests 1000]

Among them are files that are read, questions about jobs, wrong and missing tokens, other hosts, path tricks, bodies that are too large, have no
length or end early, connections that are cut. Every answer must have the code that docs/serve.md names, the service must answer at the end,
hold no more open files than before, say nothing of what was cut, and leave no temporary folder behind when it is ended.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time

TOKEN = "a-token-of-this-test"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="target/release/sohoa")
    parser.add_argument("--scan", type=pathlib.Path, required=True)
    parser.add_argument("--requests", type=int, default=1000)
    args = parser.parse_args()
    scan = args.scan.read_bytes()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder, log = tempfile.mkdtemp(), tempfile.TemporaryFile("w+")
    command = [args.bin, "serve", "--listen", f"127.0.0.1:{port}", "--token", TOKEN, "--max-bytes", "1000000", "--max-jobs", "2000", "--engine", "fast", "--jobs", "2"]
    service = subprocess.Popen(command, env=os.environ | {"TMPDIR": folder}, stdout=subprocess.DEVNULL, stderr=log)
    good = {"Authorization": f"Bearer {TOKEN}"}

    def told():
        log.seek(0)
        return log.read()

    def exchange(method, path, body=None, headers=good):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask(*question, **more):
        return exchange(*question, **more)[0]

    def raw(sent):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(64).decode("latin-1", "replace")
        return int(answer.split()[1]) if answer.startswith("HTTP/") else 0

    def cut():
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            head = f"POST /jobs?name=x.png HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(scan)}\r\n\r\n"
            connection.sendall(head.encode() + scan[:1000])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        return 0

    head = f"POST /jobs?name=x.png HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n"
    kinds = {
        "not a scan": (lambda: ask("POST", "/jobs?name=x.pdf&format=txt", b"%PDF-1.4\nnothing"), {202}),
        "the description": (lambda: ask("GET", "/openapi.json"), {200}),
        "no such job": (lambda: ask("GET", "/jobs/0123456789abcdef0123456789abcdef"), {404}),
        "no such form": (lambda: ask("POST", "/jobs?name=x.png&format=exe", b"x"), {400}),
        "no token": (lambda: ask("GET", "/openapi.json", headers={}), {401}),
        "a wrong token": (lambda: ask("POST", "/jobs?name=x.png", b"x", {"Authorization": "Bearer no"}), {401}),
        "another site": (lambda: ask("GET", "/jobs/1", headers=good | {"Origin": "http://evil.example"}), {403, 404}),
        "a path upward": (lambda: ask("GET", "/jobs/../../etc/passwd"), {400, 404}),
        "one in disguise": (lambda: ask("GET", "/jobs/%2e%2e%2f%2e%2e%2fetc%2fpasswd/json"), {400, 404}),
        "a name upward": (lambda: ask("POST", "/jobs?name=..%2F..%2Fx.png&format=txt", b"no picture"), {202, 400}),
        "too large": (lambda: raw(f"{head}Content-Length: 2000000\r\n\r\n".encode() + bytes(1000)), {413}),
        "no length": (lambda: raw(f"{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".encode()), {411, 400}),
        "ended early": (lambda: raw(f"{head}Content-Length: 5000\r\n\r\n".encode() + bytes(100)), {400, 0}),
        "cut": (cut, {0}),
        "no HTTP": (lambda: raw(b"\0\1\2\3\r\n\r\n"), {400, 0}),
        "another method": (lambda: ask("PUT", "/jobs"), {404, 405}),
    }
    for _ in range(100):
        try:
            ask("GET", "/openapi.json")
            break
        except OSError:
            if service.poll() is not None:
                raise SystemExit(f"the service did not start: {told()}")
            time.sleep(0.1)

    def read_through(job):
        """Waits until a file that was sent is read."""
        while json.loads(exchange("GET", f"/jobs/{job}")[1])["state"] in ("waiting", "reading"):
            time.sleep(0.1)

    def files():
        """What the service has open, by what it is: sockets and pipes by their kind."""
        open_files = collections.Counter()
        for number in os.listdir(f"/proc/{service.pid}/fd"):
            try:
                open_files[os.readlink(f"/proc/{service.pid}/fd/{number}").split(":[")[0]] += 1
            except FileNotFoundError:
                pass
        return open_files

    # The processes that read are started with the first files, and their pipes stay open.
    first = [json.loads(exchange("POST", "/jobs?name=first.png&format=txt", scan)[1])["id"] for _ in range(4)]
    for job in first:
        read_through(job)
    before, began = files(), time.time()
    # Some that are read in earnest, while all the rest comes in.
    real = [ask("POST", f"/jobs?name=scan-{n}.png&format=json,txt", scan) for n in range(5)]
    chance, wrong, counts, lock = random.Random(1), [], collections.Counter(), threading.Lock()
    order = [chance.choice(list(kinds)) for _ in range(args.requests - len(real))]

    def send():
        while True:
            with lock:
                if not order:
                    return
                kind = order.pop()
            how, wanted = kinds[kind]
            try:
                status = how()
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            with lock:
                counts[kind, status] += 1
                if status not in wanted:
                    wrong.append((kind, status))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{sum(counts.values()) + len(real)} requests, twenty at once, in {time.time() - began:.1f} s")
    for (kind, status), count in sorted(counts.items(), key=str):
        print(f"{count:5} {kind}: {status}")
    assert real == [202] * 5, real
    # The answer to what comes after.
    assert ask("GET", "/openapi.json") == 200
    for _ in range(100):
        after = files()
        if not after - before:
            break
        time.sleep(0.2)
    service.send_signal(signal.SIGTERM)
    service.wait(timeout=60)
    said = told().splitlines()
    left = os.listdir(folder)
    more = {what: count for what, count in (after - before).items()}
    print(f"open files {before.total()} before, {after.total()} after, more of {more}; {len(wrong)} wrong codes; left behind: {left}; it said: {said}")
    os.rmdir(folder) if not left else None
    raise SystemExit(bool(wrong or left or after - before or len(said) != 1))


if __name__ == "__main__":
    main()
