/** Clusters for tests, and what happens in them as lines: `+12.3s Pod default/web: Pending -> Running`. */
import { expect } from 'vitest';
import { type ApiInput, type ApiObject, loadForPeople } from '../../../../src/sim/api/index.ts';
import { renderCilium, type Values } from '../../../../src/sim/charts/index.ts';
import {
	type Cluster,
	createLab,
	type Guest,
	type GuestCommand,
	type GuestHost,
	type GuestProcess,
	type Lab,
	type LabOptions,
	loadContainers,
	loadControllers,
} from '../../../../src/sim/lab/index.ts';
import { sha256 } from '../../../../src/sim/trace/index.ts';
import { parseIp, utf8 } from '../../../../src/sim/wire/index.ts';
import { apply, type Outcome } from '../../../../src/sim/world/index.ts';

await loadForPeople();
await loadControllers();
await loadContainers();

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;

/** Ten in the morning of the last of August, 2022. */
export const EPOCH = 1_661_940_000;

/**
 * Who runs commands of containers here: `true`, `false`, `sleep SECONDS` and `sh -c '… exit N'` with sleeps in it, by
 * the clock alone. Everything else goes on without end. The shell itself is tested in tests/unit/cli/guests.test.ts.
 */
class Clockwork implements GuestHost {
	readonly #lab: Lab;
	#due: { readonly at: number; readonly act: () => void }[] = [];

	constructor(lab: Lab) {
		this.#lab = lab;
	}

	get next(): number {
		return Math.min(...this.#due.map(({ at }) => at));
	}

	/** Does what is due now. */
	turn(): void {
		const now = this.#due.filter(({ at }) => at <= this.#lab.now);
		this.#due = this.#due.filter((item) => !now.includes(item));
		for (const { act } of now) act();
	}

	#later(seconds: number, act: () => void): void {
		if (Number.isFinite(seconds)) this.#due.push({ at: this.#lab.now + seconds * SECOND, act });
	}

	#course(argv: readonly string[]): { readonly seconds: number; readonly code: number } {
		const text = argv.join(' ');
		if (/while (?:true|:)|infinity|httpd|nc |tail/.test(text)) return { seconds: Number.POSITIVE_INFINITY, code: 0 };
		const seconds = [...text.matchAll(/sleep (\d+)([hd]?)/g)].reduce(
			(all, [, n, unit]) => all + Number(n) * (unit === 'd' ? 86_400 : unit === 'h' ? 3600 : 1),
			0,
		);
		return { seconds, code: Number(/exit (\d+)/.exec(text)?.[1] ?? (/false/.test(text) ? 1 : 0)) };
	}

	renew(): void {}

	start(guest: Guest): GuestProcess {
		const { seconds, code } = this.#course(guest.argv);
		let over = false;
		this.#later(0.02, () => {
			if (over) return;
			guest.started();
			this.#later(seconds, () => {
				if (!over) guest.exited(code, '');
			});
		});
		return {
			signal(name) {
				if (name === 'KILL') over = true;
			},
		};
	}

	exec({ argv, done }: GuestCommand): GuestProcess {
		const { seconds, code } = this.#course(argv);
		this.#later(seconds + 0.005, () => done({ code, output: '' }));
		return { signal: () => {} };
	}

	processes(): readonly never[] {
		return [];
	}
}

const hosts = new WeakMap<Lab, Clockwork>();

export function newLab(options: Partial<LabOptions> = {}): Lab {
	const lab = createLab({ seed: 7, epoch: EPOCH, ...options });
	const host = new Clockwork(lab);
	hosts.set(lab, host);
	lab.guests.attach(host);
	return lab;
}

export const config = (
	nodes: readonly string[],
	networking: Readonly<Record<string, unknown>> = {},
	name = 'basic',
) => ({
	kind: 'Cluster',
	apiVersion: 'kind.x-k8s.io/v1alpha4',
	name,
	nodes: nodes.map((role) => ({ role })),
	networking,
});

export const FOUR = ['control-plane', 'worker', 'worker', 'worker'];

/** Time passes; nothing may go wrong in it. */
export function pass(lab: Lab, micros: number, done?: () => boolean): void {
	const until = lab.now + micros;
	const host = hosts.get(lab);
	for (;;) {
		let before = host?.next ?? Infinity;
		let held = false;
		const stop = (): boolean => {
			held = done?.() ?? false;
			return held || (host?.next ?? Infinity) < before;
		};
		expect(lab.run(Math.min(until, Math.max(before, lab.now)), stop)).toBeUndefined();
		if (held) return;
		if ((host?.next ?? Infinity) < before) {
			before = host!.next;
			continue;
		}
		if (host && host.next <= lab.now) host.turn();
		else if (lab.now >= until) return;
	}
}

/** `kind create cluster`, to its end. */
export function clusterOf(lab: Lab, kindConfig: unknown = config(FOUR, { disableDefaultCNI: true })): Cluster {
	const run = lab.kind.create({ config: kindConfig });
	pass(lab, 15 * MINUTE, () => run.state !== 'running');
	expect(run.error).toBeUndefined();
	return lab.cluster(run.name)!;
}

/** A lab with kind's own network on one control plane and so many workers, a minute after it was made. */
export function settled(
	workers = 1,
	options: Partial<LabOptions> = {},
): { readonly lab: Lab; readonly cluster: Cluster } {
	const lab = newLab(options);
	const cluster = clusterOf(lab, config(['control-plane', ...Array<string>(workers).fill('worker')]));
	pass(lab, MINUTE);
	return { lab, cluster };
}

export const NATIVE = {
	tunnel: 'disabled',
	autoDirectNodeRoutes: true,
	ipv4NativeRoutingCIDR: '10.244.0.0/16',
	ipam: { mode: 'kubernetes' },
} as const;

/** Manifests of the chart, created. */
export function installCilium(cluster: Cluster, values: Values, version = '1.12.1'): void {
	const rendered = renderCilium({
		release: 'cilium',
		namespace: 'kube-system',
		version,
		kubernetes: cluster.api.version,
		values,
	});
	if ('error' in rendered) throw new Error(rendered.error);
	create(cluster, rendered.manifests);
}

export function create(cluster: Cluster, objects: readonly ApiInput[]): void {
	for (const object of objects) {
		const made = cluster.api.create(object);
		if (made.error) throw new Error(`${String(object.kind)}: ${made.error.message}`);
	}
}

export const get = (
	cluster: Cluster,
	plural: string,
	namespace: string | undefined,
	name: string,
): ApiObject | undefined => cluster.api.get(cluster.api.find(plural)!, namespace, name);

export const list = (cluster: Cluster, plural: string, namespace?: string): readonly ApiObject[] =>
	cluster.api.list(cluster.api.find(plural)!, namespace === undefined ? {} : { namespace });

export const remove = (cluster: Cluster, plural: string, namespace: string | undefined, name: string): void => {
	cluster.api.delete(cluster.api.find(plural)!, namespace, name);
};

/** Cells of `kubectl get`, chosen by their columns. */
export function cells(cluster: Cluster, plural: string, namespace: string | undefined, ...columns: string[]): string[] {
	const resource = cluster.api.find(plural)!;
	const table = cluster.api.table(resource, list(cluster, plural, namespace));
	const at = columns.map((name) => table.columns.findIndex((c) => c.name.toLowerCase() === name.toLowerCase()));
	return table.rows.map((row) => at.map((i) => row[i]).join(' '));
}

/** Messages of events about objects whose name matches, in the order they came, each once. */
export const events = (cluster: Cluster, namespace: string, about: RegExp): string[] =>
	[...list(cluster, 'events', namespace)]
		.filter((e) => about.test(String((e.involvedObject as { name: string }).name)))
		.sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
		.map((e) => `${String(e.type)} ${String(e.reason)}: ${String(e.message)}`);

/** A pod of one container, busybox where nothing else is said. */
export const pod = (
	name: string,
	container: Readonly<Record<string, unknown>>,
	spec: Readonly<Record<string, unknown>> = {},
) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name },
	spec: { containers: [{ name: 'main', image: 'busybox:1.36.1', ...container }], ...spec },
});

/** An echo server with so many pods behind NodePort 32017. */
export const echo = (replicas = 1, nodePort = 32017): readonly ApiInput[] => [
	{
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: { name: 'echo', labels: { app: 'echo' } },
		spec: {
			replicas,
			selector: { matchLabels: { app: 'echo' } },
			template: {
				metadata: { labels: { app: 'echo' } },
				spec: {
					containers: [
						{
							name: 'echo',
							image: 'busybox:1.36.1',
							command: ['httpd', '-f', '-p', '8080'],
							ports: [{ containerPort: 8080 }],
						},
					],
				},
			},
		},
	},
	{
		apiVersion: 'v1',
		kind: 'Service',
		metadata: { name: 'echo' },
		spec: { type: 'NodePort', selector: { app: 'echo' }, ports: [{ port: 8080, nodePort }] },
	},
];

/** A TCP connection through the cluster's packets; the World goes on from there. */
export function connect(cluster: Cluster, from: string, to: string, deadline = 3 * SECOND): Outcome {
	const [host = '', port = ''] = to.split(':');
	const probe = { from, to: { ip: parseIp(host)!, port: Number(port) }, protocol: 'tcp' as const, deadline };
	const applied = apply(cluster.world(), { kind: 'connect', probe });
	if ('error' in applied) throw new Error(JSON.stringify(applied.error));
	cluster.setWorld(applied.world);
	return applied.outcome!;
}

/** What changes of some kinds, a line each. `describe` gives the part of an object that counts, or nothing. */
export function record(lab: Lab, cluster: Cluster, describe: (object: ApiObject) => string | undefined): string[] {
	const lines: string[] = [];
	const last = new Map<string, string>();
	const begun = lab.now;
	cluster.api.watch(({ type, object }) => {
		const text = type === 'DELETED' ? 'gone' : describe(object);
		if (text === undefined) return;
		const { namespace, name, uid } = object.metadata;
		const key = `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
		if (last.get(uid) === text || (type === 'DELETED' && !last.has(uid))) return;
		last.set(uid, text);
		const seconds = Math.floor((lab.now - begun) / 100_000) / 10;
		lines.push(`+${seconds}s ${key}: ${text}`);
	});
	return lines;
}

/** All objects of all clusters, in order, as one number. */
export function digest(lab: Lab): string {
	const all = lab.clusters().map(({ api }) => api.resources().map((resource) => api.list(resource)));
	return [...sha256(utf8(JSON.stringify([lab.now, all, lab.docker.containers()])))]
		.map((octet) => octet.toString(16).padStart(2, '0'))
		.join('');
}
