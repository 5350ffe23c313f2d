import type { ExerciseWords } from '../../../../src/exercises/index.ts';

export const en = {
	'container-count': {
		title: 'How many containers',
		question:
			'A configuration lists {planes} {planes|node|nodes} with the role control-plane and {workers} with the role worker. How many containers does `docker ps` show for this cluster?',
		right: 'It shows {answer}: one for each node, and one more where several control planes need a common address.',
		wrong: 'Count the nodes first. Then ask where a client finds the API server when there are several of them.',
		hint: 'kubeconfig holds one address for the API server, whatever the number of control planes.',
		misconceptions: {
			'no-balancer':
				'Every node is a container, but with several control planes one address has to stand for all of them: kind adds a load balancer, which is no node.',
			'always-balancer':
				'With one control plane nobody has to choose between API servers, so there is no load balancer.',
			'workers-only': 'The control plane is a node as well, and each node is a container.',
		},
	},
	'address-again': {
		title: 'Which address after a restart',
		question:
			'The cluster of this page; its nodes have the addresses printed above. Then somebody types {commands}. Which address does {node} have now?',
		right: '{answer}: Docker gives out the lowest free address each time a container starts.',
		wrong: 'Go through the commands one by one: which addresses become free, and who asks first?',
		hint: 'An address belongs to a running container, not to a name. Whoever starts first takes the lowest that is free.',
		misconceptions: {
			keeps: 'That was its address before. Docker keeps none for a container that is stopped.',
			'next-free': 'Addresses that became free are given out again, lowest first.',
			host: 'That one is the machine’s own end of the network.',
		},
	},
	'safe-config': {
		title: 'A configuration for Cilium alone',
		question:
			'This file makes a cluster whose API server everyone in your network can reach, and it installs kube-proxy. Change it so that Cilium can do all the work, and only your own machine reaches the API server.',
		right: 'One line keeps kube-proxy out, and the loopback address keeps everybody else out.',
		wrong: 'Something on the list is still missing.',
		hint: 'Everything that has to change is under networking.',
		goals: {
			cluster: 'the cluster is made, with its three nodes',
			'no-network': 'kind installs no network plugin of its own',
			'no-proxy': 'no kube-proxy runs',
			loopback: 'the API server is published on the loopback address only',
		},
		hints: {
			refused: 'kind refused the file. What it printed says which line or which value it did not like.',
			proxy:
				'There is a key beside disableDefaultCNI for how services are handled. Its value is a mode, and one of the modes is to have none.',
			address:
				'The address 0.0.0.0 stands for all addresses of your machine. What is the address of the machine to itself?',
		},
		misconceptions: {
			'mode-off': 'The key is right; its values are iptables, ipvs and none (newer releases: nftables).',
			'wrong-place': 'kube-proxy is a matter of the whole cluster: the key goes under networking, not under a node.',
			'a-name': 'An address is asked for here, not a name: Docker looks up none.',
			'network-on': 'Now kind’s own network plugin is back. Cilium wants to be the only one.',
			'only-proxy': 'kube-proxy is gone. The API server is still open to everyone who reaches your machine.',
			'only-address': 'The API server is safe. kube-proxy is still installed.',
		},
	},
	'port-twice': {
		title: 'Two nodes, one port',
		question:
			'Both nodes publish their port 80, and kind stops half-way. Mend the file: port 80 of your machine has to lead to the control plane’s node, and port 80 of the worker has to be published somewhere too.',
		right: 'A port of an address can have one owner. Another port would do, and so would another address.',
		wrong: 'Compare what the two nodes ask of your machine.',
		hint: 'hostPort is a port of your machine, containerPort one of the node. Only one of the two is scarce.',
		goals: {
			cluster: 'the cluster is made, with both nodes',
			plane: 'port 80 of your machine leads to port 80 of the control plane’s node',
			worker: 'port 80 of the worker is published as well',
		},
		hints: { taken: 'Docker says which port it could not bind. Who has it?' },
		misconceptions: {
			'container-port': 'The cluster is there, but nothing leads to port 80 of the worker any more.',
			'moved-plane': 'Port 80 of your machine has to stay with the control plane’s node.',
			'still-twice': 'Both still ask for the same port of the same address.',
		},
	},
	'create-order': {
		title: 'The steps of kind create cluster',
		question:
			'A configuration with {planes} control plane {planes|node|nodes} and 2 workers, {cni}. Put the steps in the order in which kind takes them.',
		right:
			'First the containers, then Kubernetes in the first of them, then what all nodes need, then the others join.',
		wrong: 'The first {at} are in place. What must be there before the next step can do its work?',
		hint: 'A step that talks to the API server cannot come before one that starts it; a worker joins something that is running.',
		misconceptions: {
			'workers-first': 'A worker joins a control plane. That has to run before.',
			'image-late': 'Containers are started from the image, so it has to be there first.',
			'config-first': 'The configuration of kubeadm is written into the nodes’ containers, so they come first.',
		},
	},
	'without-network': {
		title: 'What runs without a network',
		question:
			'No node is ready, since there is no network plugin. Then somebody types {commands} and waits a minute. Which of these pods run?',
		right: 'Pods that use the node’s own network run; all the others have to wait for one.',
		wrong: 'Ask of each pod whether it has a network of its own, or uses the node’s.',
		hint: 'How could a control plane start on a node that is not ready?',
		options: { running: 'runs', waiting: 'waits' },
		misconceptions: {
			'nothing-runs':
				'Not ready does not mean dead. The API server answered you, and it is a pod too: it uses the node’s network.',
			'all-run': 'Who would give them an address? Pods with a network of their own wait for a plugin that makes it.',
			placed:
				'The pod names its node, so nobody has to place it there. To start, it needs a network of its own all the same.',
			'node-network': 'hostNetwork: this pod uses the network of the node, which has been there all along.',
			dns: 'CoreDNS is no part of the control plane: it is a Deployment like yours, and its pods get an address of their own.',
			'proxy-waits': 'kube-proxy writes the node’s own rules, so it uses the node’s own network, and runs.',
		},
	},
	'misspelt-values': {
		title: 'Values that change nothing',
		question:
			'Somebody installed Cilium with {sets} besides the file, because the agents should log in detail and report every packet. Nothing of the kind happens, and Helm did not complain. Make it so.',
		right: 'Helm takes any name. What counts is what is in the ConfigMap, and what the agents read when they started.',
		wrong: 'The list says what is still missing.',
		hint: 'Look at cilium-config: which keys are meant, and what are they set to?',
		goals: {
			debug: 'in cilium-config, `debug` is `true`',
			aggregation: 'in cilium-config, `monitor-aggregation` is `none`',
			agents: 'all four agents run with both',
		},
		hints: {
			restart: 'The ConfigMap is right. When does an agent read it?',
			'other-one':
				'One of the two is right. In the chart a switch ends in `.enabled`, and what concerns eBPF programs begins with `bpf.`.',
			names:
				'The chart’s own list, `helm show values`, is not in this lab. In it a switch ends in `.enabled`, and what concerns eBPF programs begins with `bpf.`. The keys in cilium-config can be changed without Helm, too.',
		},
		misconceptions: {
			'no-restart':
				'The ConfigMap is right, and the agents still run with what they read when they started. Helm does not restart them.',
			'one-left': 'One of the two has arrived. The other name is still not one that the chart knows.',
			'still-misspelt':
				'There is a new revision, and the ConfigMap is what it was: the chart knows no value of that name.',
		},
	},
	'cli-guess': {
		title: 'What cilium install decides',
		question:
			'A kind cluster with `disableDefaultCNI: true` and {mode}. You type `cilium install` and nothing else. What does Cilium do then?',
		right: 'The CLI looks at the cluster, and leaves to the default what the cluster does not decide.',
		wrong: 'Two things are decided here: how pods of two nodes reach each other, and who handles services.',
		hint: 'Which of the two can be seen by looking at the cluster?',
		options: {
			'native-proxy': 'Pods of two nodes reach each other without a tunnel; services are kube-proxy’s',
			'native-replaced': 'Pods of two nodes reach each other without a tunnel; services are Cilium’s',
			'vxlan-proxy': 'Pods of two nodes reach each other through VXLAN; services are kube-proxy’s',
			'vxlan-replaced': 'Pods of two nodes reach each other through VXLAN; services are Cilium’s',
		},
		misconceptions: {
			native:
				'Without a tunnel the network between the nodes has to know the pods. The CLI does not promise that: it takes the tunnel.',
			'nobody-looked': 'There is no kube-proxy in this cluster, and the CLI looks for it.',
			'always-replaces': 'kube-proxy is there, and the CLI leaves it its work.',
		},
	},
	'demo-pods': {
		title: 'One on every node',
		question:
			'The cluster has four nodes, Cilium runs on all of them. You type {commands}. How many pods of cni-demo run in the end?',
		right: 'It is {answer}. A DaemonSet runs a pod on every node whose taints the pod tolerates.',
		wrong: 'Count the nodes, and then ask which of them would take such a pod.',
		hint: 'Look at the taints of the nodes, and at what the manifest tolerates.',
		misconceptions: {
			'taint-forgotten': 'The control plane’s node has a taint, and nothing in the manifest tolerates it.',
			'taint-gone': 'The taint that kept pods away from the control plane’s node was taken away before.',
			one: 'A DaemonSet does not count replicas: it runs a pod on every node that takes it.',
		},
	},
	'mode-line': {
		title: 'The line that makes the mode',
		question:
			'A cluster in mode {~from} is upgraded with {file}. These are lines of its cilium-config afterwards. Which of them makes it mode {~to}?',
		right: 'All the others were there before.',
		wrong: 'This line is there in both modes.',
		hint: 'Lay the two files of values side by side.',
		misconceptions: {
			'native-routing':
				'That says how packets get from node to node: without a tunnel, by routes. It is the same in all three modes.',
			'masquerade-at-all':
				'That says that pods are masqueraded at all, as in all three modes. By whom is another line.',
			'already-there': 'Mode 2 had that line already.',
		},
	},
	'nobody-answers': {
		title: 'Agents that never become ready',
		question:
			'A cluster without kube-proxy. Somebody installed Cilium in mode 2 and told the agents to reach the API server at its ClusterIP. Make all four agents ready, without kube-proxy.',
		right:
			'Nobody translates a ClusterIP before the agents run, so they have to be told an address that needs no translation.',
		wrong: 'The agents still do not become ready.',
		hint: '`cilium status` says how many are missing, and an agent’s log says what it waits for.',
		goals: {
			agents: 'four agents have finished their start',
			nodes: 'four nodes are ready',
			'no-proxy': 'there is no kube-proxy',
		},
		hints: {
			proxy: 'kube-proxy would help, but it is to stay away.',
			log: 'Look into the log of an agent: which address does it try? Which address does kubectl’s own configuration inside the nodes use?',
		},
		misconceptions: {
			'gave-up': 'There have to be four nodes, and none of them with kube-proxy.',
			'ready-nodes':
				'The nodes are ready: the container runtime has found a CNI configuration. That does not mean that the agents work.',
		},
	},
	'two-families': {
		title: 'Two things called routing',
		question:
			'Cilium 1.12.1 runs with {values}. Each of these values is set on top of that, one at a time. What does it change?',
		right: 'How packets get from node to node is one question, how they get through a node is another.',
		wrong:
			'The first {at} are right. Ask of the next: does it touch the way between the nodes, the way through one, or neither?',
		hint: 'BPF host routing asks for several things at once. Which of them is the last one that is missing here, or the first that goes away?',
		options: {
			between: 'how packets get from node to node',
			host: 'whether they pass the node’s network stack',
			neither: 'neither of the two',
		},
		misconceptions: {
			'one-thing':
				'Routes to the other nodes’ pods are native routing. How a packet gets through a node is another matter.',
			'masquerade-only':
				'Masquerading in BPF is one of the conditions of BPF host routing, and in this cluster it decides about it.',
			'tunnel-in-host': 'A tunnel is a way between nodes. BPF host routing works with and without it.',
			'legacy-between': 'The value says host: it is about the way through a node.',
		},
	},
	'value-column': {
		title: 'The column of the values',
		question:
			'You add a key {key} of {length} characters to cilium-config. Then `cilium config view` prints its list anew. How many characters come before the value on each line?',
		right: '{answer}: four blanks after the longest key, whichever that is.',
		wrong: 'Find the longest key there is afterwards.',
		hint: 'Count in the list above: the longest key, and the blanks after it.',
		misconceptions: {
			fixed: 'That is where they are now. The column follows the longest key.',
			'no-padding': 'A few blanks stand between the longest key and its value.',
			'always-moves': 'The column follows the longest key, and the list holds a longer one than yours.',
		},
	},
	'date-cli': {
		title: 'How old is that CLI',
		question:
			'Bug reports quote single lines of `cilium status`, with their blanks as printed. All the clusters are healthy and alike; the CLIs are {old}, {middle} and {new}. Which is the oldest of the three that prints a line whose label and column are these?',
		right:
			'A label says which lines a release knows. The column says which label is the longest, and that one need not be quoted.',
		wrong:
			'The first {at} are right. Count the blanks of the next one: its value stands four blanks after the longest label of its block.',
		hint: 'There are two blocks with a column each: the summary beside the picture, and the details below. Which labels came with which release, and which of them is the longest of its block?',
		options: { old: '{old}', middle: '{middle}', new: '{new}' },
		misconceptions: {
			renamed: 'That line was renamed since: it has always spoken of the relay, and now it says so.',
			'label-only':
				'The label is the same in all three, its column is not: here a longer label than ClusterMesh stands in the block.',
			chart: 'Only a CLI that installs by way of Helm looks for a release of Helm’s.',
			'too-narrow': 'In newer releases the block holds a longer label, and all its values have moved to the right.',
			'other-block':
				'Look at the details as a block of its own: their column changed when a label longer than Image versions came in.',
		},
	},
	'from-nothing': {
		title: 'From nothing to four nodes',
		question:
			'There is no cluster. Make one with four nodes, all of them ready, with Cilium in one of the three modes. Which one is up to you; a newer Cilium is welcome.',
		right: 'Four nodes, four agents, and one party that handles services.',
		wrong: 'The list says what is still missing.',
		hint: 'Two commands are enough. The files of this lesson are in your home directory.',
		goals: {
			nodes: 'the cluster has four nodes',
			agents: 'Cilium’s agent has finished its start on all four',
			ready: 'all four nodes are ready',
			mode: 'either kube-proxy handles the services or Cilium does, not both and not neither',
		},
		hints: {
			nothing: 'kind makes a cluster from a configuration. Look at the files you have.',
			count: 'Look at the roles that the configuration lists: it takes four.',
			'no-cilium': 'The nodes are there and wait for a network plugin.',
			agents: 'Cilium is installed, and not every agent becomes ready. What does `cilium status` say?',
			both: 'Who handles services here? Compare the DaemonSets with kube-proxy-replacement in cilium-config.',
		},
		misconceptions: {
			kindnet:
				'kind has installed its own network plugin. Cilium wants to be the only one: say so in the configuration.',
			'not-ready': 'The nodes are there, and without a network plugin they stay NotReady.',
			'no-api':
				'There is no kube-proxy, and the agents have not been told where the API server is, or were told a name or an address that is not in this cluster.',
			both: 'kube-proxy runs and Cilium replaces it, at the same time. It works, but who does the work is anybody’s guess.',
		},
	},
} satisfies Record<string, ExerciseWords>;
