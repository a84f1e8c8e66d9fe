#!/usr/bin/env python3
"""browser.py PAGE.html [--screenshot FILE] [--width N] [--height N] [--limit SECONDS]

Opens a page in headless Chromium and prints how long it took to load and to show its first content, its size, and whatever
was said on the console. Exits 1 where anything was said there, or where loading took longer than the limit. Needs a Chromium;
standard library only: the browser is spoken to over the two pipes of its debugging protocol.
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]


class Browser:
    def __init__(self, program, profile):
        ours, theirs = os.pipe(), os.pipe()

        def plumb():
            # Chromium reads commands from descriptor 3 and writes to 4; moved out of the way first, as they may overlap.
            read, write = os.dup(ours[0]), os.dup(theirs[1])
            os.dup2(read, 3)
            os.dup2(write, 4)

        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--hide-scrollbars"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=plumb, close_fds=False)
        self.write, self.read = os.fdopen(ours[1], "wb", buffering=0), os.fdopen(theirs[0], "rb")
        self.count, self.events, self.rest = 0, [], b""

    def message(self):
        while b"\0" not in self.rest:
            got = os.read(self.read.fileno(), 1 << 20)
            if not got:
                raise SystemExit("browser: Chromium went away")
            self.rest += got
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **parameters):
        self.count += 1
        asked = {"id": self.count, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        self.write.write(json.dumps(asked).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.count:
                if "error" in message:
                    raise SystemExit(f"browser: {method}: {message['error']['message']}")
                return message["result"]
            self.events.append(message)

    def until(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())


def said(events):
    """What stands on the console: calls of it, what was thrown, and the browser's own complaints."""
    for event in events:
        method, what = event.get("method"), event.get("params", {})
        if method == "Runtime.consoleAPICalled":
            yield what["type"], " ".join(str(argument.get("value", argument.get("description"))) for argument in what["args"])
        elif method == "Runtime.exceptionThrown":
            yield "exception", what["exceptionDetails"]["text"]
        elif method == "Log.entryAdded":
            yield what["entry"]["level"], what["entry"]["text"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("page", type=pathlib.Path)
    options.add_argument("--screenshot", type=pathlib.Path)
    options.add_argument("--width", type=int, default=1280)
    options.add_argument("--height", type=int, default=1600)
    options.add_argument("--limit", type=float, default=3.0)
    options.add_argument("--before", default="", help="a script to run before the screenshot is taken")
    given = options.parse_args()
    program = next(filter(None, map(shutil.which, NAMES)), None) or sys.exit(f"browser: none of {', '.join(NAMES)} is installed")
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(program, profile)
        try:
            target = browser.call("Target.createTarget", url="about:blank")["targetId"]
            session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log"):
                browser.call(f"{domain}.enable", session)
            browser.call("Emulation.setDeviceMetricsOverride", session, width=given.width, height=given.height, deviceScaleFactor=1, mobile=False)
            # The processor's time, not the clock's, which on a busy machine says more of the others.
            browser.call("Performance.enable", session, timeDomain="threadTicks")
            browser.events.clear()
            browser.call("Page.navigate", session, url=given.page.resolve().as_uri())
            browser.until("Page.loadEventFired")
            script = """new Promise(done => requestAnimationFrame(() => setTimeout(() => {
                const t = performance.getEntriesByType('navigation')[0], p = performance.getEntriesByName('first-contentful-paint')[0];
                done(JSON.stringify([t.loadEventStart / 1000, p ? p.startTime / 1000 : null, document.querySelectorAll('*').length, document.documentElement.scrollHeight]));
            })))"""
            answer = browser.call("Runtime.evaluate", session, expression=script, awaitPromise=True)
            loaded, painted, elements, height = json.loads(answer["result"]["value"])
            metrics = {metric["name"]: metric["value"] for metric in browser.call("Performance.getMetrics", session)["metrics"]}
            if given.before:
                browser.call("Runtime.evaluate", session, expression=given.before)
            if given.screenshot:
                picture = browser.call("Page.captureScreenshot", session, format="png")
                given.screenshot.write_bytes(base64.b64decode(picture["data"]))
            remarks = list(said(browser.events))
        finally:
            browser.process.terminate()
            browser.process.wait()
    size = given.page.stat().st_size / 1e6
    shown = "not at once" if painted is None else f"{painted:.2f} s"
    print(f"{given.page.name}: {size:.1f} MB, {elements} elements; loaded in {loaded:.2f} s, first content after {shown}, "
          f"{metrics['TaskDuration']:.2f} s of processor time in the page's thread; {len(remarks)} messages on the console")
    for level, text in remarks:
        print(f"  {level}: {text}")
    sys.exit(bool(remarks) or loaded > given.limit)


if __name__ == "__main__":
    main()
