/** Outputs the prose shows: typed in a lab, in the order of the page. */
import { typed } from '../../src/content/lab.ts';
import type { OutputSpec } from '../../src/content/types.ts';
import type { LabStart } from '../../src/exercises/index.ts';
import { configOf, helm, type Mode, RESTART, upTo } from './clusters.ts';

const EMPTY: LabStart = { preset: 'empty', files: ['kind-config.yaml'] };
/** The cluster of the page before Cilium: made nine minutes ago, and nothing happened since. */
const NO_CNI: LabStart = { preset: 'kind-nocni', files: ['proxy-values.yaml'] };
const INSTALL = helm('install', '--values proxy-values.yaml');
const ROLLOUT = 'kubectl -n kube-system rollout status daemonset/cilium';
const INSTALLED: LabStart = { ...NO_CNI, before: [INSTALL, ROLLOUT, 'sleep 60'] };
const MISSPELT: LabStart = {
	...NO_CNI,
	before: [
		helm('install', '--values proxy-values.yaml --set dubug.enabled=true --set monitorAggregation=none'),
		ROLLOUT,
	],
};
const UPGRADE = helm('upgrade', '--reuse-values --set debug.enabled=true');

/** A cluster in a mode, with the demo in it. */
const demo = (mode: Mode): LabStart => ({
	preset: 'empty',
	files: [configOf(mode), `${mode}-values.yaml`, 'cni-demo.yaml'],
	before: [...upTo(mode), 'kubectl apply -f cni-demo.yaml', 'kubectl rollout status daemonset/cni-demo'],
});

const READY = `kubectl get node basic-worker -o jsonpath='{.status.conditions[?(@.type=="Ready")].message}'`;
const MODE_KEYS = "cilium config view | grep -E 'proxy|masquerade|tunnel|direct'";
const AGENT =
	"kubectl -n kube-system exec daemonset/cilium -c cilium-agent -- cilium status | grep -E '^(KubeProxy|Host Rout|Masq)'";
const IN_RULES = 'docker exec basic-worker iptables-save | grep -c 32000';

const inMode = (mode: Mode, command: string): OutputSpec => typed({ start: demo(mode), command });

export const outputs: Readonly<Record<string, OutputSpec>> = {
	create: typed({ start: EMPTY, command: 'kind create cluster --config=kind-config.yaml' }),
	containers: typed({ start: NO_CNI, command: "docker ps --format 'table {{.Names}}\\t{{.Image}}\\t{{.Status}}'" }),
	addresses: typed({
		start: NO_CNI,
		command:
			"docker network inspect kind -f '{{range .Containers}}{{.IPv4Address}} {{.Name}}{{println}}{{end}}' | sort",
		pick: (lines) => lines.filter((line) => line !== ''),
	}),
	'not-ready': typed({ start: NO_CNI, command: 'kubectl get nodes' }),
	'ready-message': typed({ start: NO_CNI, command: READY }),
	'pods-before': typed({ start: NO_CNI, command: 'kubectl get pods -A' }),
	install: typed({ start: { ...NO_CNI, before: ['date'] }, command: INSTALL }),
	'nodes-after': typed({ start: INSTALLED, command: 'kubectl get nodes' }),
	'cni-file': typed({ start: INSTALLED, command: 'docker exec basic-worker ls /etc/cni/net.d' }),
	'config-values': typed({
		start: INSTALLED,
		command: "cilium config view | grep -E '^(auto-direct|ipam|ipv4-native|kube-proxy|tunnel)'",
	}),
	misspelt: typed({ start: MISSPELT, command: "cilium config view | grep -E '^(debug|monitor-aggregation) '" }),
	restart: typed({ start: { ...NO_CNI, before: [INSTALL, ROLLOUT, UPGRADE] }, command: RESTART[0]! }),
	'cli-install': typed({ start: { ...NO_CNI, before: ['date; date'] }, command: 'cilium install' }),
	'rules-proxy': inMode('proxy', IN_RULES),
	'rules-replacement': inMode('replacement', IN_RULES),
	'keys-proxy': inMode('proxy', MODE_KEYS),
	'keys-replacement': inMode('replacement', MODE_KEYS),
	'keys-host-routing': inMode('host-routing', MODE_KEYS),
	'agent-replacement': inMode('replacement', AGENT),
	'agent-host-routing': inMode('host-routing', AGENT),
	routes: inMode('replacement', 'docker exec basic-worker ip route'),
	status: typed({ start: INSTALLED, command: 'cilium status' }),
	objects: typed({ start: INSTALLED, command: 'kubectl -n kube-system get daemonsets,deployments' }),
	delete: typed({
		start: { ...INSTALLED, before: [...INSTALLED.before!, 'date'] },
		command: 'kind delete cluster --name basic',
	}),
	'after-delete': typed({
		start: { ...INSTALLED, before: [...INSTALLED.before!, 'kind delete cluster --name basic'] },
		command: 'kubectl get nodes',
	}),
};
