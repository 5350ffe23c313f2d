/** cp (coreutils src/cp.c @ v8.32). */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { attempt, BACKUP, goalOf, lastOf, look, plain, quote, shellQuoted, within } from './common.ts';
import { clashOf, copyOne, type Plan } from './copying.ts';

const KEPT = 'mode ownership timestamps links context xattr all'.split(' ');

export async function cp(desk: Desk): Promise<void> {
	const given = desk.options('abdfHilLnprst:uvxPRS:TZ', [
		...BACKUP,
		'archive>a',
		'attributes-only',
		'copy-contents',
		'context?>Z',
		'dereference>L',
		'force>f',
		'interactive>i',
		'link>l',
		'no-clobber>n',
		'no-dereference>P',
		'no-preserve=',
		'no-target-directory>T',
		'one-file-system>x',
		'parents',
		'preserve?',
		'recursive>R',
		'reflink?',
		'remove-destination',
		'sparse=',
		'strip-trailing-slashes',
		'symbolic-link>s',
		'target-directory=>t',
		'update>u',
		'verbose>v',
	]);
	const kept = new Set<string>();
	for (const [name, value] of given.all) {
		if (name === 'p' || (name === 'preserve' && value === '')) for (const what of KEPT.slice(0, 3)) kept.add(what);
		else if (name === 'a') for (const what of KEPT) kept.add(what);
		else if (name === 'preserve' || name === 'no-preserve')
			for (const word of value.split(',')) {
				if (!KEPT.includes(word))
					throw new Leave(
						`cp: invalid argument ${quote(desk, word)} for ${quote(desk, `--${name}`)}\nValid arguments are:\n${KEPT.map((w) => `  - ${quote(desk, w)}\n`).join('')}Try 'cp --help' for more information.\n`,
					);
				for (const what of word === 'all' ? KEPT : [word]) name === 'preserve' ? kept.add(what) : kept.delete(what);
			}
	}
	const links = given.all.findLast(([name]) => 'HLPad'.includes(name))?.[0];
	const recursive = ['r', 'R', 'a'].some((name) => given.has(name));
	const plan: Plan = {
		given,
		recursive,
		follow:
			links === 'L'
				? 'all'
				: links === 'H'
					? 'named'
					: links !== undefined || (recursive && !given.has('l'))
						? 'none'
						: 'all',
		keepsMode: kept.has('mode'),
		keepsTime: kept.has('timestamps'),
		keepsOwner: kept.has('ownership'),
		clash: clashOf(given),
		verb: '',
		made: new Set(),
	};
	const goal = await goalOf(desk, given);
	if (given.has('parents') && !goal.inside) throw desk.usage('with --parents, the destination must be a directory');
	const seen = new Set<string>();
	for (const word of goal.sources) {
		const source = given.has('strip-trailing-slashes') ? plain(word) : word;
		const full = desk.resolve(source);
		if (seen.has(full) && goal.inside) {
			const kind = (await look(desk, source, true))?.kind === 'directory' ? 'directory' : 'file';
			desk.say(`cp: warning: source ${kind} ${shellQuoted(source)} specified more than once\n`);
			continue;
		}
		seen.add(full);
		if (given.has('parents')) {
			const steps = plain(source).split('/').filter(Boolean);
			for (let i = 1; i < steps.length; i++) {
				const [from, at] = [steps.slice(0, i).join('/'), within(goal.target, steps.slice(0, i).join('/'))];
				if (await look(desk, at, true)) continue;
				const why = await attempt(() => desk.shell.files.mkdir(desk.resolve(at)));
				if (why !== undefined) throw new Leave(`cp: cannot make directory ${shellQuoted(at)}: ${why}\n`);
				if (given.has('v')) desk.write(`${source.startsWith('/') ? '/' : ''}${from} -> ${at}\n`);
			}
			await copyOne(desk, plan, source, within(goal.target, steps.join('/')), 0);
			continue;
		}
		const name = lastOf(source);
		const into = goal.inside ? (/^\.\.?$/.test(name) ? goal.target : within(goal.target, name)) : goal.target;
		await copyOne(desk, plan, source, into, 0);
	}
}
