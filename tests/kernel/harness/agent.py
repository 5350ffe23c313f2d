"""Network namespaces, sockets and captures for the kernel tests, driven by JSON lines on standard input.

Namespaces are anonymous: this process alone holds them, so they vanish with it however it ends. One thread does
everything; setns() before socket() decides the namespace a socket belongs to for good.
"""

import ctypes
import errno
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

import bpf
import nfnetlink

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3
PACKET_OUTGOING = 4
IP_MTU_DISCOVER, IP_PMTUDISC_DONT, IP_PMTUDISC_DO = 10, 0, 2
IP_RECVERR = 11
SO_TIMESTAMPNS = 35
SCM_TIMESTAMPNS = 35

home = os.open("/proc/self/ns/net", os.O_RDONLY)
namespaces = {}  # name -> file descriptor
poller = select.epoll()
handlers = {}  # file descriptor -> (handler, socket)
started = time.time_ns()
timers = []  # [deadline, function]
packets = []
captures = []


def setns(fd):
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Inside:
    """with Inside(name): whatever is opened belongs to that namespace."""

    def __init__(self, name):
        self.fd = namespaces[name]

    def __enter__(self):
        setns(self.fd)

    def __exit__(self, *_):
        setns(home)


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def watch(sock, events, handler):
    handlers[sock.fileno()] = (handler, sock)
    poller.register(sock.fileno(), events)


def unwatch(sock):
    if handlers.pop(sock.fileno(), None):
        poller.unregister(sock.fileno())


def after(seconds, action):
    timer = [time.monotonic() + seconds, action]
    timers.append(timer)
    return timer


def create(name):
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    namespaces[name] = os.open("/proc/self/ns/net", os.O_RDONLY)
    setns(home)
    return f"/proc/{os.getpid()}/fd/{namespaces[name]}"


def destroy(name):
    for sock in [s for s in captures + listeners if s.space == name]:
        unwatch(sock)
        sock.close()
        (captures if sock in captures else listeners).remove(sock)
    os.close(namespaces.pop(name))


class Sock(socket.socket):
    """A socket that knows its namespace."""

    space = None
    label = None


def open_socket(space, *kind):
    with Inside(space):
        sock = Sock(*kind)
    sock.space = space
    sock.setblocking(False)
    return sock


listeners = []
talks = set()  # connections a server has not closed yet


def where(address):
    return f"{address[0]}:{address[1]}"


def listen(space, proto, ip, port, label):
    """A server that answers with its label and the peer's address."""
    sock = open_socket(space, socket.AF_INET, socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.label = label
    sock.bind((ip, port))
    if proto == "tcp":
        sock.listen(128)
        watch(sock, select.EPOLLIN, accept)
    else:
        watch(sock, select.EPOLLIN, answer)
    listeners.append(sock)


def accept(sock, _events):
    """Waits for a request, answers, and closes when the client has (HTTP/1.1's order)."""
    talk, peer = socket.socket.accept(sock)
    talk.setblocking(False)
    talks.add(talk)
    label = sock.label

    def heard(_talk, _events):
        try:
            if talk.recv(65536):
                talk.sendall(f"{label} {where(peer)}\n".encode())
                return
        except OSError:
            pass
        unwatch(talk)
        talk.close()
        talks.discard(talk)

    watch(talk, select.EPOLLIN, heard)


def answer(sock, _events):
    """As a plain server does it: from the address that routing prefers, not the one that was asked."""
    data, peer = sock.recvfrom(65536)
    token = data.split(b" ", 1)[0]
    try:
        sock.sendto(b"r" + token + f" {sock.label} {where(peer)}".encode(), peer)
    except OSError:
        pass


def capture(space):
    sock = open_socket(space, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    watch(sock, select.EPOLLIN, captured)
    captures.append(sock)


def captured(sock, _events):
    while True:
        try:
            data, control, _flags, address = sock.recvmsg(65536, 256)
        except BlockingIOError:
            return
        device, proto, kind = address[0], address[1], address[2]
        stamp = next((c for _, k, c in control if k == SCM_TIMESTAMPNS), None)
        seconds, nanos = struct.unpack("qq", stamp) if stamp else (0, 0)
        packets.append([sock.space, device, proto, kind, seconds * 1000000000 + nanos - started, data.hex()])


def probe(id, space, proto, ip, port, timeout, sport=0, source="", ttl=0, size=0, df=None, mss=0):
    """One connection attempt or datagram; reports once, when something came of it or the time is over."""
    state = {"done": False}
    sock = open_socket(space, socket.AF_INET, socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM)
    if mss and proto == "tcp":
        # The mark by which captures tell this connection's SYN, whatever NAT makes of its addresses.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, mss)
    if ttl:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
    if df is not None:
        sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO if df else IP_PMTUDISC_DONT)
    if proto == "udp":
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)

    def end(result, **more):
        if state["done"]:
            return
        state["done"] = True
        if timer in timers:
            timers.remove(timer)
        try:
            more["local"] = where(sock.getsockname())
        except OSError:
            pass
        unwatch(sock)
        sock.close()
        say({"probe": id, "result": result, **more})

    def failed(code):
        name = errno.errorcode.get(code, str(code))
        result = {
            errno.ECONNREFUSED: "refused",
            errno.ECONNRESET: "refused",
            errno.ETIMEDOUT: "timeout",
        }.get(code, "unreachable")
        end(result, errno=name)

    def ready(_sock, events):
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            return failed(code)
        if proto == "tcp" and not state.get("up"):
            if not events & select.EPOLLOUT:
                return None
            state["up"] = True
            poller.modify(sock.fileno(), select.EPOLLIN)
            sock.send(b"hello\n")
            return None
        try:
            data = sock.recv(65536)
        except BlockingIOError:
            return None
        except OSError as e:
            return failed(e.errno)
        if data:
            state["data"] = state.get("data", b"") + data
        if proto == "udp" or data.endswith(b"\n") or not data:
            end("connected", data=state.get("data", b"").decode("latin-1"))
        return None

    timer = after(timeout, lambda: end("timeout"))
    try:
        if sport or source:
            sock.bind((source, sport))
        try:
            sock.connect((ip, port))
        except BlockingIOError:
            pass
        watch(sock, select.EPOLLOUT if proto == "tcp" else select.EPOLLIN, ready)
        if proto == "udp":
            sock.send(id.encode() + (b" " + b"x" * (size - len(id) - 1) if size > len(id) else b""))
    except OSError as e:
        failed(e.errno)


def send_raw(space, device, frame):
    """Puts a frame on a device as it is."""
    sock = open_socket(space, socket.AF_PACKET, socket.SOCK_RAW, 0)
    with sock:
        sock.bind((device, 0))
        sock.send(bytes.fromhex(frame))


def send_ip(space, packet):
    """Sends an IP packet, header included, through OUTPUT and routing."""
    data = bytes.fromhex(packet)
    sock = open_socket(space, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    with sock:
        try:
            sock.sendto(data, (socket.inet_ntoa(data[16:20]), 0))
        except OSError as e:
            return errno.errorcode.get(e.errno, str(e.errno))
    return None


def run(commands):
    """Runs programs, each in its namespace (or none), side by side; their status and output in order."""
    running = []
    for space, argv, text in commands:
        setns(namespaces[space] if space else home)
        p = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append((p, text))
    setns(home)
    results = []
    for p, text in running:
        out, err = p.communicate(text or "")
        results.append([p.returncode, out, err])
    return results


def sysctl(space, values):
    with Inside(space):
        for path, value in values:
            with open(f"/proc/sys/{path}", "w") as f:
                f.write(str(value))


def offload(space, devices):
    """Checksums are computed before capture, as on a wire (ethtool -K DEV tx off)."""
    import fcntl

    with Inside(space), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for device in devices:
            value = ctypes.create_string_buffer(struct.pack("II", 0x17, 0))  # ETHTOOL_STXCSUM
            request = struct.pack("16sP", device.encode(), ctypes.addressof(value))
            try:
                fcntl.ioctl(s, 0x8946, request)  # SIOCETHTOOL
            except OSError:
                pass


def conntrack(space):
    with Inside(space), open("/proc/thread-self/net/nf_conntrack") as f:
        return f.read().splitlines()


def drain():
    for sock in captures:
        captured(sock, 0)
    taken = packets[:]
    packets.clear()
    return taken


def read(space, path):
    with Inside(space), open(path) as f:
        return f.read()


def unlisten(space):
    for sock in [s for s in listeners if s.space == space]:
        unwatch(sock)
        sock.close()
        listeners.remove(sock)


def flush(space):
    with Inside(space):
        nfnetlink.flush()


def account(space, names):
    with Inside(space):
        nfnetlink.account(names)


def ipset(space, name, members):
    with Inside(space):
        nfnetlink.ipset(name, members)


attached = {}  # (space, device, hook) -> descriptor


def attach(space, device, ingress, helper, target):
    """IPv4 packets at the device's tc hook go to the helper; without a helper the program is taken away."""
    key = (space, device, ingress)
    if key in attached:
        os.close(attached.pop(key))
    if helper:
        with Inside(space):
            attached[key] = bpf.attach(helper, device, ingress, target)


def attach_xdp(space, device, verdict, mode):
    """Every frame at the device's XDP hook gets the verdict; without one the program is taken away."""
    key = (space, device, "xdp")
    if key in attached:
        os.close(attached.pop(key))
    if verdict:
        with Inside(space):
            attached[key] = bpf.attach_xdp(verdict, device, mode)


def busy():
    return len(talks)


CALLS = {
    f.__name__: f
    for f in (
        create, busy, destroy, listen, unlisten, capture, drain, probe, send_raw, send_ip,
        run, sysctl, offload, read, conntrack, flush, account, ipset, attach, attach_xdp,
    )
}


def request(line):
    message = json.loads(line)
    try:
        say({"reply": message["n"], "value": CALLS[message["call"]](*message["args"], **message.get("named", {}))})
    except Exception as e:  # the test that asked is told
        setns(home)
        say({"reply": message["n"], "error": f"{message['call']}: {type(e).__name__}: {e}"})


def wait_for_stamps():
    """The kernel stamps packets as they pass only from some moment after a socket asked; before, as they are read.

    Asks with a socket that stays, and waits until a datagram left lying carries the time it was sent.
    """
    with_stamps = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with_stamps.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    with_stamps.bind(("127.0.0.1", 0))
    with_stamps.settimeout(1)
    for _ in range(200):
        sent = time.time_ns()
        with_stamps.sendto(b"x", with_stamps.getsockname())
        time.sleep(0.01)
        _data, control, _flags, _peer = with_stamps.recvmsg(16, 256)
        seconds, nanos = struct.unpack("qq", control[0][2])
        if seconds * 1000000000 + nanos - sent < 5000000:
            return with_stamps
    raise RuntimeError("packets are not stamped")


def main():
    keep = wait_for_stamps()
    stdin = sys.stdin.fileno()
    os.set_blocking(stdin, False)
    poller.register(stdin, select.EPOLLIN | select.EPOLLHUP)
    rest = b""
    while True:
        now = time.monotonic()
        for timer in [t for t in timers if t[0] <= now]:
            timers.remove(timer)
            timer[1]()
        wait = min((t[0] for t in timers), default=now + 60) - time.monotonic()
        for fd, events in poller.poll(max(wait, 0)):
            if fd == stdin:
                chunk = os.read(stdin, 1 << 20)
                if not chunk:
                    keep.close()
                    return
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    request(line)
            elif fd in handlers:
                handler, sock = handlers[fd]
                handler(sock, events)


main()
