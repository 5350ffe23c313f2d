/**
 * Who wrote what into each object: nothing but references to what was stored, out of which `managed-fields.ts` makes
 * `metadata.managedFields` when somebody wants to see them.
 */
import type { Write } from './object.ts';

export interface Writes {
	of(uid: string): readonly Write[];
	note(uid: string, write: Write): void;
	forget(uid: string): void;
}

/** Writes kept of one object besides its first; who writes more often has lost what was written long ago. */
const KEPT = 100;

const sameWriter = (a: Write, b: Write): boolean =>
	a.manager === b.manager &&
	a.operation === b.operation &&
	a.apiVersion === b.apiVersion &&
	a.subresource === b.subresource;

export const createWrites = (): Writes => {
	const all = new Map<string, Write[]>();
	return {
		of: (uid) => all.get(uid) ?? [],
		note(uid, write) {
			const list = all.get(uid);
			if (list === undefined) {
				all.set(uid, [write]);
				return;
			}
			const last = list.at(-1)!;
			// A component that writes its status again and again has written it once, lately. People are told apart: who
			// scales up and down again owns the replicas.
			if (list.length > 1 && write.subresource === 'status' && sameWriter(last, write))
				list[list.length - 1] = { ...write, ...(last.before === undefined ? {} : { before: last.before }) };
			else list.push(write);
			if (list.length > KEPT) list.splice(1, 1);
		},
		forget(uid) {
			all.delete(uid);
		},
	};
};
