import type { CiliumWords } from '../types.ts';

export const why: CiliumWords = {
	'cilium.backend-elsewhere':
		'{ip} lives on another node. So that its answer comes back here, where the service is known, the packet goes on in this node’s name.',
	'cilium.backend-here':
		'{ip} is a pod of this node, so its answer passes here anyway: only the destination changes, and the pod will see {client}.',
	'cilium.chosen': ({ how }) =>
		({
			connection: 'The connection has a backend already, {backend}: it stays with it.',
			affinity: 'The client went to {backend} last, and session affinity keeps it there.',
			maglev:
				'The packet’s addresses and ports give a place in the service’s Maglev table, and there stands {backend}: every node finds the same.',
			lot: 'A new connection: a backend is drawn by lot among the service’s slots, {backend}.',
		})[how],
	'cilium.cluster-ip': '{frontend} is a ClusterIP, which is not for packets that come from outside.',
	'cilium.ct-known': 'The connection is in Cilium’s own table already.',
	'cilium.ct-new': 'The connection is new: it is written into Cilium’s own table, which is not the kernel’s conntrack.',
	'cilium.ct-nodeport': 'The connection is written down as a service’s: by this entry its answers will be known.',
	'cilium.deliver':
		'{ip} is endpoint {endpoint} of this node, so Cilium’s program hands the packet to {dev} itself: from here on neither the host’s routes nor iptables see it.',
	'cilium.dsr-geneve':
		'The client’s address stays. {frontend}, which it asked for, goes along in the tunnel header, so that the backend’s node can answer in its name.',
	'cilium.dsr-learned':
		'The notice says that {client} asked for {frontend}: from now on the answers to it leave with that address.',
	'cilium.dsr-option':
		'The client’s address stays. {frontend}, which it asked for, goes along in an IP option of eight octets, so that the backend’s node can answer in its name.',
	'cilium.dsr-reply':
		'The answer takes {frontend} as its source and goes straight to the client, past the node that was asked.',
	'cilium.dsr-too-long':
		'With the notice the packet would have {length} octets, more than the link takes: the client is asked for packets of {mtu}.',
	'cilium.egress-as-is': 'Nothing asks for another source than {ip}: the packet leaves as it is.',
	'cilium.egress-done': 'The mark says that the packet has been translated already: it leaves as it is.',
	'cilium.egress-overlay': 'The mark says that this is the tunnel’s own datagram: there is nothing to translate.',
	'cilium.encap':
		'Cilium’s ipcache has {ip} behind node {node}: the packet goes into the tunnel, with the sender’s identity, {vni}, as its number.',
	'cilium.fib':
		'The program asks the host’s routes itself: the next hop is {ip}, at {mac}. The packet leaves by {dev} without passing the host’s stack.',
	'cilium.fib-neigh':
		'The next hop is {ip}, by {dev}. Its MAC address is not known yet, so the kernel asks for it and then sends the packet.',
	'cilium.fib-none': 'The host has no route by which the packet could go on to {ip}.',
	'cilium.fib-too-long':
		'The packet has {length} octets, and the way out takes {mtu}: the program cannot forward it, and nobody is told.',
	'cilium.fib-unknown':
		'The next hop is {ip}, by {dev}, but its MAC address is not known yet, and this program cannot ask for it: the packet is dropped.',
	'cilium.hairpin':
		'The pod has reached itself through its service. Its source becomes {address}, because it would drop a packet from its own address.',
	'cilium.host': '{ip} is an address of the node itself: the packet goes on into the host’s own stack.',
	'cilium.netdev-stack':
		'With legacy host routing the program goes no further: the host’s stack takes the packet for {ip}, so that conntrack sees it.',
	'cilium.netdev-unknown': '{ip} is no endpoint of this node: the packet goes on into the host’s stack.',
	'cilium.no-backend':
		'{frontend} is a service, but no backend may be chosen here: the packet is dropped, and nobody is told.',
	'cilium.no-backend-reject':
		'{frontend} is a service, but no backend may be chosen here: the sender is told so, with an ICMP error in the service’s name.',
	'cilium.no-service': '{frontend} is no service in Cilium’s map.',
	'cilium.no-such-port':
		'{frontend} has the address of a service, but none of its ports. The packet is dropped: the network would only bring it back.',
	'cilium.overlay-identity':
		'The packet came through the tunnel from {node}; its number, {vni}, is the sender’s identity.',
	'cilium.reverse':
		'This is the answer of a service’s backend: its source becomes {frontend} again, the address that was asked.',
	'cilium.service':
		'{frontend} is a service in Cilium’s map, so the packet goes to one of its backends, {backend}. No iptables rule is asked.',
	'cilium.snat': 'The source becomes {to}. Two entries in Cilium’s NAT map remember it, one for each direction.',
	'cilium.snat-error':
		'The ICMP error quotes a translated packet: its sender becomes {address}, and the quote is put as the other side knows it.',
	'cilium.snat-full': 'In {tries} tries no port of {address} was free for this flow: the packet is dropped.',
	'cilium.snat-known': 'The flow is in Cilium’s NAT map: its source becomes {to}, as before.',
	'cilium.snat-port-taken':
		'Port {port} is taken by another flow to the same place: another one was found after {tries} {tries|try|tries}.',
	'cilium.snat-same':
		'This is the node’s own connection: it keeps {to}, which is noted so that no translated flow takes the same port.',
	'cilium.sock-bind': 'Port {port} is a NodePort’s: no process of the node may listen there.',
	'cilium.sock-connect':
		'The program asks for {frontend}, a service. Its socket goes to {backend} instead, before there is any packet: the service’s address is never on the wire.',
	'cilium.sock-no-backend':
		'{frontend} is a service without a backend: the program’s call fails at once with {errno}, and no packet is sent.',
	'cilium.sock-none':
		'{frontend} is no service that Cilium could replace by a backend: the socket goes where it was asked to.',
	'cilium.sock-release': 'The socket is closed: what it was translated to is forgotten.',
	'cilium.sock-reverse': 'The socket talks to {backend}, but the program is told {frontend}, the address it asked for.',
	'cilium.sock-stale':
		'{frontend} is not the service any more that this socket was translated from: the translation is forgotten, and the program is told {backend}.',
	'cilium.source-range': '{client} is not among the sources that may use {frontend}.',
	'cilium.stack':
		'{ip} is no endpoint of this node, so the host’s stack must find the way; the sender’s identity, {identity}, goes along as a mark.',
	'cilium.tail-call': 'The rest is the work of another program, {program}: a tail call, without return.',
	'cilium.unroutable': 'The route for pods led here, but no pod has {ip}.',
	'cilium.unsnat':
		'This answers a request that this node sent on in its own name: the destination becomes {to} again, who really asked.',
	'cilium.unsnat-none': 'The packet answers nothing that this node has translated.',
	'cilium.unsnat-same': 'This answers a connection of the node itself: it stays for {to}.',
	'cilium.xdp-done':
		'XDP has looked for services already, and wrote so in front of the frame: the program does not look again.',
	'cilium.xdp-encap': 'XDP has no tunnel device: it writes the tunnel’s headers itself, from {source} to node {node}.',
	'cilium.xdp-local':
		'{frontend} only has backends on this node (policy Local), so the packet goes into the kernel anyway: the program at tc is to choose one.',
	'cilium.xdp-pass':
		'XDP has nothing to send on: the packet goes into the kernel, with a note that no service needs to be looked for again.',
	'cilium.xdp-tunnel':
		'XDP cannot send into the tunnel device: the packet goes into the kernel, with a note for the program at tc that it belongs to node {node}.',
	'program.denied':
		'The program {program} forbids a connection to {peer}: the system call fails with `EPERM`, and nothing is sent.',
	'program.dropped': 'The program {program} drops the packet (reason {reason}).',
	'program.no-device': 'The program {program} sends the packet to device number {ifindex}, which does not exist.',
	'program.redirected':
		'The program {program} sends the packet straight to {dev}: what would come next on the usual way is skipped.',
	'program.redirected-peer':
		'The program {program} puts the packet straight at the other end of {dev}: the near end never sees it.',
	'tunnel.decapsulated':
		'The datagram came from {remote} through the tunnel. {dev} takes out the frame inside, which carried the number {vni}, and receives it as if it had come by a cable.',
	'tunnel.encapsulated':
		'{dev} puts the whole frame into a datagram from {source} to {remote}, with the number {vni}. From here to there only the outer addresses count.',
	'tunnel.no-key': 'Nobody said where {dev} should send the packet, and the device knows no one by itself.',
	'tunnel.no-route': 'There is no way to {remote}, the other end of the tunnel.',
	'tunnel.refused': 'The datagram came to the port of {dev}, but holds nothing that the tunnel may let in.',
	'xdp.refused':
		'{dev} takes no frames from XDP, so this one is lost. Of a veth pair the other end would need an XDP program too; with kind it has none. (Generic mode, testing-only, needs nothing of the sort.)',
};
