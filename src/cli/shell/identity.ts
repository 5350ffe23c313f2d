/**
 * As whom something runs: whoever is in a place, or who they became by `sudo`, `su` or `docker exec -u`. It is kept beside
 * a shell's variables, not in them: nobody becomes root by a variable.
 */
import type { Person } from '../tool.ts';
import type { LabFiles } from './files.ts';
import type { State } from './just-bash.ts';
import type { PlaceFacts } from './places.ts';

export interface Identity extends Person {
	readonly home: string;
	readonly shell: string;
}

type Owned = State & { as?: Identity };

/** Who runs what has this state, where that is not who is in the place anyway. */
export const identityOf = (state: State): Identity | undefined => (state as Owned).as;

export function setIdentity(state: State, as: Identity | undefined): void {
	if (as) (state as Owned).as = as;
	else delete (state as Owned).as;
}

export const ROOT: Identity = {
	name: 'root',
	uid: 0,
	gid: 0,
	groups: [0],
	group: 'root',
	home: '/root',
	shell: '/bin/bash',
};

/** Who is in a place by itself. */
export function personOf({ user, home, ids }: PlaceFacts): Identity {
	if (ids) return { name: user, ...ids, home, shell: '/bin/bash' };
	if (user === 'root') return { ...ROOT, home };
	return { name: user, uid: 1000, gid: 1000, groups: [1000, 27, 998], home, shell: '/bin/bash' };
}

/** What a place is like for somebody else than who is there by himself. */
export const factsFor = (facts: PlaceFacts, as: Identity): PlaceFacts => ({
	...facts,
	user: as.name,
	home: as.home,
	ids: { uid: as.uid, gid: as.gid, groups: as.groups },
});

/** Somebody by a name, or by a number (`#1000` or `1000`), as the place's files have them. */
export async function personNamed(files: LabFiles, asked: string): Promise<Identity | undefined> {
	const rows = async (path: string): Promise<string[][]> =>
		(await files.exists(path)) ? (await files.readFile(path)).split('\n').map((line) => line.split(':')) : [];
	const people = [
		...(await rows('/etc/passwd')),
		['root', 'x', '0', '0', 'root', '/root', '/bin/bash'],
		['nobody', 'x', '65534', '65534', 'nobody', '/nonexistent', '/usr/sbin/nologin'],
	];
	const found = people.find(([name]) => name === asked) ?? people.find(([, , uid]) => uid === asked);
	if (!found) return undefined;
	const [name = '', , uid, gid, , home = '/', shell = '/bin/sh'] = found;
	const known = await rows('/etc/group');
	const more = known.filter(([, , , members]) => members?.split(',').includes(name)).map(([, , n]) => Number(n));
	const group = known.find(([, , n]) => n === gid)?.[0] ?? (gid === '0' ? 'root' : gid === '65534' ? 'nogroup' : gid!);
	const groups = [Number(gid), ...more.filter((n) => n !== Number(gid))];
	return { name, uid: Number(uid), gid: Number(gid), groups, group, home, shell: shell || '/bin/sh' };
}
