/** `cilium status` in states of a lab, and what each of its lines is. */
import { statusOf } from '../../cli/index.ts';
import { renderCilium, type Values } from '../../sim/charts/index.ts';
import { type Cluster, createLab, type Lab } from '../../sim/lab/index.ts';

export const STATES = ['healthy', 'noRelay', 'wrongHost', 'noCilium'] as const;
export type State = (typeof STATES)[number];

export type LineKind =
	| 'cilium'
	| 'operator'
	| 'envoy'
	| 'hubble'
	| 'mesh'
	| 'daemonSet'
	| 'deployment'
	| 'containers'
	| 'pods'
	| 'chart'
	| 'images'
	| 'error'
	| 'warning';

export interface Line {
	readonly text: string;
	/** Absent for lines that are only there for the eye. */
	readonly kind?: LineKind;
	/** Name of the deployment a row is about, and its numbers. */
	readonly params: Readonly<Record<string, string>>;
	/** The value says that something is wrong, or is not there. */
	readonly tone: 'well' | 'wrong' | 'off' | 'plain';
}

export interface Decoded {
	readonly lines: readonly Line[];
	/** Version of the CLI that prints so. */
	readonly cli: string;
}

const SECOND = 1e6;
const VERSION = '1.12.1';

/** Values of each state; undefined where nothing is installed. */
const VALUES: Readonly<Record<State, Values | undefined>> = {
	healthy: { ipam: { mode: 'kubernetes' }, hubble: { relay: { enabled: true } } },
	noRelay: { ipam: { mode: 'kubernetes' } },
	// Agents and operator look for the API server at this name, and no container has it.
	wrongHost: {
		ipam: { mode: 'kubernetes' },
		kubeProxyReplacement: 'strict',
		k8sServiceHost: 'basic-controlplane',
		k8sServicePort: 6443,
	},
	noCilium: undefined,
};

/** A cluster of four nodes some minutes after its install. */
function labOf(state: State): Lab {
	const lab = createLab({ seed: 20220906, epoch: 1_661_940_000, kind: 'v0.14.0', images: ['kindest/node:v1.24.0'] });
	const values = VALUES[state];
	const run = lab.kind.create({
		config: {
			kind: 'Cluster',
			apiVersion: 'kind.x-k8s.io/v1alpha4',
			name: 'basic',
			nodes: ['control-plane', 'worker', 'worker', 'worker'].map((role) => ({ role })),
			networking: { disableDefaultCNI: true, kubeProxyMode: state === 'wrongHost' ? 'none' : 'iptables' },
		},
	});
	lab.run(lab.now + 600 * SECOND, () => run.state !== 'running');
	const cluster = lab.cluster('basic');
	if (values && cluster) install(cluster, values);
	// Long enough for the third restart of what ends each time.
	lab.run(lab.now + 420 * SECOND);
	return lab;
}

function install(cluster: Cluster, values: Values): void {
	const rendered = renderCilium({
		release: 'cilium',
		namespace: 'kube-system',
		version: VERSION,
		kubernetes: cluster.api.version,
		values,
	});
	if ('error' in rendered) throw new Error(rendered.error);
	for (const manifest of rendered.manifests) cluster.api.create(manifest);
}

const known = new Map<State, Decoded>();

export function decode(state: State): Decoded {
	let decoded = known.get(state);
	if (!decoded) {
		const lab = labOf(state);
		const status = statusOf(lab, lab.cluster('basic')!);
		decoded = { lines: linesOf(status.text), cli: status.cli };
		known.set(state, decoded);
	}
	return decoded;
}

/** What stands behind the picture at the left of the first lines. */
const SUMMARY: readonly (readonly [RegExp, LineKind])[] = [
	[/ Cilium:\s+(.*)$/, 'cilium'],
	[/ Operator:\s+(.*)$/, 'operator'],
	[/ Envoy DaemonSet:\s+(.*)$/, 'envoy'],
	[/ Hubble(?: Relay)?:\s+(.*)$/, 'hubble'],
	[/ ClusterMesh:\s+(.*)$/, 'mesh'],
];

/** Lines of the details that go on under a label on an earlier line. */
const LABELS: readonly (readonly [RegExp, LineKind])[] = [
	[/^Containers:/, 'containers'],
	[/^Image versions/, 'images'],
	[/^Errors:/, 'error'],
	[/^Warnings:/, 'warning'],
];

function linesOf(text: string): readonly Line[] {
	let label: LineKind | undefined;
	return text
		.replace(/\n+$/, '')
		.split('\n')
		.map((raw): Line => {
			const line = raw.trimEnd();
			for (const [of, kind] of SUMMARY) {
				const value = of.exec(line)?.[1];
				if (value !== undefined) return { text: line, kind, params: { value }, tone: toneOf(value) };
			}
			const row = /^(DaemonSet|Deployment)\s+(\S+)\s+(.*)$/.exec(line);
			if (row) {
				label = undefined;
				const [, type, name, numbers] = row;
				const [, ready = '0', desired = ''] = /Ready: (\d+)\/(\d+)/.exec(numbers!) ?? [];
				const wanted = desired || (/Desired: (\d+)/.exec(numbers!)?.[1] ?? '');
				return {
					text: line,
					kind: type === 'DaemonSet' ? 'daemonSet' : 'deployment',
					params: { name: name!, ready, desired: wanted, plural: type === 'DaemonSet' ? 'daemonset' : 'deployment' },
					tone: ready === wanted && wanted !== '' ? 'well' : 'wrong',
				};
			}
			const pods = /^Cluster Pods:\s+(\d+)\/(\d+)/.exec(line);
			if (pods) {
				label = undefined;
				const [, managed, all] = pods;
				return {
					text: line,
					kind: 'pods',
					params: { managed: managed!, all: all! },
					tone: managed === all ? 'well' : 'wrong',
				};
			}
			if (line.startsWith('Helm chart version:'))
				return { text: line, kind: 'chart', params: { value: line.split(/:\s+/)[1] ?? '' }, tone: 'plain' };
			const begun = LABELS.find(([of]) => of.test(line))?.[1];
			if (begun) label = begun;
			if (label && line.trim() !== '') {
				const [name = '', ...rest] = line
					.replace(/^(?:Containers:|Image versions|Errors:|Warnings:)/, '')
					.trim()
					.split(/\s+/);
				const tone = label === 'error' ? 'wrong' : label === 'warning' ? 'off' : 'plain';
				return { text: line, kind: label, params: { name, value: rest.join(' ') }, tone };
			}
			return { text: line, params: {}, tone: 'plain' };
		});
}

const toneOf = (value: string): Line['tone'] =>
	value === 'OK' ? 'well' : value.startsWith('disabled') ? 'off' : 'wrong';
