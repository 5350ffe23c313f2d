import type { ExerciseWords } from '../../../src/exercises/index.ts';

export const en = {
	'address-snat': {
		title: 'What the pod sees in SNAT mode',
		question:
			'No kube-proxy, Cilium in mode snat, policy Cluster. The pod runs on {pod} ({podAddress}), you knock at {entry} ({entryAddress}). Which source address does the pod see?',
		right: 'It is {answer}. What decides is whether the pod runs at the door you knocked at.',
		wrong: 'That address is no source anywhere on the packet’s way. Read the labels from the door to the pod.',
		hint: 'Compare the four lines of the loop with the node the pod was on: which line was the odd one out?',
		misconceptions: {
			'always-kept':
				'eBPF does not keep the address by itself. The pod runs elsewhere, so the answer has to come back through this door, and the marked step makes sure that it does.',
			'never-kept':
				'The pod is at this very door: the answer passes here anyway, so nothing has to be done to the source.',
			'pods-node': 'The pod’s node leaves the source alone. If it is rewritten at all, then at the door.',
		},
	},
	'map-entry': {
		title: 'The row that was used',
		question:
			'Cilium {cilium}, two pods. These are the rows of `cilium bpf lb list` on {entry} for this service, with the service address repeated in each. You knocked at {entry}: which row told the program where to send your packet?',
		right: 'The frontend is the address and port you asked for, and the slot is the one that was drawn.',
		wrong: 'Two things must fit: the address and port the packet came for, and the pod it went to.',
		hint: 'A row with slot 0 says how a service is handled. A row with a higher slot says where one backend is.',
		misconceptions: {
			surrogate:
				'The row of 0.0.0.0 is for programs on sockets of this node. A packet that arrives by the wire is looked up by the address it carries.',
			'cluster-ip': 'That row belongs to the ClusterIP. Your packet was for the node’s own address.',
			master: 'This row was read, and first of all. It says that there is a service here, and not yet which pod.',
			'other-slot': 'The right frontend, but another slot was drawn: follow the packet to its pod.',
		},
	},
	'order-programs': {
		title: 'The order of the programs',
		question:
			'Cilium {cilium}, mode {mode}. You knock at {entry}, the pod runs on another node. Put the programs in the order in which they run on the first packet at {entry}.',
		right: 'Every tail call does one thing and hands the packet on, and the last one sends it out.',
		wrong: 'The first {at} are in place. What must be known before the next one can do its work?',
		hint: 'Names tell: where the packet comes from, what kind of packet it is, what is done to it.',
		misconceptions: {
			'egress-first': 'A program that looks at packets on their way out cannot come before one that sees them come in.',
			'translated-first': 'The address is only rewritten after the service was found.',
		},
	},
	'home-door': {
		title: 'Two machineries at one door',
		question:
			'The pod runs on {pod}, you knock at {entry}, policy Cluster. Once kube-proxy is in charge, once eBPF in mode snat. Which of them shows the pod your own address?',
		right: 'kube-proxy marks before it has chosen a pod, the program decides after.',
		wrong: 'Ask of each of them: at the moment it decides about the source, does it know where the pod is?',
		hint: 'The comparison above answers it: set the door and the pod as in the question.',
		options: {
			both: 'Both',
			'only-ebpf': 'Only eBPF',
			'only-proxy': 'Only kube-proxy',
			neither: 'Neither',
		},
		misconceptions: {
			both: 'kube-proxy with the policy Cluster never shows it, wherever the pod is.',
			'only-proxy': 'The other way round, if at all: it is kube-proxy that always replaces the address.',
			'ebpf-always': 'In mode snat the program replaces the address as well when the pod runs on another node.',
			'mode-forbids':
				'The mode is called snat, but the program only does it where it has to, and here the pod is at the door.',
		},
	},
	'reply-way': {
		title: 'The way of the answer',
		question: 'Mode {mode}. You knock at {entry}, the pod runs on {pod}. Which nodes does the answer pass?',
		right: 'It goes where the translation can be undone, and nowhere else.',
		wrong: 'Who knows which address the client asked? The answer has to pass there.',
		hint: 'Look for the station at which the source of the answer becomes the address of the door.',
		options: {
			'pods-node': 'Only the pod’s node ({pod})',
			'entry-node': 'Only the node you knocked at ({entry})',
			both: 'Both',
		},
		misconceptions: {
			'must-return':
				'In this mode the pod’s node was told the address of the door, so it can write it into the answer itself.',
			'never-direct': 'The pod lives on {pod}: whatever it sends passes there first.',
			'direct-anyway':
				'The pod saw the door’s address as its visitor, so it answers to that node, and only that node can put both addresses back.',
		},
	},
	'option-bytes': {
		title: 'What travels along',
		question:
			'Mode {mode}, {protocol}. You knock at {entry}, the pod runs on another node. By how many bytes is the first packet longer when {entry} sends it on?',
		right: '{answer} bytes: that much longer it goes out than it came in.',
		wrong: 'Compare the length of the packet as it comes in with its length as it goes out.',
		hint: 'First ask whether this mode tells the pod’s node anything, for this protocol. If so: type, length, port, address.',
		misconceptions: {
			'address-only':
				'Four bytes are the address. The port is needed too, and an IP option begins with its type and length.',
			'address-and-port': 'Address and port are six bytes. An IP option begins with two more: its type and its length.',
			nothing: 'The pod’s node cannot guess at which door you knocked. It is told in the packet.',
			always: 'Nothing is sent along here: the source is replaced, and the answer comes back by itself.',
		},
	},
	'udp-hybrid': {
		title: 'Hybrid, by protocol',
		question:
			'Mode hybrid, {protocol}. The pod runs on {pod}, you knock at {entry} ({entryAddress}). Which source address does the pod see?',
		right: 'It is {answer}: hybrid treats TCP and UDP differently.',
		wrong: 'That address is no source on this packet’s way.',
		hint: 'For which of the two protocols would every single packet grow?',
		misconceptions: {
			kept: 'For TCP it would be. With UDP every packet would have to carry the option, so hybrid falls back on SNAT.',
			lost: 'For UDP it would be. With TCP one packet carries the option, and the address stays.',
			'pods-node': 'The pod’s node never puts its own address on a request.',
		},
	},
	'local-by-version': {
		title: 'Local, at the wrong door',
		question:
			'Cilium {cilium} without kube-proxy, externalTrafficPolicy Local. The pod runs on {pod}, you knock at {entry}. What does curl come back with?',
		right: 'Other versions answer otherwise: there is no promise in the policy about the wrong door.',
		wrong: 'The door has no backend of its own. What then happens is up to the version.',
		hint: 'In 1.12 a service without a backend counts as no service, so the packet goes on to the node’s own kernel. 1.13 and 1.14 drop it in the program, and from 1.15 on the program answers.',
		options: {
			connected: 'It is answered',
			refused: 'Connection refused',
			timeout: 'It waits, then times out',
			unreachable: 'No route to host',
		},
		misconceptions: {
			silent: 'Silence is what kube-proxy does here, and Cilium 1.13 and 1.14. In this version somebody answers.',
			polite: 'In this version the program drops the packet at the marked step, and nobody is told.',
			forwarded: 'With Local no door leads to another node, whoever does the work.',
		},
	},
	'each-door': {
		title: 'Door by door',
		question:
			'Cilium 1.12.1, {who}, policy {policy}, {protocol}. The pod runs on {pod}. You knock at every door: what does each answer show?',
		right: 'Three questions settle it: is a pod at this door, may the door send it on, and who puts the answer right?',
		wrong:
			'The first {at} are right. For the next door, ask whether the pod is there; if not, whether this door may send the packet on, and in whose name.',
		hint: 'Find the door with the pod first. The other three all fare alike.',
		options: {
			client: 'your address',
			door: 'the door’s own address',
			refused: 'connection refused',
			timeout: 'no answer',
		},
		misconceptions: {
			'home-forgotten': 'At the pod’s own door nobody has to lend a name here, so your address stays.',
			'all-client':
				'The address survives at the pod’s own door. The other doors have to do something else with the packet.',
			forwarded: 'With Local no door sends a packet on to another node, in nobody’s name.',
			silence: 'Silence is kube-proxy’s way. Cilium 1.12 hands the packet to the node’s kernel, and that refuses.',
			refusal: 'kube-proxy does not refuse what it may not forward, it drops it without a word.',
		},
	},
	'agents-after': {
		title: 'Agents without an address',
		question:
			'A new cluster without kube-proxy. Cilium 1.12.1 is installed with `kubeProxyReplacement=strict` and {k8sServiceHost}. You apply the manifest, wait, and knock at {entry}. What does curl come back with?',
		right: 'The agents are the ones who open the doors, and they need the API server before anything else.',
		wrong:
			'Ask what the agents can do before anybody translates ClusterIPs, and what a node does with a port nobody opened.',
		hint: 'Without an address of their own, agents try the ClusterIP of the API server. Who translates it in a cluster that is this new?',
		options: {
			connected: 'It is answered',
			refused: 'Connection refused',
			timeout: 'It waits, then times out',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'kernel-has-it':
				'In a cluster that had run before, perhaps. In this one nothing was ever written into the kernel: the agents never got past the API server’s address.',
			silence:
				'Nothing drops the packet. No program knows the port, so the node’s own kernel answers: nobody listens here.',
			'needs-proxy':
				'With the real address the agents need nobody to translate for them, and open the doors themselves.',
		},
	},
	'lookups-grow': {
		title: 'When the cluster grows',
		question:
			'{who} does the work. The pod is on the node, and a client opens a connection to its NodePort. Add up what the first packet costs there: the rules it tries, and the lookups that programs make for it in maps. The cluster grows from {from} to {to} services. By how much does the sum grow?',
		right:
			'It grows by {answer}. A list is walked rule by rule; in a map a key leads straight to its entry, however many others there are.',
		wrong: 'Ask what the packet goes through one by one, and what is asked for by its key.',
		hint: 'Where are the services kept here, in a list or under keys? And if in a list, where in it is a NodePort found?',
		misconceptions: {
			none: 'That holds for later packets, which conntrack knows. The first one has to find its service in the list.',
			half: 'Half the list is what a ClusterIP costs on average. A NodePort has no place of its own in it: the rule that looks for it is the last.',
			tree: 'A search tree would take a few more steps. The map of services is a hash table and takes none.',
			rows: 'The map does have that many more rows, one or two for each service. But the program asks for one key at a time and never walks through the rows.',
		},
	},
	'all-four-doors': {
		title: 'Four doors, your address',
		question:
			'Make all four doors answer with {client}, with one pod and the policy Cluster. Use the switches; anything that does it counts.',
		right: 'No door lends its name any more, since the pod’s node answers for it.',
		wrong: 'At least one door shows an address that is not yours. The list says which.',
		hint: 'At which doors is the address already right, and what would the pod’s node have to know at the others?',
		misconceptions: {
			proxy: 'kube-proxy marks at every door, the pod’s own included.',
			'snat-at-home': 'Moving the pod moves the one door that is right. The others still have to lend their name.',
		},
	},
} satisfies Record<string, ExerciseWords>;
