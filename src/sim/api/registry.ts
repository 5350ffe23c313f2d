/** Which resources there are now, by any of their names. */
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

export const createRegistry = (version: string): Registry => {
	const custom = new Map<string, Resource>();
	let all = builtinResources(version);
	const builtin = all;
	const kinds = new Map<string, Resource>();
	let found = new Map<string, Resource | undefined>();
	const rebuild = (): void => {
		all = [...builtin, ...custom.values()].sort(byGroupAndName);
		kinds.clear();
		for (const resource of all) {
			for (const served of resource.served ?? [resource.version]) {
				const there = inVersion(resource, served)!;
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
		if (there) return inVersion(there, served);
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
			custom.set(owner, resource);
			rebuild();
		},
		remove: (owner) => {
			if (custom.delete(owner)) rebuild();
		},
	};
};
