"""A tracker that names one peer, whatever is asked: tracker.py HOST PORT. The path of the request is the peer's port."""
import http.server
import socket
import sys


class Tracker(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        port = int(self.path.split("?")[0].strip("/"))
        peer = socket.inet_aton(sys.argv[1]) + port.to_bytes(2, "big")
        body = b"d8:intervali1800e5:peers6:" + peer + b"e"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *line):
        pass


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Tracker).serve_forever()
