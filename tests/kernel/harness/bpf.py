"""A BPF program of five or so instructions on a device's tc hook, assembled here: no compiler is needed.

The program passes IPv4 packets to one helper with a device's number and leaves everything else alone.
"""

import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
SYS_BPF = {"x86_64": 321, "aarch64": 280}.get(os.uname().machine, 321)
PROG_LOAD, LINK_CREATE = 5, 28
SCHED_CLS = 3
TCX_INGRESS, TCX_EGRESS = 46, 47
HELPERS = {"redirect": 23, "redirect_neigh": 152, "redirect_peer": 155}


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes.ljust(144, b"\0"), 144)
    result = libc.syscall(SYS_BPF, command, buffer, 144)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def instruction(code, dst=0, src=0, offset=0, value=0):
    return struct.pack("<BBhi", code, (src << 4) | dst, offset, value)


def program(helper, ifindex):
    arguments = [instruction(0xB7, dst=1, value=ifindex)]
    arguments += [instruction(0xB7, dst=n, value=0) for n in range(2, 5 if helper == "redirect_neigh" else 3)]
    body = arguments + [instruction(0x85, value=HELPERS[helper]), instruction(0x95)]
    return [
        instruction(0x61, dst=6, src=1, offset=16),  # r6 = skb->protocol
        instruction(0x55, dst=6, offset=len(body), value=0x0008),  # not htons(ETH_P_IP): past the body
        *body,
        instruction(0xB7, dst=0, value=-1),  # TCX_NEXT
        instruction(0x95),
    ]


def attach(helper, device, ingress, target):
    """In the present namespace; the program is there as long as the descriptor that comes back."""
    import socket

    instructions = program(helper, socket.if_nametoindex(target))
    code = ctypes.create_string_buffer(b"".join(instructions))
    licence = ctypes.create_string_buffer(b"GPL")
    loaded = bpf(
        PROG_LOAD,
        struct.pack("<IIQQ", SCHED_CLS, len(instructions), ctypes.addressof(code), ctypes.addressof(licence)),
    )
    where = TCX_INGRESS if ingress else TCX_EGRESS
    link = bpf(LINK_CREATE, struct.pack("<IIII", loaded, socket.if_nametoindex(device), where, 0))
    os.close(loaded)
    return link
