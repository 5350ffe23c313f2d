/** Small programs that ask the lab: who and where one is, and how time goes by. */
import type { Call, Tool } from '../../tool.ts';
import { factsOf } from '../places.ts';

/** Octets that coreutils writes at a time (src/yes.c, BUFSIZ). */
const CHUNK = 8192;

const everywhere = (): boolean => true;

export const whoami: Tool = {
	name: 'whoami',
	at: everywhere,
	async run(call) {
		call.out(`${userOf(call)}\n`);
		return 0;
	},
};

/** Who one is: root behind `sudo`. */
const userOf = (call: Call): string => (call.env.has('SUDO_USER') ? 'root' : factsOf(call.place, call.lab, []).user);

/** coreutils src/id.c: root has no more groups in these places, and the workstation's one user is in Docker's. */
export const id: Tool = {
	name: 'id',
	at: everywhere,
	async run(call) {
		const user = userOf(call);
		const root = user === 'root';
		const [uid, gid] = root ? [0, 0] : [1000, 1000];
		const flags = call.args
			.filter((word) => word.startsWith('-'))
			.join('')
			.replaceAll('-', '');
		const groups = root
			? [[gid, 'root']]
			: [
					[gid, user],
					[27, 'sudo'],
					[998, 'docker'],
				];
		const name = flags.includes('n');
		if (flags.includes('u')) call.out(`${name ? user : uid}\n`);
		else if (flags.includes('G')) call.out(`${groups.map(([number, word]) => (name ? word : number)).join(' ')}\n`);
		else if (flags.includes('g')) call.out(`${name ? user : gid}\n`);
		else
			call.out(
				`uid=${uid}(${user}) gid=${gid}(${user}) groups=${groups.map(([n, word]) => `${n}(${word})`).join(',')}\n`,
			);
		return 0;
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
	if (!match) return word === 'infinity' ? Number.MAX_SAFE_INTEGER : undefined;
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
