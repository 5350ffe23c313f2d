/** A learner's desk: one API server filled by hand, a kubeconfig for it, and kubectl. */
import { tools } from '../../../../src/cli/kubectl/index.ts';
import type { Call, Files } from '../../../../src/cli/tool.ts';
import { Interrupted } from '../../../../src/cli/tool.ts';
import {
	type ApiInput,
	type ApiObject,
	type ApiResult,
	type ApiServer,
	createApiServer,
} from '../../../../src/sim/api/index.ts';
import type { Cluster, Lab, LogLine } from '../../../../src/sim/lab/index.ts';

const SERVER = 'https://0.0.0.0:6443';
/** 2022-08-22T09:15:00Z. */
export const EPOCH = 1_661_159_700;

const KUBECONFIG = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0E=
    server: ${SERVER}
  name: kind-basic
contexts:
- context:
    cluster: kind-basic
    user: kind-basic
  name: kind-basic
current-context: kind-basic
kind: Config
preferences: {}
users:
- name: kind-basic
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
`;

/** What tells that kubeadm was here: from 1.29 its administrator is bound to his role. */
export const KUBEADM = {
	apiVersion: 'v1',
	kind: 'ConfigMap',
	metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
};

export interface Said {
	readonly out: string;
	readonly err: string;
	readonly code: number;
}

export interface Desk {
	readonly api: ApiServer;
	readonly files: Map<string, string>;
	/** Runs kubectl; words as a shell would have split them. */
	kubectl(...args: readonly string[]): Promise<Said>;
	/** The same, from one line without quotes. */
	run(line: string): Promise<Said>;
	/** Seconds since the beginning. */
	at(seconds: number): void;
	/** Something that happens when time passes. */
	later(seconds: number, what: () => void): void;
	/** Ctrl-C at a time, for commands that wait. */
	interruptAt(seconds: number): void;
	/** What a container wrote. */
	logs(pod: string, container: string, lines: readonly LogLine[], previous?: boolean): void;
	/** Makes an object; status too. */
	make(object: ApiInput): ApiObject;
	reachable: boolean;
	/** What the completion is given. */
	readonly cursor: Pick<Call, 'lab' | 'place' | 'cluster' | 'env'>;
}

/** A text without blanks at the ends of its lines. */
export const trimmed = (text: string): string => text.replace(/ +$/gm, '');

export const must = <T>(result: ApiResult<T>): T => {
	if (result.error) throw new Error(result.error.message);
	return result.value;
};

const random = (purpose: string, key: string, bound: number): number => {
	let hash = 2_166_136_261;
	for (const char of `${purpose} ${key}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0;
	return (Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0) % bound;
};

function memoryFiles(content: Map<string, string>): Files {
	return {
		read: async (path) => content.get(path),
		readBytes: async (path) => {
			const text = content.get(path);
			return text === undefined ? undefined : new TextEncoder().encode(text);
		},
		write: async (path, text) => {
			content.set(path, typeof text === 'string' ? text : new TextDecoder().decode(text));
		},
		list: async (path) => {
			const names = [...content.keys()].filter((name) => name.startsWith(`${path}/`));
			return names.length > 0 ? names.map((name) => name.slice(path.length + 1)) : undefined;
		},
	};
}

export function desk(version = 'v1.24.0', kind = 'v0.14.0'): Desk {
	let now = 0;
	let interrupt = Number.POSITIVE_INFINITY;
	const events: { readonly time: number; readonly what: () => void }[] = [];
	const content = new Map([['/home/me/.kube/config', KUBECONFIG]]);
	const written = new Map<string, readonly LogLine[]>();
	const api = createApiServer({ version, now: () => now, epoch: EPOCH, random });
	if (Number(version.split('.')[1]) >= 29) api.create(KUBEADM);
	const cluster = {
		name: 'basic',
		api,
		get reachable() {
			return self.reachable;
		},
		server: SERVER,
		nodes: () => [],
		running: () => [],
		agents: () => [],
		releases: () => [],
		logs: (namespace: string, pod: string, container: string, previous = false) =>
			(written.get(`${namespace}/${pod}/${container}/${previous}`) ?? []).filter((line) => line.at <= now),
	} as unknown as Cluster;
	const lab = {
		kind: { release: kind },
		get now() {
			return now;
		},
		epoch: EPOCH,
		clusters: () => [cluster],
		cluster: (name: string) => (name === 'basic' ? cluster : undefined),
		random,
	} as unknown as Lab;

	/** Lets time pass to the next thing that happens, or to the end. */
	const pass = (end: number): void => {
		const next = events[0];
		if (interrupt <= Math.min(end, next?.time ?? end)) {
			now = Math.max(now, interrupt);
			throw new Interrupted();
		}
		if (next && next.time <= end) {
			events.shift();
			now = Math.max(now, next.time);
			next.what();
		} else now = end;
	};

	const self: Desk = {
		api,
		files: content,
		reachable: true,
		cursor: { lab, place: { kind: 'laptop' }, cluster: () => cluster, env: new Map() },
		at: (seconds) => {
			now = seconds * 1e6;
		},
		later: (seconds, what) => {
			events.push({ time: seconds * 1e6, what });
			events.sort((a, b) => a.time - b.time);
		},
		interruptAt: (seconds) => {
			interrupt = seconds * 1e6;
		},
		logs: (pod, container, lines, previous = false) => {
			written.set(`${pod.includes('/') ? pod : `default/${pod}`}/${container}/${previous}`, lines);
		},
		make: (object) => {
			const made = must(api.create(object));
			return object.status === undefined ? made : must(api.updateStatus({ ...made, status: object.status }));
		},
		run: (line) => self.kubectl(...line.split(' ').filter((word) => word !== '')),
		kubectl: async (...args) => {
			let out = '';
			let err = '';
			const call = {
				args,
				name: 'kubectl',
				stdin: '',
				env: new Map([['HOME', '/home/me']]),
				cwd: '/home/me',
				files: memoryFiles(content),
				filesAt: () => memoryFiles(content),
				place: { kind: 'laptop' },
				lab,
				tty: false,
				out: (text: string) => {
					out += text;
				},
				outBytes: () => {},
				err: (text: string) => {
					err += text;
				},
				sleep: async (microseconds: number) => {
					const end = now + microseconds;
					while (now < end) pass(end);
				},
				until: async (done: () => boolean, timeout: number) => {
					const end = now + timeout;
					while (!done() && now < end) pass(end);
					return done();
				},
				runAt: async () => 0,
				has: () => false,
				enter: async () => 0,
				cluster: () => cluster,
				check: () => {},
			} as unknown as Call;
			try {
				const code = await tools[0]!.run(call);
				return { out, err, code };
			} catch (fault) {
				if (!(fault instanceof Interrupted)) throw fault;
				return { out, err, code: 130 };
			}
		},
	};
	return self;
}
