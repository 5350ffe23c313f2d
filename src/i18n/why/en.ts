import { byChain, chainKind, type KernelWords } from './types.ts';

/** Jumps, by the chain they lead to. */
const JUMP: Readonly<Record<string, string>> = {
	'KUBE-SERVICES':
		'Only {chain} knows which addresses are services, so every packet is shown to it before a route is chosen.',
	'KUBE-NODEPORTS':
		'No rule for a service’s own address matched, and the packet is for this machine itself. So the port is looked up instead of the address, in {chain}.',
	'KUBE-EXT':
		'The port belongs to this service. What its traffic policy wants done with packets from outside is in {chain}.',
	'KUBE-XLB':
		'The service has the traffic policy `Local`: {chain} decides by where the packet comes from and by what runs here.',
	'KUBE-FW': 'The load balancer’s address admits only some sources: {chain} compares the client’s.',
	'KUBE-SVC': 'Any endpoint of the service may answer now: {chain} picks one, by chance.',
	'KUBE-SVL':
		'Policy `Local`: {chain} holds the endpoints on this node and no others, so the packet will not travel on.',
	'KUBE-SEP': 'This endpoint was picked. {chain} belongs to it alone and knows its address.',
	'KUBE-POSTROUTING':
		'What is about to leave passes {chain}: the route is known by now, and with it the address that a marked packet must wear.',
	'KUBE-FORWARD':
		'A packet for another machine passes {chain}, so that a strict FORWARD policy does not stop service traffic.',
	'KUBE-FIREWALL':
		'{chain} belongs to the kubelet: it drops what was marked for it, and what only pretends to come from this machine.',
	'KUBE-EXTERNAL-SERVICES':
		'A new connection is compared with the services that cannot answer from here: those rules are in {chain}.',
	'KUBE-PROXY-FIREWALL': '{chain} drops what a load balancer’s list of allowed sources left out.',
	'KUBE-MARK-DROP':
		'No endpoint of this service may answer from here. The nat table cannot drop, so {chain} marks the packet for the filter table.',
	CILIUM: '{chain} is Cilium’s own, and stands before kube-proxy’s rules.',
};

/** Jumps to KUBE-MARK-MASQ, by the chain they come from. */
const MARK_FROM: Readonly<Record<string, string>> = {
	'KUBE-EXT':
		'Policy `Cluster`: whatever comes in by the service’s outer door is marked, always. The endpoint is not picked yet and may be on another node; its answer must then come back through this one.',
	'KUBE-NODEPORTS':
		'Policy `Cluster`: whatever comes in by this port is marked, always. The endpoint may be on another node; its answer must then come back through this one.',
	'KUBE-SEP':
		'The sender is the endpoint itself, calling its own service. It is marked, because a pod drops a packet that comes from its own address.',
	'KUBE-SVC':
		'The sender is not a pod of this cluster. It is marked, so that the answer comes back through the node that translates.',
	'KUBE-SVL': 'The sender is not a pod of this cluster. It is marked, so that the answer comes back through this node.',
};

export const why: KernelWords = {
	'arp.answered': '{ip} is an address of this machine, so it answers with its MAC address, {mac}.',
	'arp.asked':
		'Nobody has said yet which MAC address {ip} has: the question goes out by {dev}, to everyone on the link.',
	'arp.ignored': 'The question is about {ip}, which is not here, and it teaches nothing new.',
	'arp.learned': '{ip} is at {mac}: the answer is kept, and what waited for it can go out by {dev}.',
	'arp.proxied': 'The way to {ip} leads through this machine, and {dev} answers for others (`proxy_arp`).',
	'bridge.flooded':
		'The bridge has not learned where {mac} is, so it sends the frame out of {ports} {ports|port|ports}.',
	'bridge.forwarded': 'The bridge has learned that {mac} is behind {dev}, so only that port gets the frame.',
	'bridge.local': 'The frame is addressed to the bridge itself: this machine takes it in by {dev}.',
	'bridge.same-port': 'The destination is behind {dev}, where the frame came from: it has been there already.',
	'ct.clash':
		'Another packet took these addresses and ports first: two connections cannot share them, so this one is dropped.',
	'ct.created':
		'The first packet got through, so the connection is written down, both ways, as it looks now. Its later packets are translated from this entry, and no nat rule is asked again.',
	'ct.established': ({ direction }) =>
		direction === 'reply'
			? 'This is an answer: the connection is found by its second tuple.'
			: 'The connection is known: the nat table is not asked again.',
	'ct.full': 'The connection table is full ({max} entries): what cannot be remembered is not let in.',
	'ct.invalid': 'The packet belongs to no connection and cannot begin one: conntrack will not translate it.',
	'ct.new': 'No connection has these addresses and ports yet: the packet begins one, so the nat table will be asked.',
	'ct.related':
		'An error about a packet of a connection that is known: it goes the same way, and is translated with it.',
	'ct.translated': ({ direction }) =>
		direction === 'reply'
			? 'The connection was translated when it began, and its entry says how. For the answer it is undone here, without asking a rule.'
			: 'The connection was translated when it began: this packet is rewritten from its entry, as the first one was by a rule.',
	'dev.down': '{dev} is down: nothing passes.',
	'dev.otherhost': 'The frame is addressed to another machine’s MAC address; {dev} only overhears it.',
	'dev.received': 'The frame comes in by {dev}.',
	'dev.sent': 'The frame goes out by {dev}.',
	'dev.too-long': '{dev} takes {mtu} octets and the packet has {length}: dropped in silence.',
	'forward.frag-needed':
		'The packet has {length} octets, the way out takes {mtu}, and it may not be cut (DF): it is dropped, and its sender is told.',
	'forward.ttl':
		'The packet passes through, so its TTL goes down to {ttl}: a packet that runs in circles must die one day. Next is {next}, out by {dev}.',
	'forward.ttl-exceeded': 'The TTL is used up ({ttl}): the packet may go no further, and its sender is told.',
	'icmp.echoed': 'An echo request for {to}: the kernel answers {from} itself, no program is asked.',
	'icmp.pmtu': 'The error says how much fits on the way to {ip}: {mtu} octets. It is remembered.',
	'icmp.sent': 'The sender {to} is told by ICMP, type {type}, code {icmpCode}, in the name of {from}.',
	'ip.fragment-waits': 'A piece of a packet; with {pieces} here, some are still missing.',
	'ip.fragmented': 'Larger than the {mtu} octets the way out takes: it is cut into {pieces} pieces.',
	'ip.reassembled': 'All {pieces} pieces are here: the packet is whole again.',
	'neigh.failed': '{ip} gave no answer to {tries} ARP requests on {dev}: what waited for it is given up.',
	'neigh.known': 'The next hop {ip} has the MAC address {mac} ({state}), so the frame can be addressed.',
	'neigh.waits': 'The MAC address of {ip} is not known: the packet waits while ARP asks on {dev}.',
	'nf.accept': (_, at) =>
		at.entry?.includes('0x4000/0x4000')
			? 'The packet carries kube-proxy’s mark, so it may pass, whatever the FORWARD policy says.'
			: at.entry?.includes('RELATED,ESTABLISHED')
				? 'The packet belongs to a connection that is known, so it may pass.'
				: 'The rule matches: the packet may pass, and this table has nothing more to say.',
	'nf.connmark': 'The packet’s mark, {mark}, is kept with the connection.',
	'nf.count': 'The rule matches and decides nothing: it counts.',
	'nf.dnat':
		'The destination becomes {to}, the endpoint that was picked. From here on the packet is routed like any other, and conntrack remembers the address that was asked.',
	'nf.drop': (_, at) =>
		at.entry?.includes('0x8000/0x8000')
			? 'The packet carries the mark `0x8000`: the nat table found no endpoint that may answer from this node. It is dropped without an answer: the service exists, only not behind this door.'
			: at.entry?.includes('no local endpoints')
				? 'The traffic policy is `Local` and no endpoint runs on this node. The packet is dropped without an answer: the service exists, only not behind this door.'
				: at.entry?.includes('INVALID')
					? 'conntrack cannot place the packet, so it could not be translated back: passed on like this, it would break the connection.'
					: chainKind(at.chain) === 'KUBE-FIREWALL'
						? 'The packet pretends to come from or go to this machine’s loopback: nothing from outside may.'
						: 'The rule matches and drops the packet. Nobody is told.',
	'nf.end': 'No rule of {chain} is left: back to the chain that jumped here.',
	'nf.jump': ({ chain }, at) =>
		chain === 'KUBE-MARK-MASQ'
			? byChain(at.chain, MARK_FROM, 'The packet must leave in this node’s name: {chain} marks it for that.')
			: byChain(chain, JUMP, 'The rule matches: it goes on in {chain}.'),
	'nf.loop': 'The rules jump in circles, or to {chain}, which does not exist: the packet is dropped.',
	'nf.mark': ({ mark }, at) =>
		chainKind(at.chain) === 'KUBE-MARK-MASQ'
			? 'The packet is marked {mark}. The source itself cannot change yet: which address it needs depends on the device it leaves by, and the route is not chosen.'
			: chainKind(at.chain) === 'KUBE-MARK-DROP'
				? 'The packet is marked {mark}: nothing is dropped yet, the filter table reads the mark later.'
				: chainKind(at.chain) === 'KUBE-POSTROUTING'
					? 'The mark has been read and is taken off, so that nothing later acts on it again; it is now {mark}.'
					: mark === '0x0'
						? 'The rule matches and takes the mark off.'
						: 'The rule matches and sets the mark: it is now {mark}.',
	'nf.masquerade': (_, at) =>
		chainKind(at.chain) === 'KUBE-POSTROUTING'
			? 'The packet is marked, so its source becomes {to}, the address of this node that the kernel picks for what leaves by {dev}. A pod on another node would otherwise answer the client directly, from an address the client never asked, and its answer would belong to no connection.'
			: 'The source becomes {to}, the address the kernel picks for what leaves by {dev}: out there nobody knows the way back to the old one.',
	'nf.no-address': 'The rule needs an address of {dev} to put in, and there is none: the packet is dropped.',
	'nf.notrack': 'The rule matches: conntrack shall not follow this packet, and so nothing will translate it.',
	'nf.policy': ({ policy }) =>
		policy === 'ACCEPT'
			? 'No rule of {chain} decided, so its policy does: the packet may pass.'
			: 'No rule of {chain} decided, so its policy does: the packet is dropped.',
	'nf.reject': (_, at) =>
		at.entry?.includes('has no endpoints')
			? 'The service has no endpoint anywhere, so this node refuses on its behalf ({with}): the client learns it at once and need not wait.'
			: 'The rule matches and refuses: the sender is told ({with}).',
	'nf.return': ({ chain }) =>
		chainKind(chain) === 'KUBE-POSTROUTING'
			? 'The packet does not carry the mark `0x4000`: it keeps its source, and {chain} has nothing to do.'
			: 'The rule matches and leaves {chain}: the rest of it is for others.',
	'nf.snat': 'The source becomes {to}; conntrack remembers the old one for the answer.',
	'nf.tproxy': 'The packet is handed to a local proxy on port {port}, its addresses untouched.',
	'route.broadcast': '{ip} is a broadcast address of a local network: it is for everyone there, and for this machine.',
	'route.connected':
		'The longest matching prefix lies on {dev} itself: no gateway is needed, the destination is the next hop.',
	'route.local': '{ip} is an address of this machine: the packet has arrived.',
	'route.martian-destination':
		'{ip} can be nobody’s address on a wire: a packet for it that comes in by {dev} is dropped.',
	'route.martian-source': '{ip} cannot be the sender of a packet that comes in by {dev}: it is dropped.',
	'route.none': 'No route matches {ip}: there is nowhere to send it.',
	'route.not-forwarding': '{ip} is not here, and this machine forwards for nobody (`net.ipv4.ip_forward=0`).',
	'route.refused': 'The longest matching route for {ip} is of type {type}: it is there to refuse.',
	'route.rp-filter':
		'An answer to {ip} would not leave by {dev}, so a packet from there may not come in by it (`rp_filter`).',
	'route.via': 'The longest matching prefix decides: next is {via}, out by {dev}.',
	'socket.accepted':
		'{owner} listens on port {port}. To it, the peer is {peer}, the source address the packet arrives with, and it knows no other.',
	'socket.answered':
		'The answer comes from {peer}, the address that was asked, so it belongs to the socket that waits for it.',
	'socket.connect':
		'A program asks for {peer} ({protocol}). Which source address it gets is not decided yet: the route will say.',
	'socket.connected':
		'The answer comes from {peer}, exactly the address and port that were asked, so `connect()` succeeds.',
	'socket.failed': 'Nothing came from {peer}: the program gets {errno}.',
	'socket.icmp-error': '{from} sent an ICMP error that quotes this socket’s packet: the program gets {errno}.',
	'socket.no-protocol': 'Nothing on this machine speaks protocol {protocol}.',
	'socket.none': 'Nothing listens on {ip}, port {port} ({protocol}).',
	'socket.ping': '{from} answers the ping that waits here.',
	'socket.timed-out': 'Nothing came back from {peer}, not even a refusal: the program gives up.',
	'socket.unexpected': 'The segment for port {port} belongs to no connection known here: nobody has asked for it.',
	'tcp.reset-sent': 'The kernel says no with an RST to {to}, port {port}.',
};
