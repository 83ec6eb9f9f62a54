#!/usr/bin/env python3
"""Trains the dictionary with which the store compresses records (`src/store/dictionaries/`).

Takes the records of the stores that are named (`accesswatch demo` makes one), and as many variants
of them as a real watch has: hosts and addresses of the shipped probes, answers of resolvers, and
the headers that common servers send. Prints what level and size cost and save, on records that the
training did not see. A dictionary that was released is never replaced, because stores hold rows
that only it can read: a new one gets a new file and a new id.

    pip install zstandard
    accesswatch demo /tmp/demo && python3 benches/record_dictionary.py OUT /tmp/demo/data/accesswatch.db
"""

import json
import random
import re
import sqlite3
import sys
import time
import uuid
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parent.parent
ID = 40001  # private ids begin at 32,768; this one takes two bytes of every frame
SIZE = 16 * 1024
LEVEL = 3

SERVERS = ["nginx", "nginx/1.24.0", "openresty", "Tengine", "Apache", "Microsoft-IIS/10.0", "cloudflare",
           "Apache-Coyote/1.1", "WAF", "JSP3/2.0.14", "Lego Server", "waf/4.34.0-0.el7", "******", "none"]
TYPES = ["text/html", "text/html; charset=utf-8", "text/html;charset=UTF-8", "text/html; charset=gbk",
         "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "text/html; charset=gb2312"]


def headers(rng: random.Random) -> list[list[str]]:
    """The headers of one answer, as servers in China send them."""
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(rng.randint(1_740_000_000, 1_900_000_000)))
    token = lambda n: "".join(rng.choices("0123456789abcdef", k=n))
    found = [["Date", date], ["Content-Type", rng.choice(TYPES)], ["Transfer-Encoding", "chunked"],
             ["Connection", rng.choice(["close", "keep-alive"])], ["Server", rng.choice(SERVERS)]]
    optional = [
        ["Vary", rng.choice(["Accept-Encoding", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"])],
        ["Content-Encoding", rng.choice(["gzip", "br"])],
        ["Last-Modified", date], ["ETag", f'W/"{token(8)}-{token(4)}"'], ["Expires", date],
        ["Cache-Control", rng.choice(["no-cache", "no-store", "private", "max-age=0", "no-cache, no-store, max-age=0, must-revalidate"])],
        ["Pragma", "no-cache"], ["X-Frame-Options", rng.choice(["SAMEORIGIN", "DENY"])],
        ["X-Content-Type-Options", "nosniff"], ["X-XSS-Protection", rng.choice(["1; mode=block", "1;mode=block", "0"])],
        ["Strict-Transport-Security", rng.choice(["max-age=31536000", "max-age=31536000; includeSubDomains", "max-age=63072000"])],
        ["Content-Security-Policy", "default-src 'self' data: *.cnki.net 'unsafe-inline' 'unsafe-eval'"],
        ["X-Powered-By", rng.choice(["PHP/7.4.33", "ASP.NET", "Express"])], ["X-AspNet-Version", "4.0.30319"],
        ["X-Via", f"1.1 PS-{token(3)}:{rng.randint(1, 20)} (Cdn Cache Server V2.0)"],
        ["X-Cache", rng.choice(["HIT", "MISS", "HIT from cloud", "MISS TCP_MISS dirn:-2:-2"])],
        ["Age", str(rng.randint(0, 5000))], ["Via", f"cache{rng.randint(1, 30)}.l2cn3039[{rng.randint(0, 90)},0]"],
        ["X-Request-Id", token(32)], ["EagleId", token(24)], ["Timing-Allow-Origin", "*"],
        ["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Methods", "GET, POST, OPTIONS"],
        ["Referrer-Policy", rng.choice(["no-referrer", "strict-origin-when-cross-origin"])],
        ["Set-Cookie", f"JSESSIONID=[redacted]; Path=/; HttpOnly"],
        ["Set-Cookie", "acw_tc=[redacted];path=/;HttpOnly;Max-Age=1800"],
        ["Set-Cookie", f"Ecp_ClientId=[redacted]; domain=cnki.net; expires={date}; path=/; Secure; SameSite=None"],
        ["Accept-Ranges", "bytes"], ["Content-Language", "zh-CN"], ["Keep-Alive", "timeout=5, max=100"],
        ["CF-RAY", f"{token(16)}-HKG"], ["Alt-Svc", 'h3=":443"; ma=86400'], ["Content-Length", str(rng.randint(200, 90_000))],
    ]
    picked = [h for h in optional if rng.random() < 0.28]
    if rng.random() < 0.4:
        return [[name.lower(), value] for name, value in found + picked]
    return found + picked


def addresses() -> list[str]:
    urls = []
    for path in sorted((ROOT / "probes").rglob("*.toml")):
        urls += re.findall(r'^url = "(https?://[^"]+)"', path.read_text(), re.M)
    return urls


def query(rng: random.Random, host: str, kind: str) -> dict:
    address = ".".join(str(rng.randint(1, 254)) for _ in range(4)) if kind == "A" else "2400:da00:2::29"
    name = "ipv4" if kind == "A" else "ipv6"
    answers = [{"answer_type": kind, name: address, "ttl": rng.choice([60, 300, 600, 3600])}]
    if rng.random() < 0.4:
        answers.insert(0, {"answer_type": "CNAME", "hostname": f"{host}.w.kunlunca.com", "ttl": 120})
    failure = None
    if kind == "AAAA" and rng.random() < 0.7:
        answers, failure = [], "dns_no_answer"
    began = rng.random() / 1000
    return {"hostname": host, "query_type": kind, "engine": "udp", "resolver_address": rng.choice(["127.0.0.53:53", "10.0.0.2:53", "9.9.9.9:53"]),
            "answers": answers, "failure": failure, "t0": round(began, 6), "t": round(began + rng.random(), 6),
            "transaction_id": 1, "tags": []}


def variant(rng: random.Random, text: str, url: str) -> bytes:
    """The record as one of another site, at another time."""
    record = json.loads(text)
    keys = record["test_keys"]
    host = re.sub(r"^https?://([^/:]+).*", r"\1", url)
    old = record["input"]
    text = text.replace(json.dumps(old)[1:-1], url).replace(re.sub(r"^https?://([^/]+).*", r"\1", old), host)
    text = re.sub(r"127\.0\.1\.\d+", lambda _: ".".join(str(rng.randint(1, 254)) for _ in range(4)), text)
    text = re.sub(r'"port":\d+', '"port":443' if url.startswith("https") else '"port":80', text)
    text = re.sub(r"\b01a[0-9a-f-]{29,33}\b", lambda m: str(uuid.UUID(int=rng.getrandbits(128)))[: 36 if "-" in m[0] else 0]
                  or uuid.UUID(int=rng.getrandbits(128)).hex, text)
    text = re.sub(r"\b[0-9a-f]{64}\b", lambda _: f"{rng.getrandbits(256):064x}", text)
    text = re.sub(r"(\"t0?\"|\"test_runtime\"):[\d.e-]+", lambda m: f"{m[1]}:{rng.random():.6f}", text)
    text = text.replace("demo@example.org", rng.choice(["watch@library.example.edu", "eastasia@lib.example.ac.uk"]))
    record = json.loads(text)
    keys = record["test_keys"]
    if keys["tcp_connect"]:
        keys["queries"] = [query(rng, host, "A"), query(rng, host, "AAAA")]
        record["test_keys"]["x_accesswatch"]["phases"] = {"dns": round(rng.random() * 90, 3), **keys["x_accesswatch"]["phases"]}
    for request in keys["requests"]:
        if request["response"]["code"]:
            request["response"]["headers_list"] = headers(rng)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def main() -> None:
    out, stores = Path(sys.argv[1]), sys.argv[2:]
    rng, urls, texts = random.Random(7), addresses(), []
    for store in stores:
        rows = sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute("SELECT raw FROM records WHERE base IS NULL")
        texts += [zstandard.ZstdDecompressor().decompress(raw).decode() for (raw,) in rows]
    rng.shuffle(texts)
    rng.shuffle(urls)
    half = len(urls) // 2
    learn = [variant(rng, text, rng.choice(urls[:half])) for text in texts for _ in range(3)]
    learn += [text.encode() for text in texts[: len(texts) // 4]]
    unseen = [variant(rng, text, rng.choice(urls[half:])) for text in texts]
    for size in [8 * 1024, SIZE, 32 * 1024]:
        trained = zstandard.train_dictionary(size, learn, level=LEVEL, dict_id=ID)
        for level in [1, LEVEL, 6]:
            trained.precompute_compress(level=level)
            packer = zstandard.ZstdCompressor(level=level, dict_data=trained)
            began = time.process_time()
            total = sum(len(packer.compress(record)) for record in unseen)
            took = (time.process_time() - began) / len(unseen) * 1e6
            print(f"{size:6} bytes, level {level}: {total / len(unseen):6.0f} bytes a record, {took:5.0f} µs")
        if size == SIZE:
            out.write_bytes(trained.as_bytes())
    plain = zstandard.ZstdCompressor(level=1)
    print(f"without a dictionary, level 1: {sum(len(plain.compress(r)) for r in unseen) / len(unseen):.0f} bytes")


if __name__ == "__main__":
    main()
