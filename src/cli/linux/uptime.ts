/** How long the machine runs and who is there: `uptime`, `w`, `who`, `users`. */
import type { Call } from '../tool.ts';
import { fixed, loadOf, uptimeOf } from './hardware.ts';
import { isBusybox } from './images.ts';

/** `up 2:05`, `up 3 min`, `up 1 day,  4:10` (procps proc/whattime.c). */
function upText(seconds: number): string {
	const minutes = Math.floor(seconds / 60) % 60;
	const hours = Math.floor(seconds / 3600) % 24;
	const days = Math.floor(seconds / 86_400);
	const day = days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : '';
	return `up ${day}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`}`;
}

function clockText(call: Call): string {
	const seconds = Math.floor(call.lab.epoch + call.lab.now / 1e6);
	const at = (n: number): string => String(n).padStart(2, '0');
	return `${at(Math.floor(seconds / 3600) % 24)}:${at(Math.floor(seconds / 60) % 60)}:${at(seconds % 60)}`;
}

/** ` 10:06:58 up 16 min,  0 users,  load average: 1.32, 1.48, 1.58`, which is top's first line too. */
export function uptimeLine(call: Call): string {
	const users = call.place.kind === 'laptop' ? 1 : 0;
	const load = loadOf(call.lab).map((n) => fixed(n, 2));
	if (isBusybox('uname', call.place, call.lab))
		return ` ${clockText(call)} ${upText(uptimeOf(call.lab))},  ${users} users,  load average: ${load.join(', ')}\n`;
	return ` ${clockText(call)} ${upText(uptimeOf(call.lab))},  ${users} user${users === 1 ? '' : 's'},  load average: ${load.join(', ')}\n`;
}

export const uptime = async (call: Call): Promise<number> => {
	const [word] = call.args;
	const seconds = uptimeOf(call.lab);
	if (word === '-p' || word === '--pretty') {
		const part = (n: number, name: string): string[] => (n > 0 ? [`${n} ${name}${n > 1 ? 's' : ''}`] : []);
		const minutes = Math.floor(seconds / 60);
		call.out(
			`up ${[...part(Math.floor(minutes / 1440), 'day'), ...part(Math.floor(minutes / 60) % 24, 'hour'), ...part(minutes % 60, 'minute')].join(', ')}\n`,
		);
	} else if (word === '-s' || word === '--since') {
		const at = new Date((call.lab.epoch + call.lab.now / 1e6 - seconds) * 1000);
		call.out(`${at.toISOString().slice(0, 19).replace('T', ' ')}\n`);
	} else if (word !== undefined) {
		call.err(`uptime: invalid option -- '${word.replace(/^-+/, '').slice(0, 1)}'\n\nUsage:\n uptime [options]\n`);
		return 1;
	} else call.out(uptimeLine(call));
	return 0;
};

/** `who`, and by their names `w` and `users`. */
export const who = async (call: Call): Promise<number> => {
	if (call.place.kind !== 'laptop') return 0;
	const at = new Date((call.lab.epoch + call.lab.now / 1e6 - uptimeOf(call.lab) + 60) * 1000);
	if (call.name === 'users') call.out('learner\n');
	else if (call.name === 'w')
		call.out(
			`${uptimeLine(call)}USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\nlearner  pts/0    -                ${at.toISOString().slice(11, 16)}    0.00s  0.00s  0.00s w\n`,
		);
	else call.out(`learner  pts/0        ${at.toISOString().slice(0, 16).replace('T', ' ')}\n`);
	return 0;
};
