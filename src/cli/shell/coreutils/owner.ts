/** chown and chgrp (coreutils src/chown.c, chown-core.c @ v8.32). */
import { type Desk, Leave } from './desk.ts';

const NAMES: Readonly<Record<string, number>> = {
	root: 0,
	daemon: 1,
	bin: 2,
	'www-data': 33,
	nginx: 101,
	nobody: 65534,
	nogroup: 65534,
};

/** As /etc/passwd and /etc/group have it. */
async function numberOf(desk: Desk, word: string, what: 'user' | 'group', name: string): Promise<number> {
	if (/^\d+$/.test(word)) return Number(word);
	const { files } = desk.shell;
	const path = what === 'user' ? '/etc/passwd' : '/etc/group';
	const lines = (await files.exists(path)) ? (await files.readFile(path)).split('\n') : [];
	const listed = lines.map((line) => line.split(':')).find(([one]) => one === word)?.[2];
	const known = listed !== undefined ? Number(listed) : Object.hasOwn(NAMES, word) ? NAMES[word] : undefined;
	if (known === undefined) throw new Leave(`${name}: invalid ${what}: '${word}'\n`);
	return known;
}

export async function chown(desk: Desk): Promise<void> {
	const given = desk.options('RvcfhHLP', [
		'recursive>R',
		'verbose>v',
		'no-dereference>h',
		'changes>c',
		'silent>f',
		'quiet>f',
	]);
	const [spec, ...paths] = given.operands;
	if (spec === undefined) throw desk.usage('missing operand');
	if (paths.length === 0) throw desk.usage(`missing operand after '${spec}'`);
	const { files } = desk.shell;
	let uid: number | undefined;
	let gid: number | undefined;
	if (desk.name === 'chgrp') gid = await numberOf(desk, spec, 'group', 'chgrp');
	else {
		const [user = '', group] = spec.split(/[:.]/);
		if (user !== '') uid = await numberOf(desk, user, 'user', 'chown');
		if (group !== undefined && group !== '') gid = await numberOf(desk, group, 'group', 'chown');
		else if (group === '' && uid !== undefined) gid = uid;
	}
	const user = desk.name === 'chgrp' ? undefined : spec.split(/[:.]/)[0] || undefined;
	const group = desk.name === 'chgrp' ? spec : spec.split(/[:.]/)[1] || (/[:.]$/.test(spec) ? user : undefined);
	const names = [user, group] as const;
	const change = async (path: string): Promise<void> => {
		const full = desk.resolve(path);
		if (!(await files.exists(full))) {
			desk.fault(`cannot access '${path}': No such file or directory`);
			return;
		}
		const fault = files.chown(full, uid, gid, names);
		if (fault !== undefined) {
			const what = desk.name === 'chgrp' ? 'group' : 'ownership';
			desk.fault(`changing ${what} of '${path}': ${fault}`);
		}
		if (given.has('R') && (await files.stat(full)).isDirectory)
			for (const name of await files.readdir(full)) await change(`${path.replace(/\/$/, '')}/${name}`);
	};
	for (const path of paths) await change(path);
}
