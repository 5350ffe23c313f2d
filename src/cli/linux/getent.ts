/** `getent`: what the name service says of names, users, groups. Source: glibc nss/getent.c @ 2.35. */
import { imageFacts } from '../../sim/lab/index.ts';
import { formatIp, parseIp } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool, imageAt } from './images.ts';
import { nameOf, resolve } from './resolve.ts';
import { type Space, withSpace } from './space.ts';

const DATABASES =
	'ahosts ahostsv4 ahostsv6 aliases ethers group gshadow hosts initgroups netgroup networks passwd protocols rpc services shadow'.split(
		' ',
	);

/** A database that is a file of lines, with the fields a key may be. */
const FILES: Readonly<Record<string, readonly [path: string, keys: readonly number[]]>> = {
	passwd: ['/etc/passwd', [0, 2]],
	group: ['/etc/group', [0, 2]],
	shadow: ['/etc/shadow', [0]],
	gshadow: ['/etc/gshadow', [0]],
};

const lines = async (call: Call, path: string): Promise<readonly string[]> =>
	((await call.files.read(path)) ?? '')
		.split('\n')
		.map((line) => line.replace(/#.*/, '').trimEnd())
		.filter((line) => line !== '');

async function hosts(call: Call, space: Space, keys: readonly string[], all: boolean): Promise<number> {
	let code = 0;
	if (keys.length === 0) {
		for (const line of await lines(call, '/etc/hosts')) {
			const [address = '', ...names] = line.split(/\s+/);
			if (parseIp(address) !== undefined) call.out(`${address.padEnd(15)} ${names.join(' ')}\n`);
		}
		return 0;
	}
	for (const key of keys) {
		const ip = parseIp(key);
		if (ip !== undefined && !all) {
			const name = await nameOf(call, space, ip);
			if (name === undefined) code = 2;
			else call.out(`${key.padEnd(15)} ${name}\n`);
			continue;
		}
		const found = await resolve(call, space, key);
		if ('error' in found) code = 2;
		else if (all)
			for (const kind of ['STREAM', 'DGRAM', 'RAW'])
				call.out(`${formatIp(found.ip).padEnd(15)} ${kind === 'STREAM' ? `STREAM ${found.name}` : kind}\n`);
		else if (musl(call)) {
			// gethostbyname2_r() of musl has the name itself among its aliases, and what was asked when that is another.
			const names = [found.name, ...(found.name === key ? [] : [key])];
			call.out(`${formatIp(found.ip).padEnd(16)}  ${found.name}  ${names.join(' ')}\n`);
		} else call.out(`${formatIp(found.ip).padEnd(15)} ${[found.name, ...(found.aliases ?? [])].join(' ')}\n`);
	}
	return code;
}

/** Alpine's getent is musl-utils', over musl. */
const musl = ({ place, lab }: Call): boolean => imageFacts(imageAt(place, lab) ?? '').system === 'alpine';

/** passwd, group and others by name or number. */
async function table(call: Call, [path, fields]: (typeof FILES)[string], keys: readonly string[]): Promise<number> {
	const all = await lines(call, path);
	if (keys.length === 0) {
		for (const line of all) call.out(`${line}\n`);
		return 0;
	}
	let code = 0;
	for (const key of keys) {
		const line = all.find((one) => {
			const parts = one.split(':');
			return fields.some((at) => parts[at] === key && (at === 0 || /^\d+$/.test(key)));
		});
		if (line === undefined) code = 2;
		else call.out(`${line}\n`);
	}
	return code;
}

async function groupsOf(call: Call, keys: readonly string[]): Promise<number> {
	const all = await lines(call, '/etc/group');
	for (const key of keys) {
		const of = all
			.filter((line) => (line.split(':')[3] ?? '').split(',').includes(key))
			.map((line) => line.split(':')[2]);
		call.out(`${key.padEnd(21)} ${of.join(' ')}\n`.replace(/ +\n$/, '\n'));
	}
	return 0;
}

async function run(call: Call, space: Space): Promise<number> {
	const words = call.args.filter((arg) => !arg.startsWith('-'));
	const odd = call.args.find((arg) => arg.startsWith('-') && !/^(?:-i|--no-idn)$/.test(arg));
	if (odd === '-V' || odd === '--version') {
		call.out('getent (Ubuntu GLIBC 2.35-0ubuntu3) 2.35\n');
		return 0;
	}
	if (odd !== undefined) {
		call.err(`getent: the simulator does not take ${odd}\n`);
		return 1;
	}
	const [database, ...keys] = words;
	if (database === undefined) {
		call.err("getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n");
		return 1;
	}
	if (!DATABASES.includes(database)) {
		call.err(`Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`);
		return 1;
	}
	if (database === 'hosts' || database === 'ahosts' || database === 'ahostsv4')
		return hosts(call, space, keys, database !== 'hosts');
	const file = FILES[database];
	if (file) return table(call, file, keys);
	if (database === 'initgroups' && keys.length > 0) return groupsOf(call, keys);
	call.err(`getent: the simulator has no database ${database}\n`);
	return 1;
}

export const getent: Tool = {
	name: 'getent',
	at: hasTool('getent'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};
