/** kubectl over an API server with nothing behind it: nobody starts pods, no time passes. */

import { printKubeconfig } from '../../../../src/cli/kube/index.ts';
import { tools } from '../../../../src/cli/kubectl/index.ts';
import type { Call, Files } from '../../../../src/cli/tool.ts';
import { type ApiInput, type ApiServer, ciliumDefinitions, createApiServer } from '../../../../src/sim/api/index.ts';
import type { Cluster, Lab } from '../../../../src/sim/lab/index.ts';
import { KUBEADM } from '../kubectl/desk.ts';

export interface Answer {
	readonly out: string;
	readonly err: string;
	readonly code: number;
}

export interface Bench {
	readonly api: ApiServer;
	readonly files: Map<string, string>;
	/** Virtual microseconds. */
	now: number;
	/** The editor over the terminal, when there is a screen. */
	edit?: Call['edit'];
	/** Runs a line: words apart by blanks, quoted where they hold some. */
	run(line: string, stdin?: string): Promise<Answer>;
	/** Both streams, as a terminal shows them. */
	screen(line: string, stdin?: string): Promise<string>;
	/** The object under `kind/name` of a namespace. */
	get(kind: string, name: string, namespace?: string): Record<string, unknown> | undefined;
}

const WORDS = /(?:[^\s'"]+|'[^']*'|"[^"]*")+/g;
const unquoted = (word: string): string => word.replace(/'([^']*)'|"([^"]*)"/g, (_, a, b) => a ?? b ?? '');

/** `kind` is the release of kind on the laptop, which kubectl came with. */
export function bench(version = 'v1.24.0', cilium = true, kind = 'v0.14.0'): Bench {
	const home = '/home/learner';
	const files = new Map<string, string>([
		[
			`${home}/.kube/config`,
			printKubeconfig({
				clusters: [{ name: 'kind-lab', cluster: { server: 'https://127.0.0.1:6443' } }],
				contexts: [{ name: 'kind-lab', context: { cluster: 'kind-lab', user: 'kind-lab' } }],
				users: [{ name: 'kind-lab', user: { 'client-certificate-data': 'Q0VSVA==' } }],
				'current-context': 'kind-lab',
			}),
		],
	]);
	const it: { now: number; edit?: Call['edit'] } = { now: 0 };
	const api = createApiServer({
		version,
		now: () => it.now,
		epoch: 1_661_940_000,
		random: (purpose, key, bound) => {
			let hash = 2_166_136_261;
			for (const char of `${purpose} ${key}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
			return hash % bound;
		},
	});
	if (Number(version.split('.')[1]) >= 29) api.create(KUBEADM);
	if (cilium) for (const definition of ciliumDefinitions('1.12')) api.create(definition);
	for (const name of ['worker', 'worker2'])
		api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name } } });
	const cluster = {
		name: 'lab',
		api,
		reachable: true,
		server: 'https://127.0.0.1:6443',
		nodes: () => [],
		running: () => [],
		logs: () => [],
		exit: () => false,
	} as unknown as Cluster;
	const lab = {
		epoch: 1_661_940_000,
		get now() {
			return it.now;
		},
		kind: { release: kind },
		clusters: () => [cluster],
		cluster: () => cluster,
		random: (_: string, key: string, bound: number) => Math.floor(bound / (3 + key.length)),
	} as unknown as Lab;
	const at = (path: string): string => (path.startsWith('/') ? path : `${home}/${path.replace(/^\.\//, '')}`);
	const fs: Files = {
		read: async (path) => files.get(at(path)),
		readBytes: async (path) => {
			const text = files.get(at(path));
			return text === undefined ? undefined : new TextEncoder().encode(text);
		},
		write: async (path, content) => {
			files.set(at(path), typeof content === 'string' ? content : new TextDecoder().decode(content));
		},
		list: async (path) => {
			const folder = `${at(path).replace(/\/$/, '')}/`;
			const names = [...files.keys()]
				.filter((name) => name.startsWith(folder))
				.map((name) => name.slice(folder.length));
			return names.length > 0 ? [...new Set(names.map((name) => name.split('/')[0]!))] : undefined;
		},
	};
	const run = async (line: string, stdin = '', write?: (text: string) => void): Promise<Answer> => {
		let out = '';
		let err = '';
		const env = new Map([['HOME', home]]);
		const words = line.match(WORDS) ?? [];
		while (/^\w+=/.test(words[0] ?? '')) {
			const [name, ...value] = words.shift()!.split('=');
			env.set(name!, unquoted(value.join('=')));
		}
		const call: Partial<Call> = {
			args: words.slice(1).map(unquoted),
			name: 'kubectl',
			stdin,
			env,
			cwd: home,
			files: fs,
			filesAt: () => fs,
			place: { kind: 'laptop' },
			lab,
			tty: false,
			out(text) {
				out += text;
				write?.(text);
			},
			err(text) {
				err += text;
				write?.(text);
			},
			sleep: async () => {},
			until: async (done) => done(),
			...(it.edit ? { edit: it.edit } : {}),
			runAt: async (_, [command, ...rest]) => {
				if (command === 'rm') files.delete(rest.at(-1)!);
				return 0;
			},
			enter: async () => 0,
			has: (_, command) => command !== 'vi',
			check: () => {},
			cluster: () => cluster,
		};
		const code = await tools.find((tool) => tool.name === 'kubectl')!.run(call as Call);
		return { out, err, code };
	};
	return {
		api,
		files,
		get now() {
			return it.now;
		},
		set now(value: number) {
			it.now = value;
		},
		get edit() {
			return it.edit;
		},
		set edit(value) {
			it.edit = value;
		},
		run: (line, stdin) => run(line, stdin),
		async screen(line, stdin) {
			let shown = '';
			await run(line, stdin, (text) => {
				shown += text;
			});
			return shown;
		},
		get(kind, name, namespace = 'default') {
			const resource = api.find(kind)!;
			return api.get(resource, resource.namespaced ? namespace : undefined, name) as never;
		},
	};
}

export const deployment = (name: string, more: ApiInput = {}): ApiInput => ({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: { name },
	spec: {
		replicas: 2,
		selector: { matchLabels: { app: name } },
		template: {
			metadata: { labels: { app: name } },
			spec: { containers: [{ name: 'nginx', image: 'nginx:1.23', ports: [{ containerPort: 80 }] }] },
		},
		...more,
	},
});
