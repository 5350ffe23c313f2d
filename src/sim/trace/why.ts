/** No parameters. */
type Nothing = Readonly<Record<never, never>>;
/** Who is at the other end, and whose policy was asked. */
type PolicyFacts = { ip: string; identity: number; endpoint: number; port: number };

/**
 * Every reason a decision may give, with the parameters its sentence needs. `src/i18n/why` must have words for
 * each in every language: the compiler holds it. Add a code where you add a behaviour; keep the list sorted.
 */
export interface WhyParams {
	/** This namespace owns the address and answers. */
	'arp.answered': { ip: string; mac: string };
	/** An ARP request was sent for an address nobody answered for yet. */
	'arp.asked': { ip: string; dev: string };
	/** The question was not for this namespace, and it knew nothing of who asked. */
	'arp.ignored': { ip: string };
	/** The neighbour table took note of who has an address. */
	'arp.learned': { ip: string; mac: string; dev: string };
	/** Not our address, but we forward for it: proxy_arp answers. */
	'arp.proxied': { ip: string; dev: string };
	/** The bridge does not know where the address is (or it is for all): out of every other port. */
	'bridge.flooded': { mac: string; ports: number };
	/** The bridge has learned behind which port the address is. */
	'bridge.forwarded': { mac: string; dev: string };
	/** The frame is for the machine that holds the bridge: the bridge device receives it. */
	'bridge.local': { dev: string };
	/** The address is behind the port the frame came from: nothing to do. */
	'bridge.same-port': { dev: string };
	/** The backend lives on another node, and its answer must come back by this one. */
	'cilium.backend-elsewhere': { ip: string };
	/** The backend is a pod of this node: only the destination changed. */
	'cilium.backend-here': { ip: string; client: string };
	/** How a service's backend was found. */
	'cilium.chosen': { how: 'connection' | 'affinity' | 'maglev' | 'lot'; backend: string };
	/** A ClusterIP is no address for packets from outside. */
	'cilium.cluster-ip': { frontend: string };
	/** The connection is in the programs' own table. */
	'cilium.ct-known': Nothing;
	/** A new entry in the programs' own connection table. */
	'cilium.ct-new': Nothing;
	/** A new entry that says: answers on this connection get the frontend's address. */
	'cilium.ct-nodeport': Nothing;
	/** A program found the destination among the endpoints of its node and hands the packet to it, past the stack. */
	'cilium.deliver': { ip: string; dev: string; endpoint: number };
	/** The frontend goes along in an option of the Geneve header. */
	'cilium.dsr-geneve': { frontend: string };
	/** The backend's node remembers which address to answer from. */
	'cilium.dsr-learned': { frontend: string; client: string };
	/** The frontend goes along in an IP option. */
	'cilium.dsr-option': { frontend: string };
	/** The answer leaves from the frontend, straight to the client. */
	'cilium.dsr-reply': { frontend: string };
	/** With the notice the packet would not fit the MTU: the client is told. */
	'cilium.dsr-too-long': { length: number; mtu: number };
	/** The packet needs no other source: it leaves as it is. */
	'cilium.egress-as-is': { ip: string };
	/** The mark says that another program has translated the packet. */
	'cilium.egress-done': Nothing;
	/** The mark says that this is the tunnel's own datagram. */
	'cilium.egress-overlay': Nothing;
	/** At the gateway: the policy gives the packet its source. */
	'cilium.egw-address': { ip: string; address: string };
	/** The destination is one the policy leaves out. */
	'cilium.egw-excluded': { ip: string };
	/** A policy selects the pod and the destination: into the tunnel to the gateway. */
	'cilium.egw-gateway': { ip: string; node: string };
	/** The gateway of the policy is this node. */
	'cilium.egw-here': { ip: string };
	/** The gateway has no address for the policy: dropped. */
	'cilium.egw-no-address': { ip: string };
	/** No node is the policy's gateway: dropped. */
	'cilium.egw-no-gateway': { ip: string };
	/** An answer the gateway asked for goes back to the pod's node. */
	'cilium.egw-reply': { ip: string; node: string };
	/** At the gateway, out of the tunnel: the way out is that of the egress IP. */
	'cilium.egw-way': { ip: string; address: string };
	/** The ipcache knows behind which node the destination is: into the tunnel. */
	'cilium.encap': { ip: string; node: string; vni: number };
	/** The program asked the host's routes and neighbours itself and sends the packet on. */
	'cilium.fib': { ip: string; dev: string; mac: string };
	/** The route is known, the neighbour's address not yet: the kernel is to find it. */
	'cilium.fib-neigh': { ip: string; dev: string };
	/** The host has no route the packet could be forwarded by. */
	'cilium.fib-none': { ip: string };
	/** The packet is longer than the way out takes. */
	'cilium.fib-too-long': { length: number; mtu: number };
	/** The route is known, the neighbour's address is not, and here nobody can ask for it. */
	'cilium.fib-unknown': { ip: string; dev: string };
	/** A pod reached itself through a service: it must answer to another address than its own. */
	'cilium.hairpin': { address: string };
	/** The destination is an address of the node itself: the packet goes on into the stack. */
	'cilium.host': { ip: string };
	/** Legacy host routing: the packet goes on into the host's stack. */
	'cilium.netdev-stack': { ip: string };
	/** The destination is nothing of this node: the stack is to decide. */
	'cilium.netdev-unknown': { ip: string };
	/** The service has no backend that may be chosen: dropped. */
	'cilium.no-backend': { frontend: string };
	/** The service has no backend that may be chosen: the sender is told. */
	'cilium.no-backend-reject': { frontend: string };
	/** No service has this address and port. */
	'cilium.no-service': { frontend: string };
	/** The address is a service's, the port is not: dropped, lest it comes back again and again. */
	'cilium.no-such-port': { frontend: string };
	/** The number of the tunnel says who sent the packet. */
	'cilium.overlay-identity': { vni: number; node: string };
	/** An entry lets the connection in. */
	'cilium.policy-allow-ingress': PolicyFacts & { match: string };
	'cilium.policy-allow-egress': PolicyFacts & { match: string };
	/** No entry allows it, or one denies it, and in policy audit mode it goes on. */
	'cilium.policy-audit-ingress': PolicyFacts & { match: string };
	'cilium.policy-audit-egress': PolicyFacts & { match: string };
	/** An entry denies it: dropped. */
	'cilium.policy-deny-ingress': PolicyFacts & { match: string };
	'cilium.policy-deny-egress': PolicyFacts & { match: string };
	/** No entry allows it: dropped. */
	'cilium.policy-none-ingress': PolicyFacts;
	'cilium.policy-none-egress': PolicyFacts;
	/** An answer of a service's backend gets the service's address back. */
	'cilium.reverse': { frontend: string };
	/** The destination is a service: the packet goes to one of its backends. */
	'cilium.service': { frontend: string; backend: string };
	/** The packet gets another source; `to` is new. */
	'cilium.snat': { to: string };
	/** An ICMP error about a translated packet gets the outside's view. */
	'cilium.snat-error': { address: string };
	/** No free port was found for the translation. */
	'cilium.snat-full': { address: string; tries: number };
	/** The packet gets the source its flow has had before. */
	'cilium.snat-known': { to: string };
	/** The source port is in use by another flow. */
	'cilium.snat-port-taken': { port: number; tries: number };
	/** The node's own flow is remembered, so that nobody else takes its tuple. */
	'cilium.snat-same': { to: string };
	/** The port belongs to a NodePort service. */
	'cilium.sock-bind': { port: number };
	/** The socket goes to a backend: no packet will carry the service's address. */
	'cilium.sock-connect': { frontend: string; backend: string };
	/** connect() fails: the service has no backend. */
	'cilium.sock-no-backend': { frontend: string; errno: string };
	/** The destination is no service (with backends): connect() goes on as asked. */
	'cilium.sock-none': { frontend: string };
	/** The socket is closed, and its translation forgotten. */
	'cilium.sock-release': Nothing;
	/** The program is told the address it asked for. */
	'cilium.sock-reverse': { frontend: string; backend: string };
	/** What the socket was translated from is no such service any more: the program is told the backend. */
	'cilium.sock-stale': { frontend: string; backend: string };
	/** The client is not among those who may use the service. */
	'cilium.source-range': { client: string; frontend: string };
	/** The destination is no endpoint of this node: the packet goes on into the stack, with its identity as mark. */
	'cilium.stack': { ip: string; identity: number };
	/** The rest is another program's, called without return. */
	'cilium.tail-call': { program: string };
	/** The pod CIDR leads here, and nobody has the address. */
	'cilium.unroutable': { ip: string };
	/** An answer to a translated request goes to whoever sent it. */
	'cilium.unsnat': { to: string };
	/** No translation has this answer. */
	'cilium.unsnat-none': Nothing;
	/** An answer to the node's own flow: nothing changes. */
	'cilium.unsnat-same': { to: string };
	/** XDP has looked for services already: tc does not again. */
	'cilium.xdp-done': Nothing;
	/** XDP writes the tunnel's headers itself. */
	'cilium.xdp-encap': { node: string; source: string };
	/** All backends are pods of this node (policy Local): tc is to choose. */
	'cilium.xdp-local': { frontend: string };
	/** XDP hands the packet to the kernel, with a note for the program at tc. */
	'cilium.xdp-pass': Nothing;
	/** XDP cannot send into the tunnel device: the program at tc is to. */
	'cilium.xdp-tunnel': { node: string };
	/** A packet of another flow took one of the tuples of this new connection first. */
	'ct.clash': Nothing;
	/** The connection is in the table now: its first packet got through. */
	'ct.created': Nothing;
	/** The packet belongs to a connection that is known and answered. */
	'ct.established': { direction: 'original' | 'reply' };
	/** The table is full and nothing in it may be dropped. */
	'ct.full': { max: number };
	/** The packet belongs to no connection and may not begin one. */
	'ct.invalid': Nothing;
	/** No connection has this tuple, or nothing came back on it yet. */
	'ct.new': Nothing;
	/** An ICMP error that quotes a packet of a known connection, or an answer the kernel made to one. */
	'ct.related': { direction: 'original' | 'reply' };
	/** The connection was translated when it began; its packets are rewritten from the entry, no rule is asked. */
	'ct.translated': { direction: 'original' | 'reply' };
	/** The device is down. */
	'dev.down': { dev: string };
	/** The frame's destination is another machine's address: dropped. */
	'dev.otherhost': { dev: string };
	/** The device received the frame. */
	'dev.received': { dev: string };
	/** The device sent the frame. */
	'dev.sent': { dev: string };
	/** The frame is larger than its receiver's MTU: dropped, and nobody is told. */
	'dev.too-long': { dev: string; length: number; mtu: number };
	/** Larger than the MTU, and DF forbids to cut it. */
	'forward.frag-needed': { mtu: number; length: number };
	/** The packet passes through: its TTL was lowered to `ttl`. */
	'forward.ttl': { ttl: number; dev: string; next: string };
	/** The TTL is used up. */
	'forward.ttl-exceeded': { ttl: number };
	/** An echo request is answered by the kernel. */
	'icmp.echoed': { from: string; to: string };
	/** An ICMP error taught the path MTU to a destination. */
	'icmp.pmtu': { ip: string; mtu: number };
	/** The kernel answers with an ICMP error, which is packet `packet`. */
	'icmp.sent': { type: number; icmpCode: number; to: string; from: string; packet: number };
	/** A fragment waits for the others. */
	'ip.fragment-waits': { pieces: number };
	/** Cut into fragments for the MTU of the way out. */
	'ip.fragmented': { mtu: number; pieces: number };
	/** All fragments are there: the packet is whole again. */
	'ip.reassembled': { pieces: number };
	/** kindnetd was asked about a new connection, and no rule of the policies for the pod allows it: dropped. */
	'kindnet.policy-egress': { pod: string; ip: string; port: number };
	'kindnet.policy-ingress': { pod: string; ip: string; port: number };
	/** Nobody answered for the next hop: the packets that waited are given up. */
	'neigh.failed': { ip: string; dev: string; tries: number };
	/** The neighbour table has the next hop's link-layer address. */
	'neigh.known': { ip: string; mac: string; state: string };
	/** The next hop's link-layer address is not known yet: the packet waits for ARP. */
	'neigh.waits': { ip: string; dev: string };
	/** The rule matched and accepts. */
	'nf.accept': Nothing;
	/** The packet's mark was saved as the connection's. */
	'nf.connmark': { mark: string };
	/** The rule matched and has no target: it only counts. */
	'nf.count': Nothing;
	/** The rule matched and sends the packet to another address; `to` is `address:port`. */
	'nf.dnat': { to: string };
	/** The rule matched and drops. */
	'nf.drop': Nothing;
	/** No rule of the chain was left: back to the chain that jumped here. */
	'nf.end': { chain: string };
	/** The rule matched and jumps into another chain. */
	'nf.jump': { chain: string };
	/** The rule jumps in circles, or to a chain that is not there. */
	'nf.loop': { chain: string };
	/** The rule matched and set the packet's mark, which is now `mark`. */
	'nf.mark': { mark: string };
	/** The rule matched and hides the sender behind an address of the device it leaves by. */
	'nf.masquerade': { to: string; dev: string };
	/** The rule needs an address and the namespace has none to give. */
	'nf.no-address': { dev: string };
	/** The rule matched and takes the packet out of connection tracking. */
	'nf.notrack': Nothing;
	/** No rule of the built-in chain decided: its policy does. */
	'nf.policy': { chain: string; policy: 'ACCEPT' | 'DROP' };
	/** The rule matched and refuses, with this answer. */
	'nf.reject': { with: string };
	/** The rule matched and goes back to the chain that jumped here. */
	'nf.return': { chain: string };
	/** The rule matched and gives the packet another source; `to` is `address:port`. */
	'nf.snat': { to: string };
	/** The rule matched and hands the packet to a local proxy on this port. */
	'nf.tproxy': { port: number };
	/** A cgroup program refused the system call (EPERM). */
	'program.denied': { program: string; peer: string };
	/** A BPF program dropped the packet. */
	'program.dropped': { program: string; reason: number };
	/** A BPF program redirected to a device that is not there. */
	'program.no-device': { program: string; ifindex: number };
	/** A BPF program sent the packet to a device, past what comes after on the usual way. */
	'program.redirected': { program: string; dev: string };
	/** A BPF program put the packet straight at the other end of a veth pair. */
	'program.redirected-peer': { program: string; dev: string };
	/** A broadcast address of one of the networks here. */
	'route.broadcast': { ip: string };
	/** The destination is on the link of this device. */
	'route.connected': { dev: string };
	/** The destination is an address of this namespace. */
	'route.local': { ip: string };
	/** No packet to such an address may come in by this device. */
	'route.martian-destination': { ip: string; dev: string };
	/** No packet from such an address may come in by this device: it is one of ours, or one that cannot be. */
	'route.martian-source': { ip: string; dev: string };
	/** No route to the destination. */
	'route.none': { ip: string };
	/** Not for this namespace, and it does not forward (ip_forward is 0). */
	'route.not-forwarding': { ip: string };
	/** The route that matches is one that refuses: unreachable, prohibit or blackhole. */
	'route.refused': { ip: string; type: string };
	/** The way back to the source is not by the device the packet came from (rp_filter). */
	'route.rp-filter': { ip: string; dev: string };
	/** The destination is reached by way of a gateway. */
	'route.via': { via: string; dev: string };
	/** A server got it: what it sees as its peer is `peer`. */
	'socket.accepted': { owner: string; peer: string; port: number };
	/** A client that waited got its answer. */
	'socket.answered': { peer: string };
	/** A program asks for a connection (or sends a datagram). */
	'socket.connect': { peer: string; protocol: string };
	/** The client has what it asked for. */
	'socket.connected': { peer: string };
	/** The client's system call failed. */
	'socket.failed': { peer: string; errno: string };
	/** An ICMP error reached the socket whose packet it quotes. */
	'socket.icmp-error': { errno: string; from: string };
	/** Nothing here speaks this protocol. */
	'socket.no-protocol': { protocol: number };
	/** No socket listens on the port. */
	'socket.none': { protocol: string; ip: string; port: number };
	/** An echo reply reached the ping that waits for it. */
	'socket.ping': { from: string };
	/** The client's patience is over: nothing came back. */
	'socket.timed-out': { peer: string };
	/** The segment belongs to no connection known here. */
	'socket.unexpected': { port: number };
	/** The kernel answers with RST, which is packet `packet`. */
	'tcp.reset-sent': { to: string; port: number; packet: number };
	/** The frame inside was taken out: who sent it through the tunnel, and the number it carried. */
	'tunnel.decapsulated': { dev: string; remote: string; vni: number };
	/** The frame goes on inside a datagram to another machine. */
	'tunnel.encapsulated': { dev: string; remote: string; source: string; vni: number };
	/** Nobody said where the tunnel device should send the packet. */
	'tunnel.no-key': { dev: string };
	/** There is no way to the machine at the other end of the tunnel. */
	'tunnel.no-route': { dev: string; remote: string };
	/** A datagram to the tunnel's port that holds nothing for it. */
	'tunnel.refused': { dev: string };
	/** The device takes no frames from XDP: the other end of a veth pair has no program, or it is no wire at all. */
	'xdp.refused': { dev: string };
}

export type WhyCode = keyof WhyParams;
export type Why = { [C in WhyCode]: { readonly code: C } & Readonly<WhyParams[C]> }[WhyCode];
