/**
 * LimitRanges: what they fill into pods and what they refuse.
 *
 * Source: kubernetes plugin/pkg/admission/limitranger/admission.go, pkg/apis/core/v1/defaults.go @ v1.24.0.
 */
import { clone, type Draft, fill, sub, subs, text, within } from '../json.ts';
import type { ApiObject, Resource } from '../object.ts';
import type { Context } from '../strategy.ts';
import { amountOf, amountText, milli, NONE, plus } from './amounts.ts';

/** What a limit for containers leaves out is taken from what it says. */
export const defaultRange = (object: Draft): void => {
	for (const limit of subs(object, 'spec', 'limits')) {
		if (limit.type !== 'Container') continue;
		const usual = within(limit, 'default');
		for (const name in sub(limit, 'max')) fill(usual, name, sub(limit, 'max')[name]);
		const requests = within(limit, 'defaultRequest');
		for (const from of [usual, sub(limit, 'min')]) for (const name in from) fill(requests, name, from[name]);
	}
};

const rangesOf = (object: Draft, context: Context): readonly ApiObject[] => {
	const namespace = text(object, 'metadata', 'namespace');
	return namespace === undefined ? [] : context.list('limitranges', namespace);
};

/** Fills the defaults of its namespace into a pod, and says so in an annotation. */
export const limitPod = (pod: Draft, context: Context): void => {
	for (const range of rangesOf(pod, context)) {
		const limits: Draft = {};
		const requests: Draft = {};
		for (const limit of subs(range, 'spec', 'limits')) {
			if (limit.type !== 'Container') continue;
			Object.assign(limits, sub(limit, 'default'));
			Object.assign(requests, sub(limit, 'defaultRequest'));
		}
		const said: string[] = [];
		for (const [key, what] of [
			['containers', 'container'],
			['initContainers', 'init container'],
		] as const)
			for (const container of subs(pod, 'spec', key))
				for (const [part, from] of [
					['requests', requests],
					['limits', limits],
				] as const) {
					const missing = Object.keys(from)
						.filter((name) => sub(container, 'resources', part)[name] === undefined)
						.sort();
					if (missing.length === 0) continue;
					const resources = within(container, 'resources');
					const list = clone(sub(resources, part));
					for (const name of missing) list[name] = from[name];
					resources[part] = list;
					said.push(`${missing.join(', ')} ${part.slice(0, -1)} for ${what} ${text(container, 'name')}`);
				}
		if (said.length > 0)
			within(within(pod, 'metadata'), 'annotations')['kubernetes.io/limit-ranger'] =
				`LimitRanger plugin set: ${said.join('; ')}`;
	}
};

interface Asked {
	readonly requests: Draft;
	readonly limits: Draft;
}

/** One limit against what one container, pod or claim asks for. */
const breaches = (limit: Draft, { requests, limits }: Asked): readonly string[] => {
	const type = text(limit, 'type') ?? '';
	const out: string[] = [];
	const min = sub(limit, 'min');
	for (const name of Object.keys(min).sort()) {
		const head = `minimum ${name} usage per ${type} is ${amountText(amountOf(min[name]))}`;
		const [asked, most] = [requests[name], limits[name]];
		if (asked === undefined) out.push(`${head}.  No request is specified`);
		else if (milli(asked) < milli(min[name])) out.push(`${head}, but request is ${amountText(amountOf(asked))}`);
		else if (most !== undefined && milli(most) < milli(min[name]))
			out.push(`${head}, but limit is ${amountText(amountOf(most))}`);
	}
	const max = sub(limit, 'max');
	for (const name of Object.keys(max).sort()) {
		const head = `maximum ${name} usage per ${type} is ${amountText(amountOf(max[name]))}`;
		const [asked, most] = [requests[name], limits[name]];
		// A claim has requests only.
		if (type === 'PersistentVolumeClaim') {
			if (milli(asked ?? 0) > milli(max[name])) out.push(`${head}, but request is ${amountText(amountOf(asked))}`);
		} else if (most === undefined) out.push(`${head}.  No limit is specified`);
		else if (milli(most) > milli(max[name])) out.push(`${head}, but limit is ${amountText(amountOf(most))}`);
		else if (asked !== undefined && milli(asked) > milli(max[name]))
			out.push(`${head}, but request is ${amountText(amountOf(asked))}`);
	}
	return out;
};

const podSums = (pod: Draft): Asked => {
	const sum = (part: 'requests' | 'limits'): Draft => {
		const out: Draft = {};
		const all = subs(pod, 'spec', 'containers').map((one) => sub(one, 'resources', part));
		for (const name of new Set(all.flatMap(Object.keys)))
			if (all.every((list) => list[name] !== undefined))
				out[name] = amountText(all.map((list) => amountOf(list[name])).reduce(plus, NONE));
		return out;
	};
	return { requests: sum('requests'), limits: sum('limits') };
};

/** Why the limits of its namespace forbid a new pod or claim. */
export const rangeRefusal = (resource: Resource, object: Draft, context: Context): string | undefined => {
	if (resource.kind !== 'Pod' && resource.kind !== 'PersistentVolumeClaim') return undefined;
	const asked = (one: Draft): Asked => ({
		requests: sub(one, 'resources', 'requests'),
		limits: sub(one, 'resources', 'limits'),
	});
	const said = rangesOf(object, context)
		.flatMap((range) => subs(range, 'spec', 'limits'))
		.flatMap((limit) => {
			if (resource.kind === 'PersistentVolumeClaim')
				return limit.type === resource.kind ? breaches(limit, asked(sub(object, 'spec'))) : [];
			if (limit.type === 'Pod') return breaches(limit, podSums(object));
			if (limit.type !== 'Container') return [];
			const containers = [...subs(object, 'spec', 'containers'), ...subs(object, 'spec', 'initContainers')];
			return containers.flatMap((one) => breaches(limit, asked(one)));
		});
	const each = [...new Set(said)];
	if (each.length === 0) return undefined;
	return each.length === 1 ? each[0] : `[${each.join(', ')}]`;
};
