/** The roles and bindings a cluster begins with, as objects. Source: see `bootstrap-policy.ts`. */
import type { ApiObject } from '../object.ts';
import { ADDONS } from './addon-roles.ts';
import { CLUSTER_BINDINGS, CLUSTER_ROLES, NAMESPACE_BINDINGS, NAMESPACE_ROLES } from './bootstrap-policy.ts';
import { CONTROLLER_ROLES } from './controller-roles.ts';

type Made = { [key: string]: unknown };

const RBAC = 'rbac.authorization.k8s.io';
const VERBS: Readonly<Record<string, string>> = {
	g: 'get',
	l: 'list',
	w: 'watch',
	c: 'create',
	u: 'update',
	p: 'patch',
	d: 'delete',
	D: 'deletecollection',
};

const verbsOf = (text: string): readonly string[] =>
	text.startsWith('=')
		? text.slice(1).split(',')
		: [...text].map((letter) => VERBS[letter]!).sort((a, b) => (a < b ? -1 : 1));

/** A line without what it says of minors; undefined where it does not hold. */
function inMinor(line: string, minor: number): string | undefined {
	const [, text = line, from, to] = /^(.*?) @(\d+)-(\d*)$/.exec(line) ?? [];
	return from !== undefined && (minor < Number(from) || (to !== '' && minor > Number(to))) ? undefined : text;
}

function ruleOf(text: string): Made {
	const [what = '', verbs = ''] = (text === 'EVENTS' ? ',events.k8s.io:events cpu' : text).split(' ');
	if (what.startsWith('/') || what === '*') return { nonResourceURLs: what.split(','), verbs: verbsOf(verbs) };
	const [, groups = '', resources = '', names] = /^([^:]*):([^[]*)(?:\[(.*)\])?$/.exec(what) ?? [];
	return {
		apiGroups: groups.split(','),
		...(names === undefined ? {} : { resourceNames: names.split(',') }),
		resources: resources.split(','),
		verbs: verbsOf(verbs),
	};
}

const split = (name: string): { readonly namespace?: string; readonly name: string } => {
	const slash = name.indexOf('/');
	return slash < 0 ? { name } : { namespace: name.slice(0, slash), name: name.slice(slash + 1) };
};

/** What the API server says of its own: that it keeps them as they are. */
const OWN = {
	annotations: { [`${RBAC}/autoupdate`]: 'true' },
	labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
};

function rolesOf(text: string, minor: number, own: boolean, prefix = ''): readonly Made[] {
	const out: (Made & { rules?: Made[] })[] = [];
	for (const raw of text.trim().split('\n')) {
		const line = inMinor(raw, minor);
		if (line === undefined) continue;
		const last = out.at(-1);
		if (line.startsWith(' ')) {
			last!.rules = [...(last!.rules ?? []), ruleOf(line.trim())];
			continue;
		}
		const [name = '', ...marks] = line.split(' ');
		const into = marks.find((mark) => mark.startsWith('>'))?.slice(1);
		const from = marks.find((mark) => mark.startsWith('<'))?.slice(1);
		const where = split(prefix + name);
		const labels = into === undefined ? {} : { [`${RBAC}/aggregate-to-${into}`]: 'true' };
		out.push({
			apiVersion: `${RBAC}/v1`,
			kind: where.namespace === undefined ? 'ClusterRole' : 'Role',
			metadata: { ...where, ...(own ? { ...OWN, labels: { ...OWN.labels, ...labels } } : {}) },
			...(from === undefined
				? {}
				: {
						aggregationRule: {
							clusterRoleSelectors: [{ matchLabels: { [`${RBAC}/aggregate-to-${from}`]: 'true' } }],
						},
					}),
		});
	}
	return out;
}

function subjectOf(text: string): Made {
	const colon = text.indexOf(':');
	const kind = text.slice(0, colon);
	const name = text.slice(colon + 1);
	return kind === 'ServiceAccount' ? { kind, ...split(name) } : { apiGroup: RBAC, kind, name };
}

function bindingsOf(text: string, minor: number, own: boolean): readonly Made[] {
	return text
		.trim()
		.split('\n')
		.flatMap((raw) => {
			const line = inMinor(raw, minor);
			if (line === undefined) return [];
			const [name = '', kind, role, ...subjects] = line.split(' ');
			const where = split(name);
			return [
				{
					apiVersion: `${RBAC}/v1`,
					kind: where.namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
					metadata: { ...where, ...(own ? OWN : {}) },
					roleRef: { apiGroup: RBAC, kind, name: role },
					...(subjects.length > 0 ? { subjects: subjects.map(subjectOf) } : {}),
				},
			];
		});
}

/** The server's own, for a minor of Kubernetes. */
function ownObjects(minor: number): readonly Made[] {
	const controllers = CONTROLLER_ROLES.split('\n').filter((line) => line !== '' && !line.startsWith(' '));
	const bindings = controllers.map(
		(name) => `system:controller:${name} ClusterRole system:controller:${name} ServiceAccount:kube-system/${name}`,
	);
	return [
		...rolesOf(CLUSTER_ROLES, minor, true),
		...rolesOf(CONTROLLER_ROLES, minor, true, 'system:controller:'),
		...rolesOf(NAMESPACE_ROLES, minor, true),
		...bindingsOf(CLUSTER_BINDINGS, minor, true),
		...bindingsOf(bindings.join('\n'), minor, true),
		...bindingsOf(NAMESPACE_BINDINGS, minor, true),
	];
}

export interface SeedOptions {
	readonly minor: number;
	/** When the API server first ran, RFC 3339. */
	readonly born: string;
	/** An object that stands for an addon, by `plural namespace/name`. */
	addon(reference: string): ApiObject | undefined;
	/** Gives an object its uid and puts it where nobody has put one of its name, without a write. */
	put(object: Made, created: string, version: number): void;
}

/** Puts roles and bindings into a server; to be called before each look at them, as addons come with time. */
export function createSeeder(options: SeedOptions): () => void {
	const { minor, born, put, addon } = options;
	let own: readonly Made[] | undefined = ownObjects(minor);
	let waiting = ADDONS;
	return () => {
		if (own) for (const [i, object] of own.entries()) put(object, born, 70 + i);
		own = undefined;
		if (waiting.length === 0) return;
		waiting = waiting.filter(({ with: reference, roles, bindings }) => {
			const there = addon(reference);
			if (!there) return true;
			const { creationTimestamp, resourceVersion } = there.metadata;
			for (const object of [...rolesOf(roles, minor, false), ...bindingsOf(bindings, minor, false)])
				put(object, creationTimestamp, Number(resourceVersion));
			return false;
		});
	};
}
