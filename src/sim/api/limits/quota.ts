/**
 * ResourceQuotas: what they refuse, and what is used of them.
 *
 * Source: k8s.io/apiserver pkg/admission/plugin/resourcequota/controller.go and kubernetes
 * pkg/controller/resourcequota @ v1.24.0. The controller takes no time here: usage follows each write.
 */
import { type Draft, equal, sub, text } from '../json.ts';
import type { ApiObject, ApiServer, Resource } from '../object.ts';
import type { Context } from '../strategy.ts';
import { type Amount, amountOf, amountText, milli, NONE, plus } from './amounts.ts';
import { inScope, unsaid, usageOf } from './usage.ts';

const shown = (amounts: Readonly<Record<string, Amount | undefined>>, names: readonly string[]): string =>
	names.map((name) => `${name}=${amountText(amounts[name] ?? NONE)}`).join(',');

/** Objects of these kinds are counted by quotas of these names; others are not looked at. */
const plurals = (hard: Draft): readonly string[] => {
	const out = new Set<string>();
	for (const name of Object.keys(hard)) {
		if (name.startsWith('count/')) out.add(name.slice('count/'.length));
		else if (name.startsWith('services')) out.add('services');
		else if (name === 'requests.storage' || name.includes('.storageclass.storage.k8s.io/'))
			out.add('persistentvolumeclaims');
		else if (/^(pods|(requests\.|limits\.)?(cpu|memory|ephemeral-storage))$/.test(name)) out.add('pods');
		else out.add(name);
	}
	return [...out];
};

/** Why the quotas of its namespace forbid a new object. The first that does says so. */
export const quotaRefusal = (resource: Resource, object: Draft, context: Context): string | undefined => {
	const namespace = text(object, 'metadata', 'namespace');
	if (namespace === undefined) return undefined;
	for (const quota of context.list('resourcequotas', namespace)) {
		if (!inScope(quota, resource, object)) continue;
		const hard = sub(quota, 'status', 'hard');
		const used = sub(quota, 'status', 'used');
		if (resource.kind === 'Pod') {
			const missing = [...unsaid(hard, object)].sort(([a], [b]) => (a < b ? -1 : 1));
			if (missing.length > 0)
				return `failed quota: ${quota.metadata.name}: must specify ${
					// From 1.25 with the containers that lack them.
					context.minor < 25
						? missing.map(([name]) => name).join(',')
						: missing.map(([name, who]) => `${name} for: ${[...who].sort().join(',')}`).join('; ')
				}`;
		}
		const wanted = usageOf(resource, object);
		const over = Object.keys(hard)
			.filter(
				(name) => (wanted[name] ?? NONE).milli > 0 && milli(used[name] ?? 0) + wanted[name]!.milli > milli(hard[name]),
			)
			.sort();
		if (over.length === 0) continue;
		const amounts = (list: Draft) => Object.fromEntries(over.map((name) => [name, amountOf(list[name] ?? 0)]));
		return `exceeded quota: ${quota.metadata.name}, requested: ${shown(wanted, over)}, used: ${shown(amounts(used), over)}, limited: ${shown(amounts(hard), over)}`;
	}
	return undefined;
};

const statusOf = (api: ApiServer, quota: ApiObject): Draft => {
	const hard = sub(quota, 'spec', 'hard');
	const sums: Record<string, Amount> = {};
	for (const plural of plurals(hard)) {
		const resource = api.find(plural);
		if (resource === undefined) continue;
		const namespace = quota.metadata.namespace;
		for (const object of api.list(resource, namespace === undefined ? {} : { namespace })) {
			if (!inScope(quota, resource, object)) continue;
			const usage = usageOf(resource, object);
			for (const name in usage) if (name in hard) sums[name] = plus(sums[name] ?? NONE, usage[name]!);
		}
	}
	const used = Object.fromEntries(Object.keys(hard).map((name) => [name, amountText(sums[name] ?? NONE)]));
	return { hard, used };
};

/** Brings the usage of a namespace's quotas up to date. */
export const countQuotas = (api: ApiServer, namespace: string | undefined): void => {
	const quotas = api.find('resourcequotas');
	if (namespace === undefined || quotas === undefined) return;
	for (const quota of api.list(quotas, { namespace })) {
		const status = statusOf(api, quota);
		if (!equal(status, quota.status)) api.updateStatus({ ...quota, status });
	}
};
