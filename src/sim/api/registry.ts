/** Which resources there are now, by any of their names. */

import { minorOf } from '../kube/index.ts';
import { deprecation } from './deprecations.ts';
import type { Resource } from './object.ts';
import { apiVersionOf, builtinResources, byGroupAndName } from './resources.ts';

/** Resources by name; CRDs come and go. */
export interface Registry {
	/** Preferred versions, sorted by group and name. */
	all(): readonly Resource[];
	/** See `ApiServer.find`. */
	find(name: string): Resource | undefined;
	/** By what a manifest says of itself; in the version asked for. */
	ofKind(apiVersion: string, kind: string): Resource | undefined;
	/** Adds or replaces those that a CustomResourceDefinition of this name makes. */
	set(owner: string, resource: Resource): void;
	remove(owner: string): void;
}

/** Names a person may use, in the order in which they are tried. */
const answersTo = (resource: Resource, name: string): boolean =>
	resource.plural === name || resource.singular === name || resource.shortNames.includes(name);

const inVersion = (resource: Resource, version: string): Resource | undefined =>
	version === resource.version ? resource : resource.served?.includes(version) ? { ...resource, version } : undefined;

/** With the warning that goes with the use of this version. */
const warned = (resource: Resource, minor: number): Resource => {
	const warning = resource.custom ? resource.warnings?.[resource.version] : deprecation(resource, minor);
	const { warning: _, ...rest } = resource;
	return warning === undefined ? rest : { ...rest, warning };
};

export const createRegistry = (version: string): Registry => {
	const custom = new Map<string, Resource>();
	const minor = minorOf(version);
	let all: readonly Resource[] = builtinResources(version).map((resource) => warned(resource, minor));
	const builtin = all;
	const kinds = new Map<string, Resource>();
	let found = new Map<string, Resource | undefined>();
	const rebuild = (): void => {
		all = [...builtin, ...custom.values()].sort(byGroupAndName);
		kinds.clear();
		for (const resource of all) {
			for (const served of resource.served ?? [resource.version]) {
				const there = warned(inVersion(resource, served)!, minor);
				kinds.set(`${apiVersionOf(there)}/${resource.kind}`, there);
			}
		}
		found = new Map();
	};
	rebuild();

	const lookUp = (name: string): Resource | undefined => {
		const wanted = name.toLowerCase();
		const direct = all.find((resource) => answersTo(resource, wanted));
		if (direct) return direct;
		const dot = wanted.indexOf('.');
		if (dot < 0) return undefined;
		const plural = wanted.slice(0, dot);
		const rest = wanted.slice(dot + 1);
		const inGroup = all.find((resource) => answersTo(resource, plural) && resource.group === rest);
		if (inGroup) return inGroup;
		const second = rest.indexOf('.');
		const [served, group] = second < 0 ? [rest, ''] : [rest.slice(0, second), rest.slice(second + 1)];
		const there = all.find((resource) => answersTo(resource, plural) && resource.group === group);
		if (there) {
			const exact = inVersion(there, served);
			return exact && warned(exact, minor);
		}
		// kubectl takes the first part of a longer group too: `ippools.cilium` finds cilium.io.
		return all.find((resource) => answersTo(resource, plural) && resource.group.startsWith(rest));
	};

	return {
		all: () => all,
		find: (name) => {
			if (!found.has(name)) found.set(name, lookUp(name));
			return found.get(name);
		},
		ofKind: (apiVersion, kind) => kinds.get(`${apiVersion}/${kind}`),
		set: (owner, resource) => {
			custom.set(owner, warned(resource, minor));
			rebuild();
		},
		remove: (owner) => {
			if (custom.delete(owner)) rebuild();
		},
	};
};
