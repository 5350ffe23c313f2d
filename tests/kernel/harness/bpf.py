"""BPF programs of a few instructions on a device's hooks, assembled here: no compiler is needed.

At tc a program passes IPv4 packets to one helper with a device's number and leaves everything else alone; at XDP it
gives every frame the same verdict.
"""

import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
SYS_BPF = {"x86_64": 321, "aarch64": 280}.get(os.uname().machine, 321)
PROG_LOAD, LINK_CREATE = 5, 28
SCHED_CLS, XDP = 3, 6
TCX_INGRESS, TCX_EGRESS, XDP_HOOK = 46, 47, 37
VERDICTS = {"drop": 1, "pass": 2, "tx": 3}
MODES = {"generic": 2, "native": 4}
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


def put(kind, instructions, device, hook, flags=0):
    """In the present namespace; the program is there as long as the descriptor that comes back."""
    import socket

    code = ctypes.create_string_buffer(b"".join(instructions))
    licence = ctypes.create_string_buffer(b"GPL")
    loaded = bpf(
        PROG_LOAD,
        struct.pack("<IIQQ", kind, len(instructions), ctypes.addressof(code), ctypes.addressof(licence)),
    )
    link = bpf(LINK_CREATE, struct.pack("<IIII", loaded, socket.if_nametoindex(device), hook, flags))
    os.close(loaded)
    return link


def attach(helper, device, ingress, target):
    import socket

    instructions = program(helper, socket.if_nametoindex(target))
    return put(SCHED_CLS, instructions, device, TCX_INGRESS if ingress else TCX_EGRESS)


def attach_xdp(verdict, device, mode):
    instructions = [instruction(0xB7, dst=0, value=VERDICTS[verdict]), instruction(0x95)]
    return put(XDP, instructions, device, XDP_HOOK, MODES[mode])
