"""A router in a real network namespace between two wires, for rulesets.test.ts. JSON lines in, JSON lines out.

    worker.py nft|legacy CPU

Nobody lives at the ends of the wires: frames go to a station that is not there, so the only kernel that answers is
the router's. Everything runs on one CPU: frames queue in one backlog, so when a sentinel comes out, whatever was sent
before it has come out or never will.
"""

import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3
PACKET_OUTGOING = 4
NFNL_CT_DELETE = (1 << 8) | 2
NLM_F_REQUEST_ACK = 5

flavour = sys.argv[1]
cpus = sorted(os.sched_getaffinity(0))
os.sched_setaffinity(0, {cpus[int(sys.argv[2]) % len(cpus)]})
home = os.open("/proc/self/ns/net", os.O_RDONLY)


def setns(fd):
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def namespace():
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare")
    fd = os.open("/proc/self/ns/net", os.O_RDONLY)
    setns(home)
    return fd


def inside(fd, action):
    setns(fd)
    try:
        return action()
    finally:
        setns(home)


def sh(fd, *argv, stdin=None):
    done = inside(fd, lambda: subprocess.run(argv, input=stdin, text=True, capture_output=True))
    return done.returncode, done.stdout, done.stderr


def must(fd, *argv):
    status, _, err = sh(fd, *argv)
    if status:
        raise RuntimeError(f"{' '.join(argv)}: {err}")


def whole_checksums(dev):
    """Checksums are computed before the wire, as on a real one (ethtool -K DEV tx off)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        value = ctypes.create_string_buffer(struct.pack("II", 0x17, 0))  # ETHTOOL_STXCSUM
        fcntl.ioctl(s, 0x8946, struct.pack("16sP", dev.encode(), ctypes.addressof(value)))  # SIOCETHTOOL


class Router:
    def __init__(self):
        self.ns = namespace()
        self.sides = {"a": namespace(), "b": namespace()}
        self.wires = {}
        for i, (side, fd) in enumerate(self.sides.items(), 1):
            dev = f"eth{i}"
            path = f"/proc/{os.getpid()}/fd/{fd}"
            must(self.ns, "ip", "link", "add", dev, "address", f"02:00:00:00:0{i}:01", "type", "veth",
                 "peer", "name", "wire", "address", f"02:00:00:00:0{i}:99", "netns", path)
            must(self.ns, "ip", "address", "add", f"10.0.{i}.1/24", "dev", dev)
            for ns, name in ((self.ns, dev), (fd, "wire")):
                must(ns, "ip", "link", "set", name, "up", "arp", "off" if name == "wire" else "on")
                must(ns, "ip", "link", "set", name, "addrgenmode", "none")
            batch = "".join(
                f"neigh add 10.0.{i}.{host} lladdr 02:00:00:00:0{i}:{host:02x} dev {dev} nud permanent\n"
                for host in range(2, 80)
            )
            status, _, err = sh(self.ns, "ip", "-batch", "-", stdin=batch)
            if status:
                raise RuntimeError(err)
            must(self.ns, "ip", "neigh", "add", f"10.0.{i}.250", "lladdr", f"02:00:00:00:0{i}:fa", "dev", dev, "nud",
                 "permanent")
            self.wires[side] = inside(fd, lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)))
            self.wires[side].bind(("wire", ETH_P_ALL))
            self.wires[side].settimeout(5)
            inside(self.ns, lambda: whole_checksums(dev))
        must(self.ns, "ip", "link", "set", "lo", "up")
        sysctls = {
            "net/ipv4/ip_forward": 1,
            "net/ipv4/icmp_ratemask": 0,
            "net/ipv4/icmp_ratelimit": 0,
            "net/ipv4/conf/all/send_redirects": 0,
            "net/ipv4/conf/eth1/send_redirects": 0,
            "net/ipv4/conf/eth2/send_redirects": 0,
            "net/ipv4/conf/all/rp_filter": 0,
            "net/ipv4/conf/eth1/rp_filter": 0,
            "net/ipv4/conf/eth2/rp_filter": 0,
            "net/ipv6/conf/all/disable_ipv6": 1,
        }
        for key, value in sysctls.items():
            try:
                inside(self.ns, lambda: open(f"/proc/sys/{key}", "w").write(str(value)))
            except FileNotFoundError:
                pass
        self.raw = inside(self.ns, lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW))
        self.netlink = inside(self.ns, lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12))

    def flush(self):
        """Deletes every conntrack entry."""
        self.netlink.send((20).to_bytes(4, "little") + NFNL_CT_DELETE.to_bytes(2, "little")
                          + NLM_F_REQUEST_ACK.to_bytes(2, "little") + bytes(8) + bytes([socket.AF_INET, 0, 0, 0]))
        self.netlink.recv(65536)

    def conntrack(self):
        try:
            return inside(self.ns, lambda: open("/proc/net/nf_conntrack").read()).splitlines()
        except FileNotFoundError:
            return []

    def case(self, rules, packets, sentinel):
        """Loads the rules, sends the packets one by one; what came out after each."""
        self.flush()
        status, _, err = sh(self.ns, f"iptables-{flavour}-restore", stdin=rules)
        if status:
            return {"error": err}
        return {"frames": [self.send(packet, sentinel) for packet in packets], "conntrack": self.conntrack()}

    def send(self, packet, sentinel):
        octets = bytes.fromhex(packet["octets"])
        errno = None
        try:
            if packet["at"] == "r":
                # The kernel takes the header as it stands; the destination here must agree with it.
                self.raw.sendto(octets, (socket.inet_ntoa(octets[16:20]), 0))
            else:
                self.wires[packet["at"]].send(octets)
        except OSError as error:
            errno = error.errno
        frames = []
        for side, other in (("a", "b"), ("b", "a")):
            # In by one wire, out by the other: once for each.
            self.wires[other].send(bytes.fromhex(sentinel[other]))
            while True:
                data, (_, _, kind, *_) = self.wires[side].recvfrom(65536)
                if kind == PACKET_OUTGOING:
                    continue
                if is_sentinel(data):
                    break
                frames.append([side, data.hex()])
        return {"errno": errno, "frames": frames}

    def restore_and_save(self, rules):
        status, _, err = sh(self.ns, f"iptables-{flavour}-restore", stdin=rules)
        if status:
            return {"error": err}
        status, out, err = sh(self.ns, f"iptables-{flavour}-save")
        return {"text": out, "error": err if status else None}


def is_sentinel(data):
    """UDP from host 250 of one wire to host 250 of the other."""
    return data[12:14] == b"\x08\x00" and data[23] == 17 and data[29] == 250 and data[33] == 250


router = Router()
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        if "packets" in request:
            answer = router.case(request["rules"], request["packets"], request["sentinel"])
        else:
            answer = router.restore_and_save(request["rules"])
    except Exception as error:  # noqa: BLE001 - told to the test, which fails
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
