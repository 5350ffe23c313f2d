/**
 * Lines of Cilium's programs as their logger writes them: logrus up to 1.17, with a time from 1.14.10, 1.15.4 and 1.16
 * on (to the nanosecond in 1.17); slog from 1.18, where a line names the module of the program's tree. `log-opt` in cilium-config sets the format.
 *
 * Source: cilium pkg/logging/{logging,slog}.go @ v1.12.7, v1.14.16, v1.17.14, v1.18.3; sirupsen/logrus
 * text_formatter.go; Go log/slog text_handler.go; daemon/cmd/cells.go, operator/cmd/root.go @ v1.18.3 (modules).
 */
import { formatMicroTime } from '../../../api/index.ts';
import { type ConfigMap, one } from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { SECOND } from '../../time.ts';
import type { ProgramContext } from '../program.ts';
import { versionOfImage } from './agent-config.ts';

/**
 * Which part of a program speaks: its name up to 1.12, its name up to 1.17, its module; without a module it goes by the
 * first name, or by none.
 */
const PARTS = {
	agent: ['daemon', 'daemon', undefined],
	daemon: ['daemon', 'daemon', 'agent.controlplane.daemon'],
	api: ['daemon', 'daemon', 'agent.infra.cilium-api-server'],
	client: ['k8s', 'k8s-client', 'agent.infra.k8s-client'],
	config: ['option-resolver', 'option-resolver', 'build-config'],
	configClient: ['k8s', 'k8s-client', 'k8s-client'],
	crds: ['k8s', 'k8s', 'agent.infra.k8s-synced-crdsync'],
	operatorStart: ['cilium-operator-generic', 'cilium-operator-generic', ''],
	ipam: ['ipam', 'ipam', 'agent.controlplane.ipam'],
	node: ['node', 'node', 'agent.controlplane.daemon'],
	signal: ['signal', 'signal', 'agent.controlplane.signal'],
	operator: ['cilium-operator-generic', 'cilium-operator-generic', 'operator'],
	operatorCrds: ['k8s', 'k8s', 'operator.operator-controlplane.leader-lifecycle.create-crds'],
	operatorGc: [
		'cilium-operator-generic',
		'k8s-identities-gc',
		'operator.operator-controlplane.leader-lifecycle.k8s-identities-gc',
	],
	operatorPods: [
		'cilium-operator-generic',
		'cilium-operator-generic',
		'operator.operator-controlplane.leader-lifecycle.legacy-cell',
	],
	operatorClient: ['k8s', 'k8s-client', 'operator.operator-infra.k8s-client'],
	klog: ['klog', 'klog', ''],
	allocator: ['allocator', 'allocator', 'agent.controlplane.identity'],
	endpointApi: ['daemon', 'daemon', 'agent.controlplane.endpoint-api'],
	// Endpoints' own logger names no module, and its part last.
	endpoint: ['endpoint', 'endpoint', undefined],
	policy: ['daemon', 'policy', 'agent.controlplane.policy'],
	policyWatcher: ['k8s-watcher', 'policy-k8s-watcher', 'agent.controlplane.policy-k8s-watcher'],
	watcher: ['k8s-watcher', 'k8s-watcher', 'agent.controlplane.policy-k8s-watcher'],
	relay: ['hubble-relay', 'hubble-relay', ''],
} as const;

export type Part = keyof typeof PARTS;
export type Level = 'info' | 'warning' | 'error' | 'fatal';
/** In the order in which the program names them; logrus sorts. */
export type Fields = Readonly<Record<string, string | number>>;

/** The format that cilium-config asks for; what it does not know is the logger's own. */
function formatOf({ cluster, pod }: ProgramContext): string | undefined {
	const text = one<ConfigMap>(cluster.api, 'configmaps', pod.metadata.namespace, 'cilium-config')?.data?.['log-opt'];
	const found = /"format"\s*:\s*"([\w-]+)"/.exec(text ?? '')?.[1]?.toLowerCase();
	return found !== undefined && /^(?:text|json)(?:-ts)?$/.test(found) ? found : undefined;
}

/** Whether a release writes the time when nobody set a format. */
function timed(version: string): boolean {
	const [, minor = 0, patch = 0] = version.split('.').map(Number);
	return minor >= 16 || (minor === 15 && patch >= 4) || (minor === 14 && patch >= 10);
}

/** When a line is written, and how then. */
export interface Moment {
	readonly at: number;
	/** `text-ts` */
	readonly format: string;
}

export const momentOf = (context: ProgramContext): Moment => ({
	at: context.cluster.timeline.now,
	format: formatOf(context) ?? (timed(versionOfImage(context.container.image)) ? 'text-ts' : 'text'),
});

/** Writes a line into the log of a container of Cilium's. */
export const say = (context: ProgramContext, level: Level, part: Part, message: string, fields: Fields = {}): void =>
	context.log(lineOf(context, momentOf(context), level, part, message, fields));

/** The line itself. */
export function lineOf(
	context: ProgramContext,
	{ at, format }: Moment,
	level: Level,
	part: Part,
	message: string,
	fields: Fields,
): string {
	const minor = minorOf(versionOfImage(context.container.image));
	const slog = minor >= 18 || (minor === 17 && (part === 'operatorGc' || part === 'policy'));
	const { epoch } = context.cluster.timeline;
	const instant = formatMicroTime(epoch + Math.floor(at / SECOND), at % SECOND);
	// RFC3339Nano, from 1.17; what speaks slog there already has seconds.
	const time = minor >= 18 || (minor === 17 && !slog) ? instant.replace(/\.?0*Z$/, 'Z') : `${instant.slice(0, 19)}Z`;
	const [first, later, module] = PARTS[part];
	const subsys = minor <= 12 || module === '' ? first : later;
	const own: Fields = !slog || module === '' ? { subsys } : module === undefined ? {} : { module };
	if (slog && part === 'endpoint') fields = { ...fields, subsys };
	const rest = Object.entries({ ...own, ...fields });
	if (!slog) rest.sort(([a], [b]) => (a < b ? -1 : 1));
	const line: [string, string | number][] = [
		...(format.endsWith('-ts') ? [['time', time] as [string, string]] : []),
		['level', slog && level === 'warning' ? 'warn' : level],
		['msg', message],
		...rest,
	];
	if (format.startsWith('json')) {
		// logrus hands a map to encoding/json, which sorts it.
		if (!slog) line.sort(([a], [b]) => (a < b ? -1 : 1));
		return JSON.stringify(Object.fromEntries(line));
	}
	const quoted = slog ? /^$|[ ="\p{C}]/u : /[^\w./@^+-]/;
	return line
		.map(([key, value]) => `${key}=${quoted.test(String(value)) ? JSON.stringify(String(value)) : value}`)
		.join(' ');
}
