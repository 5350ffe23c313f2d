/** A server with a clock that tests move, and short ways to make objects. */
import {
	type ApiInput,
	type ApiObject,
	type ApiResult,
	type ApiServer,
	createApiServer,
	loadForPeople,
	type Resource,
} from '../../../../src/sim/api/index.ts';

await loadForPeople();

export const random = (purpose: string, key: string, bound: number): number => {
	let hash = 0x811c9dc5;
	for (const c of `${purpose}/${key}`) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193) >>> 0;
	hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
	return Math.floor((((hash ^ (hash >>> 13)) >>> 0) / 4294967296) * bound);
};

export interface Bench {
	readonly api: ApiServer;
	/** Seconds since the start. */
	at(seconds: number): void;
	resource(name: string): Resource;
}

/** 2023-07-04T14:20:41Z. */
export const EPOCH = 1688480441;

export const bench = (version = 'v1.24.0'): Bench => {
	let now = 0;
	const api = createApiServer({ version, now: () => now, epoch: EPOCH, random });
	return {
		api,
		at: (seconds) => {
			now = seconds * 1e6;
		},
		resource: (name) => {
			const found = api.find(name);
			if (!found) throw new Error(`no resource ${name}`);
			return found;
		},
	};
};

export const must = <T>(result: ApiResult<T>): T => {
	if (result.error) throw new Error(result.error.message);
	return result.value;
};

export const pod = (name: string, more: Record<string, unknown> = {}): ApiInput => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name, labels: { app: name } },
	spec: { containers: [{ name: 'c', image: 'nginx:1.23' }], ...more },
});

export const deployment = (name: string, more: Record<string, unknown> = {}): ApiInput => ({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: { name },
	spec: {
		selector: { matchLabels: { app: name } },
		template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
		...more,
	},
});

export const service = (name: string, spec: Record<string, unknown> = {}): ApiInput => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: { name },
	spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
});

/** Rows of a table as the cells of one line, joined by blanks. */
export const lines = (api: ApiServer, name: string, objects?: readonly ApiObject[], wide = false): string[] => {
	const resource = api.find(name)!;
	const table = api.table(resource, objects ?? api.list(resource));
	const shown = table.columns.flatMap((column, i) => (wide || column.priority === 0 ? [i] : []));
	return [
		shown.map((i) => table.columns[i]!.name.toUpperCase()).join('  '),
		...table.rows.map((row) => shown.map((i) => row[i]).join('  ')),
	];
};
