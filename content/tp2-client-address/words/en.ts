import type { ExerciseWords } from '../../../src/exercises/index.ts';

export const en = {
	'who-knocked': {
		title: 'A fifth visit',
		question:
			'The pod runs on {pod} ({podAddress}). You knock at {entry} ({entryAddress}), policy Cluster. Which source address does the pod see?',
		right:
			'The pod is told {answer}, the node you knocked at, because that node put its own address on the packet before it sent it on.',
		wrong:
			'That address does not appear as a source anywhere on the packet’s way. Read the labels on the line from the door to the pod.',
		hint: 'Look at the four lines above: what does each visitor have in common with the door that was knocked at?',
		misconceptions: {
			'client-kept':
				'That is the address you sent from, and it does reach the node. It does not leave it: the marked station replaces it.',
			'pods-node':
				'The pod’s node forwards the packet without touching its source. The address was replaced before, by the node you knocked at.',
			'pod-itself': 'That is where the packet goes. A destination was rewritten to it, never a source.',
		},
	},
	'order-chains': {
		title: 'The order of the chains',
		question:
			'You knock at {entry}. Put the chains of the nat table in the order in which the first packet enters them.',
		right:
			'The door is found first, then the mark is set, then an endpoint is chosen, and the last chain writes its address.',
		wrong: 'The first {at} are in place. Ask of the next one: what must be known before this chain can be chosen?',
		hint: 'Each chain narrows the question: any service? this node’s port? this service? which endpoint?',
		misconceptions: {
			'endpoint-first':
				'A KUBE-SEP chain belongs to one endpoint. It can only be entered after KUBE-SVC has picked that endpoint.',
			'nodeports-first':
				'KUBE-NODEPORTS is entered from the last rule of KUBE-SERVICES: every service address is tried before it.',
		},
	},
	'rule-that-marks': {
		title: 'The rule that costs you your address',
		question:
			'These are the rules that the first packet hits in nat PREROUTING at {entry}. Take one of them away, and visitors of this service keep their address, while nothing changes for other services. Which one?',
		right:
			'It has no condition: whatever comes in by this service’s external doors is marked, and KUBE-POSTROUTING masquerades what is marked.',
		wrong:
			'Without that rule the packet would not find its pod. Look for the rule that asks for masquerade and decides nothing else.',
		hint: 'The source is changed in POSTROUTING, but only if a mark was set before. Which line of this service decides that it is?',
		misconceptions: {
			'dnat-does-it':
				'DNAT changes where the packet goes. Without it nothing would arrive, but the source would be untouched.',
			'or-mark-itself':
				'That line sets the mark, but for every service that asks for it: without it, none of them could be masqueraded. Look for the rule of this service that jumps there.',
		},
	},
	'same-node': {
		title: 'The pod is at home',
		question:
			'The pod runs on {node} ({address}), and that is the door you knock at. Policy Cluster. Which source does the pod see?',
		right: '{answer}: the mark is set before an endpoint is chosen, so a pod on the same node makes no difference.',
		wrong: 'Follow the packet to POSTROUTING and look at what MASQUERADE writes.',
		hint: 'Was the endpoint already known when KUBE-MARK-MASQ was entered?',
		misconceptions: {
			'local-keeps':
				'It would be enough to keep your address here, and other datapaths do. kube-proxy marks every packet that comes in by the NodePort, before it knows where the pod is.',
			'other-node': 'No other node sees this packet: the door and the pod are on the same node.',
			'pod-itself': 'That is the destination after DNAT. The question is about the source.',
		},
	},
	'where-undone': {
		title: 'Where the reply is put right',
		question:
			'You knocked at {entry}, the pod runs on {pod}. Where does the reply get the address of the door back as its source?',
		right:
			'The translation is remembered where it was made, on the node you knocked at, so the reply has to pass there.',
		wrong: 'Look for the station at which the source of the reply changes.',
		hint: 'Who holds a conntrack row whose two tuples are not mirror images?',
		options: {
			pod: 'In the pod',
			'pods-node': 'On the pod’s node ({pod})',
			'entry-node': 'On the node you knocked at ({entry})',
			client: 'On your machine',
		},
		misconceptions: {
			pod: 'The pod does not know that a Service exists: it answers from its own address to the source it saw.',
			'pods-node':
				'That node forwarded the request as it was. It has nothing to undo, and forwards the reply as it is.',
			client: 'Your machine accepts the reply only because its source is already the address you asked.',
		},
	},
	'conntrack-row': {
		title: 'The row that translates',
		question:
			'These rows are from the connection tracking tables of {entry} and {pod}, after one visit through {entry}. Which one turns the pod’s answer into an answer from the door?',
		right:
			'What came in was for the node’s address and port; what is expected back comes from the pod. That difference is the translation.',
		wrong: 'Compare the two halves of the row: is the second the mirror of the first?',
		hint: 'First half: the packet as it came in. Which door did you knock at?',
		misconceptions: {
			'pods-node-row':
				'Its two halves are mirror images: this node saw the packet after the translation, and changes nothing.',
		},
	},
	'policy-elsewhere': {
		title: 'At the wrong door',
		question:
			'externalTrafficPolicy is Local. You knock at {entry}. Pods run on: {pod}. What does curl come back with?',
		right:
			'With the policy Local a node forwards to its own pods only; what happens otherwise depends on whether the service has endpoints elsewhere.',
		wrong: 'Ask first whether the service has any endpoint, then whether one of them is on this node.',
		hint: 'kube-proxy distinguishes two cases: a service without endpoints, and one without endpoints here.',
		options: {
			connected: 'It is answered',
			refused: 'Connection refused',
			timeout: 'It waits, then times out',
			unreachable: 'No route to host',
		},
		misconceptions: {
			'refused-politely':
				'A refusal would need an answer, and kube-proxy drops here without a word: the marked rule says DROP, not REJECT.',
			'forwarded-anyway': 'With Local the node may not send it on to another node. The marked rule decides before.',
			'silent-when-empty':
				'Silence is for a service that has endpoints elsewhere. This one has none at all: kube-proxy rejects, and the ICMP error makes curl say refused.',
			'local-answers': 'A pod runs on this very node, so this door is open.',
		},
	},
	'proxy-gone': {
		title: 'No kube-proxy, how many lines?',
		question:
			'Kubernetes {kubernetes}, a node on which kube-proxy never ran. How many lines does iptables-save | grep -c KUBE count?',
		right: '{answer}, all of them the kubelet’s own.',
		wrong: 'Count declarations (lines that begin with a colon) as well as rules, in every table.',
		hint: 'From Kubernetes 1.27 on, the kubelet no longer creates what it kept for others: in the nat table nothing but its canary is left, and nothing drops marked packets. Cross those lines out in the list above.',
		misconceptions: {
			zero: 'kube-proxy’s rules are absent, but the kubelet writes some of its own, whatever you do with kube-proxy.',
			'always-eighteen':
				'Eighteen is right up to Kubernetes 1.26. Since then the kubelet has stopped creating the chains it kept for kube-proxy.',
			'proxy-still-there': 'That is the count with kube-proxy. Here it never ran.',
		},
	},
	'service-cost': {
		title: 'The price of scaling',
		question:
			'Kubernetes {kubernetes}. The deployment goes from 1 to {replicas} replicas. How many rules are added to the nat table of each node?',
		right: '{answer}, on every node, also on those that run none of the pods.',
		wrong: 'Look at what one endpoint costs: its chain KUBE-SEP has rules, and KUBE-SVC needs one more to choose it.',
		hint: 'Count the lines that name one endpoint in the output of the second section.',
		misconceptions: {
			'one-each': 'One rule chooses the endpoint. Its own chain has rules too.',
			none: 'kube-proxy writes rules for each endpoint, on every node.',
			'two-each': 'That is the KUBE-SEP chain alone. KUBE-SVC has a rule for each endpoint as well.',
		},
	},
	'every-worker': {
		title: 'Three doors, your address',
		question:
			'Make all three workers’ doors answer, and make each answer show {client}. Use the switches; anything that does it counts.',
		right: 'Every door has a pod of its own, so none has to forward, and none has to lend its name.',
		wrong: 'At least one door is silent, or shows an address that is not yours. The list says which.',
		hint: 'One switch decides whether an address is kept, another whether there is somebody at each door.',
		misconceptions: {
			'cluster-with-many':
				'More pods do not help as long as the policy is Cluster: every packet is marked, whoever answers.',
			'local-with-few': 'The address is kept, but a door without a pod of its own stays silent.',
			'nobody-home': 'Without a pod nobody answers at any door.',
		},
	},
} satisfies Record<string, ExerciseWords>;
