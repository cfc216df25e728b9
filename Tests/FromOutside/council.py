"""Identity providers for the tests: a real one, and one of our own that hands out whatever it is told to."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class RealProvider:
    """The package oidc-provider-mock as a process of its own, at which services have to register."""

    def __init__(self, log):
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(self.port),
             "--require-registration", "true", "--require-nonce"],
            stdout=open(log, "w"), stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"})
        for _ in range(200):
            try:
                urllib.request.urlopen(self.issuer + "/jwks", timeout=2).read()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the provider did not start: " + open(log).read())

    def register(self, back):
        """A client for this very address: its id and secret."""
        request = urllib.request.Request(
            self.issuer + "/oauth2/clients", json.dumps({"redirect_uris": [back]}).encode(),
            {"Content-Type": "application/json"})
        made = json.load(urllib.request.urlopen(request, timeout=10))
        return made["client_id"], made["client_secret"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)


def text(data):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class OwnProvider(http.server.ThreadingHTTPServer):
    """Signs in whoever comes, checks what a provider has to check, and hands out a token as `wrong` says."""

    CLIENT, SECRET = "continuum", "a secret: with a colon"

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key, self.other = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
        self.wrong, self.subject, self.codes, self.handed, self.keys_asked = "", "nadia-at-work", {}, [], 0
        self.more, self.complaints = {}, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def sign(self, head, claims, key=None):
        signed = text(head) + "." + text(claims)
        made = (key or self.key).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return signed + "." + text(made)

    def token(self, nonce):
        now = int(time.time())
        head = {"alg": "RS256", "kid": "k1", "typ": "JWT"}
        claims = {"iss": self.issuer, "aud": self.CLIENT, "sub": self.subject, "iat": now, "exp": now + 300, "auth_time": now,
                  "nonce": nonce, **self.more}
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        match self.wrong:
            case "no signature":
                return text({**head, "alg": "none"}) + "." + text(claims) + "."
            case "public key as a secret":
                signed = text({**head, "alg": "HS256"}) + "." + text(claims)
                return signed + "." + text(hmac.new(pem, signed.encode(), hashlib.sha256).digest())
            case "another key":
                return self.sign(head, claims, self.other)
            case "unknown key":
                return self.sign({**head, "kid": "k9"}, claims, self.other)
            case "a key in the header":
                return self.sign({**head, "jwk": self.jwk(self.other)}, claims, self.other)
            case "another issuer":
                return self.sign(head, {**claims, "iss": "https://login.other.example"})
            case "another audience":
                return self.sign(head, {**claims, "aud": "another"})
            case "another nonce":
                return self.sign(head, {**claims, "nonce": "another"})
            case "expired":
                return self.sign(head, {**claims, "iat": now - 600, "exp": now - 300})
            case "no subject":
                return self.sign(head, {name: value for name, value in claims.items() if name != "sub"})
            case "changed afterwards":
                parts = self.sign(head, claims).split(".")
                return ".".join([parts[0], text({**claims, "sub": "somebody-else"}), parts[2]])
        return self.sign(head, claims)

    def jwk(self, key):
        numbers = key.public_key().public_numbers()
        modulus, exponent = numbers.n.to_bytes(256, "big"), numbers.e.to_bytes(3, "big")
        return {"kty": "RSA", "kid": "k1", "use": "sig", "n": text(modulus), "e": text(exponent)}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        server, issuer = self.server, self.server.issuer
        if path == "/.well-known/openid-configuration":
            self.answer(200, json.dumps({
                "issuer": issuer if server.wrong != "another provider" else issuer + "/",
                "authorization_endpoint": issuer + "/authorize?tenant=1", "token_endpoint": issuer + "/token",
                "jwks_uri": issuer + "/keys", "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["RS256"], "response_types_supported": ["code"],
                "authorization_response_iss_parameter_supported": True}).encode())
        elif path == "/keys":
            server.keys_asked += 1
            self.answer(200, json.dumps({"keys": [server.jwk(server.key)]}).encode())
        elif path == "/authorize":
            for name, value in [("tenant", "1"), ("response_type", "code"), ("client_id", server.CLIENT),
                                ("scope", "openid"), ("code_challenge_method", "S256")]:
                if asked.get(name) != value:
                    server.complaints.append((name, asked.get(name)))
            code = uuid.uuid4().hex
            server.codes[code] = asked
            back = {"code": code, "state": asked["state"], "iss": issuer}
            if server.wrong == "another sender":
                back["iss"] = "https://login.other.example"
            if server.wrong == "no sender":
                del back["iss"]
            if server.wrong == "another state":
                back["state"] = "x" * 43
            if server.wrong == "no":
                back = {"error": "access_denied", "state": asked["state"], "iss": issuer}
            self.answer(302, headers=[("Location", asked["redirect_uri"] + "?" + urllib.parse.urlencode(back))])
        else:
            self.answer(404)

    def do_POST(self):
        server = self.server
        sent = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        if server.wrong == "slow":
            time.sleep(11)  # One second longer than anybody waits: nobody hears what would be handed out.
            self.close_connection = True
            return
        pair = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        shown = [urllib.parse.unquote_plus(part) for part in pair.split(":")]
        asked = server.codes.pop(sent.get("code"), {})
        challenge = text(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        checks = {"client": shown == [server.CLIENT, server.SECRET], "grant": sent.get("grant_type") == "authorization_code",
                  "pkce": challenge == asked.get("code_challenge"), "back": sent.get("redirect_uri") == asked.get("redirect_uri")}
        if not all(checks.values()):
            server.complaints.append(checks)
            self.answer(400, b'{"error":"invalid_grant"}')
            return
        token = server.token(asked["nonce"])
        server.handed.append(token)
        self.answer(200, json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": token}).encode(),
                    [("Content-Type", "application/json")])

    def log_message(self, *words):
        pass
