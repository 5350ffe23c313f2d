/** Small programs that ask the lab: who and where one is, and how time goes by. */
import type { Call, Tool } from '../../tool.ts';
import type { ProgramCall } from '../frame.ts';
import { identityOf } from '../identity.ts';
import type { Result } from '../just-bash.ts';
import type { Shell } from '../shell.ts';
import type { OwnProgram } from './index.ts';

/** Octets that coreutils writes at a time (src/yes.c, BUFSIZ). */
const CHUNK = 8192;

const everywhere = (): boolean => true;

/** Who one is: root behind `sudo`. */
export interface Who {
	readonly name: string;
	readonly uid: number;
	readonly gid: number;
	readonly groups: readonly (readonly [id: number, name: string | undefined])[];
	readonly busybox: boolean;
}

const nameOfGroup = (id: number): string | undefined => ({ 0: 'root', 65534: 'nogroup' })[id];

/** Of /etc/passwd and its like. */
const rows = async ({ files }: Shell, path: string): Promise<string[][]> =>
	(await files.exists(path)) ? (await files.readFile(path)).split('\n').map((line) => line.split(':')) : [];

async function whoIs(call: ProgramCall, shell: Shell): Promise<Who> {
	const { facts } = shell;
	const as = identityOf(call.state);
	const busybox = facts.sh === 'ash';
	if (as) {
		const groups = (await rows(shell, '/etc/group')).map(([name, , id]) => [Number(id), name] as const);
		const named = (id: number): string | undefined => groups.find(([n]) => n === id)?.[1] ?? nameOfGroup(id);
		return { ...as, groups: as.groups.map((id) => [id, named(id)] as const), busybox };
	}
	if (facts.ids) {
		const { uid, gid, groups } = facts.ids;
		const own = (id: number): string | undefined =>
			nameOfGroup(id) ?? (id === gid && id === uid && !/^\d/.test(facts.user) ? facts.user : undefined);
		const known = groups.some((id) => own(id) === undefined) ? await rows(shell, '/etc/group') : [];
		const named = (id: number): string | undefined => own(id) ?? known.find(([, , n]) => n === String(id))?.[0];
		return { name: facts.user, uid, gid, groups: groups.map((id) => [id, named(id)] as const), busybox };
	}
	if (facts.user === 'root') return { name: 'root', uid: 0, gid: 0, groups: [[0, 'root']], busybox };
	return {
		name: facts.user,
		uid: 1000,
		gid: 1000,
		groups: [
			[1000, facts.user],
			[27, 'sudo'],
			[998, 'docker'],
		],
		busybox,
	};
}

const said = (stdout: string, stderr = '', exitCode = 0): Result => ({ stdout, stderr, exitCode });

/** coreutils src/whoami.c; busybox coreutils/whoami.c of a number nobody is known by. */
export const whoami: OwnProgram = {
	name: 'whoami',
	async run(call, shell) {
		const { name, uid, busybox } = await whoIs(call, shell);
		if (!/^\d+$/.test(name)) return said(`${name}\n`);
		return said('', busybox ? `whoami: unknown uid ${uid}\n` : `whoami: cannot find name for user ID ${uid}\n`, 1);
	},
};

/** coreutils src/id.c. */
/** Whom the place's files know by a name or a number; root and nobody are known without. */
async function other(shell: Shell, asked: string, self: Who): Promise<Who | undefined> {
	const people = [...(await rows(shell, '/etc/passwd')), ['root', 'x', '0', '0'], ['nobody', 'x', '65534', '65534']];
	const found = people.find(([name]) => name === asked) ?? people.find(([, , uid]) => uid === asked);
	if (!found) return undefined;
	const [name = '', , uid, gid] = found;
	const groups = await rows(shell, '/etc/group');
	const named = (number: number): string | undefined =>
		groups.find(([, , n]) => Number(n) === number)?.[0] ?? nameOfGroup(number);
	const more = groups.filter(([, , , members]) => members?.split(',').includes(name)).map(([, , n]) => Number(n));
	const all = [Number(gid), ...more.filter((n) => n !== Number(gid))];
	return { ...self, name, uid: Number(uid), gid: Number(gid), groups: all.map((n) => [n, named(n)] as const) };
}

export const id: OwnProgram = {
	name: 'id',
	async run(call, shell) {
		const asked = call.args.find((word) => !word.startsWith('-'));
		const self = await whoIs(call, shell);
		const who =
			asked === undefined || asked === self.name || asked === String(self.uid) ? self : await other(shell, asked, self);
		if (!who) {
			const { mark } = await import('../found.ts');
			const text = self.busybox ? `id: unknown user ${asked}\n` : `id: ${mark(call.state, asked!)}: no such user\n`;
			return { stdout: '', stderr: text, exitCode: 1 };
		}
		const flags = call.args
			.filter((word) => word.startsWith('-'))
			.join('')
			.replaceAll('-', '');
		const known = !/^\d+$/.test(who.name);
		const named = (number: number, name: string | undefined): string =>
			name === undefined ? String(number) : `${number}(${name})`;
		const words = flags.includes('n');
		const group = who.groups.find(([number]) => number === who.gid)?.[1] ?? nameOfGroup(who.gid);
		if (flags.includes('u')) return said(`${words && known ? who.name : who.uid}\n`);
		if (flags.includes('G'))
			return said(`${who.groups.map(([number, name]) => (words ? (name ?? number) : number)).join(' ')}\n`);
		if (flags.includes('g')) return said(`${words ? (group ?? who.gid) : who.gid}\n`);
		// busybox writes what the kernel has, in its order.
		const all = who.busybox ? [...who.groups].sort(([a], [b]) => a - b) : who.groups;
		const list = all.map(([number, name]) => named(number, name)).join(',');
		return said(`uid=${named(who.uid, known ? who.name : undefined)} gid=${named(who.gid, group)} groups=${list}\n`);
	},
};

/** The terminal's own sequence: home, and all that is below goes. */
export const clear: Tool = {
	name: 'clear',
	at: everywhere,
	async run(call) {
		call.out('\u001b[H\u001b[2J\u001b[3J');
		return 0;
	},
};

/** A time as coreutils writes it: `1.5`, `2m`, `1h`, `1d`. Microseconds; undefined when it is none. */
export function durationOf(word: string): number | undefined {
	const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(word);
	if (!match) return /^inf(?:inity)?[smhd]?$/i.test(word) ? Number.MAX_SAFE_INTEGER : undefined;
	const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[match[2] || 's']!;
	return Math.round(Number(match[1]) * unit * 1e6);
}

export const sleep: Tool = {
	name: 'sleep',
	at: everywhere,
	async run(call: Call) {
		if (call.args.length === 0) {
			call.err("sleep: missing operand\nTry 'sleep --help' for more information.\n");
			return 1;
		}
		let total = 0;
		for (const word of call.args) {
			const time = durationOf(word);
			if (time === undefined) {
				call.err(`sleep: invalid time interval '${word}'\nTry 'sleep --help' for more information.\n`);
				return 1;
			}
			total += time;
		}
		await call.sleep(total);
		return 0;
	},
};

/** `y` without end; it goes on when whoever reads has read. */
export const yes: Tool = {
	name: 'yes',
	at: everywhere,
	async run(call) {
		const line = `${call.args.join(' ') || 'y'}\n`;
		const chunk = line.repeat(Math.ceil(CHUNK / line.length));
		for (;;) {
			call.out(chunk);
			await call.sleep(0);
		}
	},
};
