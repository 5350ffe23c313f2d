"""netfilter's tables that have a netlink interface and no program we can count on: conntrack, nfacct, ipset.

Everything acts on the namespace of the calling thread.
"""

import errno
import socket
import struct

NETLINK_NETFILTER = 12


def netlink(kind, flags, payload=b""):
    """One nfnetlink request; its error number, 0 when it was done."""
    body = struct.pack("BBH", socket.AF_INET, 0, 0) + payload
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as s:
        s.send(struct.pack("IHHII", 16 + len(body), kind, flags | 5, 1, 0) + body)  # NLM_F_REQUEST | NLM_F_ACK
        return -struct.unpack_from("i", s.recv(4096), 16)[0]


def flush():
    """Forgets every connection (IPCTNL_MSG_CT_DELETE without a tuple)."""
    netlink((1 << 8) | 2, 0)


def account(names):
    """Makes the counters that `-m nfacct` rules name (NFNL_MSG_ACCT_NEW), as kube-proxy does before it loads them."""
    for name in names:
        error = netlink(7 << 8, 0x400, attribute(1, name.encode() + b"\0"))  # NLM_F_CREATE
        if error not in (0, errno.EEXIST, errno.EBUSY):
            raise OSError(error, f"nfacct {name}")


def attribute(kind, data):
    return struct.pack("HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def ipset(name, members):
    """A set of networks (hash:net) with these members, `[address, length]` each; made anew when it is there.

    Numbers are those of include/uapi/linux/netfilter/ipset/ip_set.h; nested attributes carry 0x8000, addresses in
    network order 0x4000.
    """
    subsystem = 6 << 8
    head = attribute(1, bytes([6])) + attribute(2, name.encode() + b"\0")
    body = head + attribute(3, b"hash:net\0") + attribute(4, b"\0") + attribute(5, bytes([socket.AF_INET]))
    error = netlink(subsystem | 2, 0x600, body + attribute(7 | 0x8000, b""))  # IPSET_CMD_CREATE
    if error not in (0, errno.EEXIST):
        raise OSError(error, f"ipset create {name}")
    netlink(subsystem | 4, 0, head)  # IPSET_CMD_FLUSH
    for address, length in members:
        ip = attribute(1 | 0x8000, attribute(1 | 0x4000, socket.inet_aton(address)))
        error = netlink(subsystem | 9, 0, head + attribute(7 | 0x8000, ip + attribute(3, bytes([length]))))
        if error:
            raise OSError(error, f"ipset add {name} {address}/{length}")
