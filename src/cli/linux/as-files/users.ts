/**
 * Users and groups as /etc/passwd, /etc/shadow and /etc/group have them: useradd and groupadd (shadow 4.8.1
 * src/{useradd,groupadd}.c), busybox's adduser and addgroup (loginutils/ @ 1_35_0).
 */
import type { Call } from '../../tool.ts';
import { usageOf } from '../installed/busybox-words.ts';
import { getopt } from '../words.ts';
import type { Run } from './daemons.ts';

const NAME = /^[a-z_][a-z0-9_-]*\$?$/;

const rows = async (call: Call, path: string): Promise<string[][]> =>
	((await call.files.read(path)) ?? '')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => line.split(':'));

const save = (call: Call, path: string, all: readonly (readonly string[])[]): Promise<void> =>
	call.files.write(path, all.map((row) => `${row.join(':')}\n`).join(''));

/** The first number from `first` on that is above all of its range (find_new_uid.c). */
function free(all: readonly (readonly string[])[], first: number): number {
	const most = first === 1000 ? 60_000 : 999;
	const used = all.map((row) => Number(row[2])).filter((n) => n >= first && n <= most);
	return used.length === 0 ? first : Math.max(...used) + 1;
}

/** What it says of words that it cannot use. */
function unread(call: Call): number {
	const usage = /^add/.test(call.name) && call.args.length === 0 ? usageOf(call.name) : undefined;
	call.err(usage ?? `${call.name}: the simulator could not read: ${[call.name, ...call.args].join(' ')}\n`);
	return usage === undefined ? 2 : 1;
}

const say = (call: Call, text: string, code: number): number => {
	call.err(`${call.name}: ${text}\n`);
	return code;
};

/** Only root writes there. */
const denied = (call: Call): boolean => call.who.uid !== 0;

const useradd: Run = async (call) => {
	const busybox = call.name === 'adduser';
	const parsed = getopt(call.args, {
		short: busybox ? 'h:g:s:G:DSHu:k:' : 'mMrUNu:g:G:s:d:c:',
		long: ['create-home=>m', 'uid=>u', 'gid=>g', 'groups=>G', 'shell=>s', 'home-dir=>d', 'system=>r', 'comment=>c'],
	});
	const [name] = 'fault' in parsed ? [] : parsed.args;
	if ('fault' in parsed || name === undefined) return unread(call);
	const has = (letter: string): boolean => parsed.values.has(letter);
	const value = (letter: string): string | undefined => parsed.values.get(letter);
	if (denied(call)) {
		call.err(`${call.name}: Permission denied.\n${call.name}: cannot lock /etc/passwd; try again later.\n`);
		return 1;
	}
	if (busybox && !has('D') && !has('S'))
		return say(call, 'the simulator asks for no passwords: adduser -D makes a user that has none', 1);
	if (!NAME.test(name)) return say(call, `invalid user name '${name}'`, 3);
	const people = await rows(call, '/etc/passwd');
	const groups = await rows(call, '/etc/group');
	if (people.some(([own]) => own === name))
		return busybox ? say(call, `user '${name}' in use`, 1) : say(call, `user '${name}' already exists`, 9);
	const system = has('r') || (busybox && has('S'));
	const uid = value('u') === undefined ? free(people, system ? 100 : 1000) : Number(value('u'));
	if (people.some((row) => Number(row[2]) === uid)) return say(call, `UID ${uid} is not unique`, 4);
	const grouped = (asked: string): string[] | undefined =>
		groups.find(([own, , gid]) => own === asked || gid === asked);
	const main = busybox ? value('G') : value('g');
	const others = busybox ? [] : (value('G') ?? '').split(',').filter((word) => word !== '');
	for (const word of [...(main === undefined ? [] : [main]), ...others])
		if (!grouped(word)) return say(call, busybox ? `unknown group ${word}` : `group '${word}' does not exist`, 6);
	let gid = main === undefined ? undefined : Number(grouped(main)![2]);
	if (gid === undefined) {
		if (grouped(name))
			return say(call, `group ${name} exists - if you want to add this user to that group, use -g.`, 9);
		gid = groups.some((row) => Number(row[2]) === uid) ? free(groups, system ? 100 : 1000) : uid;
		groups.push([name, 'x', String(gid), '']);
	}
	for (const word of others) {
		const row = grouped(word)!;
		row[3] = [...(row[3] ? row[3].split(',') : []), name].join(',');
	}
	const home = (busybox ? value('h') : value('d')) ?? `/home/${name}`;
	const shell = value('s') ?? (busybox ? '/bin/ash' : '/bin/sh');
	const about = busybox ? (value('g') ?? 'Linux User,,,') : (value('c') ?? '');
	await save(call, '/etc/passwd', [...people, [name, 'x', String(uid), String(gid), about, home, shell]]);
	await save(call, '/etc/group', groups);
	if (busybox ? !has('H') && !has('S') : has('m')) {
		await call.runAt(call.place, ['mkdir', '-p', home]);
		await call.runAt(call.place, ['chown', `${uid}:${gid}`, home]);
	}
	return 0;
};

const groupadd: Run = async (call) => {
	const parsed = getopt(call.args, { short: call.name === 'addgroup' ? 'g:S' : 'g:rf', long: ['gid=>g', 'system=>r'] });
	const [name, other] = 'fault' in parsed ? [] : parsed.args;
	if ('fault' in parsed || name === undefined || other !== undefined) return unread(call);
	if (denied(call)) {
		call.err(`${call.name}: Permission denied.\n${call.name}: cannot lock /etc/group; try again later.\n`);
		return 10;
	}
	if (!NAME.test(name)) return say(call, `'${name}' is not a valid group name`, 3);
	const groups = await rows(call, '/etc/group');
	if (groups.some(([own]) => own === name)) {
		if (parsed.values.has('f')) return 0;
		return call.name === 'addgroup'
			? say(call, `group '${name}' in use`, 1)
			: say(call, `group '${name}' already exists`, 9);
	}
	const system = parsed.values.has('r') || parsed.values.has('S');
	const asked = parsed.values.get('g');
	const gid = asked === undefined ? free(groups, system ? 100 : 1000) : Number(asked);
	if (groups.some((row) => Number(row[2]) === gid)) return say(call, `GID '${gid}' already exists`, 4);
	await save(call, '/etc/group', [...groups, [name, 'x', String(gid), '']]);
	return 0;
};

export const USERS: Readonly<Record<string, Run>> = { useradd, groupadd };
/** busybox's; Debian's of the same names are scripts that ask. */
export const APPLETS: Readonly<Record<string, Run>> = { adduser: useradd, addgroup: groupadd };
