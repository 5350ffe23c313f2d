/** mv (coreutils src/mv.c @ v8.32). */
import type { Desk } from '../coreutils/desk.ts';
import { absent, attempt, BACKUP, backedUp, goalOf, lastOf, look, plain, same, shellQuoted, within } from './common.ts';
import { clashOf, inTheWay, missing, type Plan } from './copying.ts';

export async function mv(desk: Desk): Promise<void> {
	const given = desk.options('bfinS:t:TuvZ', [
		...BACKUP,
		'context>Z',
		'force>f',
		'interactive>i',
		'no-clobber>n',
		'no-target-directory>T',
		'strip-trailing-slashes',
		'target-directory=>t',
		'update>u',
		'verbose>v',
	]);
	const plan: Plan = {
		given,
		recursive: true,
		follow: 'none',
		keepsMode: true,
		keepsTime: true,
		keepsOwner: true,
		clash: clashOf(given),
		verb: 'renamed ',
		made: new Set(),
	};
	const goal = await goalOf(desk, given);
	const { files } = desk.shell;
	for (const word of goal.sources) {
		const source = given.has('strip-trailing-slashes') ? plain(word) : word;
		const target = goal.inside ? within(goal.target, lastOf(source)) : goal.target;
		const from = await look(desk, source, false);
		if (!from) {
			desk.fault(`cannot stat ${shellQuoted(source)}: ${await absent(desk, source)}`);
			continue;
		}
		const [real, full] = [desk.resolve(source), desk.resolve(target)];
		if (from.kind === 'directory' && `${full}/`.startsWith(`${real}/`)) {
			desk.fault(`cannot move ${shellQuoted(plain(source))} to a subdirectory of itself, ${shellQuoted(target)}`);
			continue;
		}
		const to = await look(desk, target, false);
		if (to && from.kind !== 'directory' && real !== full && (await same(desk, source, target, false))) {
			// Another name of the same file: the one that moves goes (rename(2) does nothing).
			const why = await attempt(() => files.rm(real));
			if (why !== undefined) desk.fault(`cannot remove ${shellQuoted(source)}: ${why}`);
			else if (given.has('v')) desk.write(`removed ${shellQuoted(source)}\n`);
			continue;
		}
		if (to && (await inTheWay(desk, plan, source, from, target, to))) continue;
		if (to?.kind === 'directory' && (await files.readdir(full)).length > 0) {
			desk.fault(`cannot move ${shellQuoted(source)} to ${shellQuoted(target)}: Directory not empty`);
			continue;
		}
		const backup = to ? await backedUp(desk, given, target) : undefined;
		const why = await missing(desk, from.kind === 'directory' ? plain(target) : target, async () => {
			if (to && backup === undefined) await files.rm(full);
			await files.mv(real, full);
		});
		if (why !== undefined) desk.fault(`cannot move ${shellQuoted(source)} to ${shellQuoted(target)}: ${why}`);
		else {
			plan.made.add(full);
			if (given.has('v'))
				desk.write(
					`renamed ${shellQuoted(source)} -> ${shellQuoted(target)}${backup === undefined ? '' : ` (backup: ${shellQuoted(backup)})`}\n`,
				);
		}
	}
}
