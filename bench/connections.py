"""Connections one after the other, as fast as two programs can make them.

    connections.py serve PORT N      answers N connections, each once
    connections.py ask IP PORT N     opens N connections, each asks, reads the answer and closes; prints the seconds the
                                     last nine tenths took
"""

import socket
import sys
import time

QUESTION = b"GET / HTTP/1.1\r\nHost: echo\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def serve(port, count):
    with socket.create_server(("0.0.0.0", port), backlog=1024) as listener:
        listener.settimeout(30)
        for _ in range(count):
            talk, _ = listener.accept()
            talk.recv(4096)
            talk.sendall(ANSWER)
            talk.recv(4096)  # until the client has closed
            talk.close()


def ask(ip, port, count):
    def once():
        with socket.socket() as s:
            s.connect((ip, port))
            s.sendall(QUESTION)
            if s.recv(4096) != ANSWER:
                raise OSError("not the answer")

    for left in range(50, -1, -1):  # the server may not be up yet
        try:
            once()
            break
        except OSError:
            if not left:
                raise
            time.sleep(0.1)
    for i in range(1, count):
        if i == count // 10:
            started = time.monotonic()
        once()
    print(time.monotonic() - started)


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]), int(sys.argv[3]))
else:
    ask(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
