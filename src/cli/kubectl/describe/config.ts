/** ConfigMaps, Secrets, ServiceAccounts, Namespaces. Source: describe.go @ kubectl v0.24.0. */
import type { ApiObject } from '../../../sim/api/index.ts';
import { at, canonical, type Fields, sortedKeys, sub, subs, text } from '../print/index.ts';
import { all, type Description, NONE, timeText } from './description.ts';

/** Octets behind a base64 text. */
function sizeOf(base64: string): number {
	const length = base64.replace(/\s/g, '').length;
	const padding = /=*$/.exec(base64)![0].length;
	return Math.max(0, (length / 4) * 3 - padding);
}

const decoded = (base64: string): string => {
	try {
		return new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
	} catch {
		return '';
	}
};

export function describeConfigMap(d: Description, object: ApiObject): void {
	d.head(object);
	d.put(0, '\nData\n====\n');
	for (const key of sortedKeys(object.data)) {
		d.put(0, `${key}:\n----\n`);
		// A line more since 1.31 (describe.go @ v0.31.0).
		d.put(0, `${text(object, 'data', key)}\n${d.minor >= 31 ? '\n' : ''}`);
	}
	d.put(0, '\nBinaryData\n====\n');
	for (const key of sortedKeys(object.binaryData))
		d.put(0, `${key}: ${sizeOf(text(object, 'binaryData', key))} bytes\n`);
	d.put(0, '\n');
	d.events(object);
}

const TOKEN = 'kubernetes.io/service-account-token';

export function describeSecret(d: Description, secret: ApiObject): void {
	const type = text(secret, 'type');
	d.head(secret);
	d.put(0, `\nType:\t${type}\n`);
	d.put(0, '\nData\n====\n');
	for (const key of sortedKeys(secret.data)) {
		const value = text(secret, 'data', key);
		d.line(0, key, key === 'token' && type === TOKEN ? decoded(value) : `${sizeOf(value)} bytes`);
	}
}

export function describeServiceAccount(d: Description, account: ApiObject): void {
	const { metadata } = account;
	const secrets = all(d.api, 'secrets', metadata.namespace);
	const there = new Set(secrets.map((secret) => secret.metadata.name));
	const tokens = secrets.filter(
		(secret) =>
			text(secret, 'type') === TOKEN &&
			secret.metadata.annotations?.['kubernetes.io/service-account.name'] === metadata.name &&
			secret.metadata.annotations['kubernetes.io/service-account.uid'] === metadata.uid,
	);
	const names = (list: string): readonly string[] => subs(account, list).map((ref) => text(ref, 'name'));
	const referred = new Set([...names('secrets'), ...names('imagePullSecrets')]);
	d.head(account);
	for (const [label, list] of [
		['Image pull secrets:', names('imagePullSecrets')],
		['Mountable secrets: ', names('secrets')],
		['Tokens:            ', tokens.map((secret) => secret.metadata.name)],
	] as const) {
		if (list.length === 0) d.put(0, `${label}\t${NONE}\n`);
		for (const [i, name] of list.entries())
			d.put(
				0,
				`${i === 0 ? label : ' '.repeat(label.length)}\t${name}${referred.has(name) && !there.has(name) ? ' (not found)' : ''}\n`,
			);
	}
	d.events(account);
}

function describeQuotas(d: Description, quotas: readonly ApiObject[]): void {
	if (quotas.length === 0) {
		d.put(0, 'No resource quota.\n');
		return;
	}
	d.put(0, 'Resource Quotas\n');
	for (const quota of quotas) {
		d.line(1, 'Name', quota.metadata.name);
		d.put(1, 'Resource\tUsed\tHard\n');
		d.put(1, '--------\t---\t---\n');
		const hard = at(quota, 'status', 'hard');
		for (const name of sortedKeys(hard))
			d.put(1, `${name}\t${canonical(text(quota, 'status', 'used', name) || '0')}\t${canonical(text(hard, name))}\n`);
	}
}

const LIMIT_COLUMNS = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'] as const;

function describeLimits(d: Description, limits: readonly Fields[], prefix: string): void {
	for (const limit of limits)
		for (const resource of [...new Set(LIMIT_COLUMNS.flatMap((column) => sortedKeys(limit[column])))].sort()) {
			const cells = LIMIT_COLUMNS.map((column) => {
				const value = text(limit, column, resource);
				return value === '' ? '-' : canonical(value);
			});
			d.put(0, `${prefix}${text(limit, 'type')}\t${resource}\t${cells.join('\t')}\n`);
		}
}

function describeRanges(d: Description, ranges: readonly ApiObject[]): void {
	if (ranges.length === 0) {
		d.put(0, 'No LimitRange resource.\n');
		return;
	}
	d.put(
		0,
		'Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n ----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n',
	);
	for (const range of ranges) describeLimits(d, subs(range, 'spec', 'limits'), ' ');
}

export function describeNamespace(d: Description, space: ApiObject): void {
	const { metadata } = space;
	d.line(0, 'Name', metadata.name);
	d.labels('Labels', metadata.labels);
	d.annotations('Annotations', metadata.annotations);
	d.line(0, 'Status', text(space, 'status', 'phase'));
	const conditions = subs(space, 'status', 'conditions');
	if (conditions.length > 0) {
		d.put(0, 'Conditions:\n');
		d.table(
			1,
			['Type', 'Status', 'LastTransitionTime', 'Reason', 'Message'],
			conditions.map((c) => [
				text(c, 'type'),
				text(c, 'status'),
				timeText(text(c, 'lastTransitionTime')),
				text(c, 'reason'),
				text(c, 'message'),
			]),
		);
	}
	d.put(0, '\n');
	describeQuotas(d, all(d.api, 'resourcequotas', metadata.name));
	d.put(0, '\n');
	describeRanges(d, all(d.api, 'limitranges', metadata.name));
}

export function describeLimitRange(d: Description, range: ApiObject): void {
	d.line(0, 'Name', range.metadata.name);
	d.line(0, 'Namespace', range.metadata.namespace);
	d.put(0, 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio\n');
	d.put(0, '----\t--------\t---\t---\t---------------\t-------------\t-----------------------\n');
	describeLimits(d, subs(range, 'spec', 'limits'), '');
}

/** helpTextForResourceQuotaScope(). */
const SCOPES: Readonly<Record<string, string>> = {
	BestEffort:
		'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
	NotBestEffort:
		'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
	NotTerminating:
		'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
	Terminating:
		'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
};

export function describeResourceQuota(d: Description, quota: ApiObject): void {
	d.line(0, 'Name', quota.metadata.name);
	d.line(0, 'Namespace', quota.metadata.namespace);
	const scopes = [...((sub(quota, 'spec').scopes ?? []) as readonly string[])].sort();
	if (scopes.length > 0) d.line(0, 'Scopes', scopes.join(', '));
	for (const scope of scopes) if (SCOPES[scope] !== undefined) d.put(0, ` * ${SCOPES[scope]}\n`);
	const hard = sub(quota, 'status', 'hard');
	d.table(
		0,
		['Resource', 'Used', 'Hard'],
		sortedKeys(hard).map((name) => [
			name,
			canonical(text(quota, 'status', 'used', name) || '0'),
			canonical(text(hard, name)),
		]),
	);
}
