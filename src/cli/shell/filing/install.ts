/** install (coreutils src/install.c @ v8.32). */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { attempt, BACKUP, goalOf, lastOf, look, plain, quote, same, shellQuoted, within } from './common.ts';
import { copyOne, type Plan } from './copying.ts';
import { modeChange } from './modes.ts';

export async function install(desk: Desk): Promise<void> {
	const given = desk.options('bcCdDg:m:o:psS:t:TvZ', [
		...BACKUP,
		'compare>C',
		'context?>Z',
		'directory>d',
		'group=>g',
		'mode=>m',
		'no-target-directory>T',
		'owner=>o',
		'preserve-context',
		'preserve-timestamps>p',
		'strip>s',
		'strip-program=',
		'target-directory=>t',
		'verbose>v',
	]);
	const { files } = desk.shell;
	const word = given.value('m') ?? '755';
	const change = modeChange(word);
	if (!change) throw new Leave(`install: invalid mode ${quote(desk, word)}\n`);
	const give = async (path: string): Promise<void> => {
		await attempt(() => files.chmod(desk.resolve(path), change(0, false)));
		const [user, group] = [given.value('o'), given.value('g')];
		if (user === undefined && group === undefined) return;
		const id = async (name: string | undefined, file: string, what: string): Promise<number | undefined> => {
			if (name === undefined || /^\d+$/.test(name)) return name === undefined ? undefined : Number(name);
			const text = (await files.exists(file)) ? await files.readFile(file) : '';
			const row = text.split('\n').find((line) => line.startsWith(`${name}:`));
			if (!row) throw new Leave(`install: invalid ${what} ${quote(desk, name)}\n`);
			return Number(row.split(':')[2]);
		};
		const why = files.chown(
			desk.resolve(path),
			await id(user, '/etc/passwd', 'user'),
			await id(group, '/etc/group', 'group'),
			[user, group],
		);
		if (why !== undefined) desk.fault(`cannot change ownership of ${shellQuoted(path)}: ${why}`);
	};
	const folders = async (path: string): Promise<boolean> => {
		const steps = plain(path).split('/');
		for (let i = 0; i < steps.length; i++) {
			const at = steps.slice(0, i + 1).join('/') || '/';
			const there = await look(desk, at, true);
			if (there?.kind === 'directory') continue;
			const why = there
				? i < steps.length - 1
					? 'Not a directory'
					: 'File exists'
				: await attempt(() => files.mkdir(desk.resolve(at)));
			if (why !== undefined) {
				desk.fault(`cannot create directory ${quote(desk, at)}: ${why}`);
				return false;
			}
			if (given.has('v')) desk.write(`install: creating directory ${shellQuoted(at)}\n`);
		}
		return true;
	};
	if (given.has('d')) {
		if (given.operands.length === 0) throw desk.usage('missing file operand');
		for (const path of given.operands) if (await folders(path)) await give(path);
		return;
	}
	const target = given.operands.at(-1);
	if (given.has('D')) {
		const folder =
			given.value('t') ??
			(given.operands.length > 1 && target!.includes('/') ? target!.slice(0, target!.lastIndexOf('/')) : '');
		if (folder !== '' && !(await folders(folder))) return;
	}
	const goal = await goalOf(desk, given);
	const plan: Plan = {
		given,
		recursive: false,
		follow: 'all',
		keepsMode: false,
		keepsTime: given.has('p'),
		keepsOwner: false,
		clash: undefined,
		verb: '',
		made: new Set(),
	};
	for (const source of goal.sources) {
		const path = goal.inside ? within(goal.target, lastOf(source)) : goal.target;
		const there = await look(desk, source, true);
		if (there?.kind === 'directory') {
			desk.fault(`omitting directory ${shellQuoted(source)}`);
			continue;
		}
		const before = desk.code;
		desk.code = 0;
		if (
			there &&
			(await look(desk, path, true))?.kind === 'file' &&
			!given.has('b') &&
			!(await same(desk, source, path))
		)
			await attempt(() => files.rm(desk.resolve(path)));
		await copyOne(desk, plan, source, path, 0);
		if (desk.code === 0) await give(path);
		desk.code ||= before;
	}
}
