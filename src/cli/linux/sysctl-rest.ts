/**
 * The names of /proc/sys that no packet of the simulator depends on: read as the kernel begins with them or as somebody wrote them.
 * Where another value would change packets, writing is refused instead.
 */
import { contextOf, type Lab, podSysctls, sandboxSysctls } from '../../sim/lab/index.ts';
import { devicesIn } from './devices.ts';
import type { Space } from './space.ts';
import { CONF, CONF6, GLOBAL, INIT_ONLY, NAMES, NEIGH } from './sysctl-names.ts';

/** What is wrong with a value: the kernel's word, or a sentence of the simulator's. */
export type Fault = 'Invalid argument' | { readonly sentence: string };

export interface Entry {
	read(): string;
	/** Answers what is wrong. Absent: read-only. */
	write?(text: string): Fault | undefined;
}

const written = new WeakMap<Lab, Map<string, string>>();

const READ_ONLY =
	/nf_conntrack_buckets|tcp_available_congestion_control|kernel\/(ostype|random)|nf_conntrack_count|conf\/[^/]+\/mc_forwarding/;

/** As the kernel parses what it is given: as many whole numbers as there are, or a word. */
function faultOf(text: string, like: string): Fault | undefined {
	const numbers = (value: string): boolean => /^-?\d+(\s+-?\d+)*$/.test(value);
	if (!numbers(like)) return undefined;
	const parts = text.split(/\s+/);
	return numbers(text) && parts.length <= like.split(/\s+/).length ? undefined : 'Invalid argument';
}

/** What is written of a namespace before its first process: by containerd and the pod's own spec, or by Docker (20.10). */
function sandboxOf({ cluster, name }: Space): ReadonlyMap<string, string> {
	const tabs = (all: Iterable<readonly [string, string]>): ReadonlyMap<string, string> =>
		new Map([...all].map(([path, value]) => [path, value.replaceAll(/\s+/g, '\t')]));
	const [kind, namespace = '', pod = ''] = name.split('/');
	if (kind === 'node' || kind === 'container') return tabs(sandboxSysctls('2.0'));
	const pods = kind === 'pod' ? cluster?.api?.find?.('pods') : undefined;
	const object = pods && cluster?.api.get(pods, namespace, pod);
	if (!object || !cluster) return new Map();
	const machine = contextOf(cluster)?.machines.get(String(object.spec?.nodeName));
	return tabs([...sandboxSysctls(machine?.image.containerd ?? ''), ...podSysctls(object)]);
}

/** Adds them to what is modelled. Paths have slashes. */
export function addRest(out: Map<string, Entry>, space: Space): void {
	const { lab, cluster, name } = space;
	let own = written.get(lab);
	if (!own) {
		own = new Map();
		written.set(lab, own);
	}
	const values = own;
	const sandbox = sandboxOf(space);
	const add = (dotted: string, value: string, fixed: boolean, scope: string): void => {
		const path = dotted.replaceAll('.', '/');
		if (out.has(path)) return;
		const key = `${scope} ${path}`;
		const begins = value.replaceAll(' ', /^[-\d ]+$/.test(value) ? '\t' : ' ');
		// What a sandbox began with, its kubelet had written before anybody ran there.
		const read = (): string => values.get(key) ?? sandbox.get(path) ?? begins;
		out.set(path, {
			read,
			...(READ_ONLY.test(path)
				? {}
				: {
						write(text: string): Fault | undefined {
							const asked = text.trim();
							const fault = faultOf(asked, begins);
							if (fault) return fault;
							if (fixed && asked.split(/\s+/).join('\t') !== begins)
								return { sentence: `the simulator's packets do not obey it: it stays ${begins}` };
							values.set(key, asked.split(/\s+/).join('\t'));
							return undefined;
						},
					}),
		});
	};
	const all = (text: string, prefix: string, scope: string): void => {
		for (const line of text.trim().split('\n')) {
			const [, fixed, key = '', value = ''] = /^(!?)([^=]+)=(.*)$/.exec(line) ?? [];
			add(prefix + key, value, fixed === '!', scope);
		}
	};
	const here = `${cluster?.name ?? ''} ${name}`;
	all(NAMES, '', here);
	if (name === 'host') all(INIT_ONLY, '', here);
	all(GLOBAL, '', '');
	for (const device of ['all', 'default', ...devicesIn(space.ns()).map((d) => d.name)]) {
		all(CONF, `net.ipv4.conf.${device}.`, here);
		all(CONF6, `net.ipv6.conf.${device}.`, here);
		if (device !== 'all') all(NEIGH, `net.ipv4.neigh.${device}.`, here);
	}
}
