/** `apt-get` of Debian's and Ubuntu's images (apt 2.x, apt-private): packages of tools, installed into a container that forgets them. */
import type { Call, Tool } from '../tool.ts';
import { DEBIAN_PACKAGES } from './image-packages.ts';
import { hasTool, installedAt, packagesAt } from './images.ts';
import { getopt } from './words.ts';

/** Ubuntu's names of its releases. */
const UBUNTU: Readonly<Record<string, string>> = {
	'24.04': 'noble',
	'22.04': 'jammy',
	'21.10': 'impish',
	'20.04': 'focal',
	'18.04': 'bionic',
};

/** Where packages come from: as /etc/os-release has it. */
async function archive(call: Call): Promise<readonly [url: string, suite: string]> {
	const text = (await call.files.read('/etc/os-release')) ?? '';
	const value = (key: string): string => new RegExp(`^${key}="?([^"\n]*)`, 'm').exec(text)?.[1] ?? '';
	return value('ID') === 'ubuntu'
		? ['http://archive.ubuntu.com/ubuntu', UBUNTU[value('VERSION_ID')] ?? 'jammy']
		: ['http://deb.debian.org/debian', value('VERSION_CODENAME') || 'bullseye'];
}

const LISTS = 'Reading package lists... Done\n';

async function update(call: Call, quiet: boolean): Promise<number> {
	const say = (text: string): void => {
		if (!quiet) call.out(text);
	};
	const here = installedAt(call.place, call.lab);
	const [url, suite] = await archive(call);
	const word = here.lists ? 'Hit' : 'Get';
	for (const [i, name] of [suite, `${suite}-updates`, `${suite}-security`].entries()) {
		await call.sleep((300 + call.lab.random('apt', `${call.lab.now} ${name}`, 900)) * 1000);
		say(`${word}:${i + 1} ${url} ${name} InRelease\n`);
	}
	await call.sleep((here.lists ? 1 : 3) * 1e6);
	here.lists = true;
	say(LISTS);
	return 0;
}

async function install(call: Call, names: readonly string[], quiet: boolean): Promise<number> {
	const here = installedAt(call.place, call.lab);
	const say = (text: string): void => {
		if (!quiet) call.out(text);
	};
	say(`${LISTS}Building dependency tree... Done\nReading state information... Done\n`);
	const missing = names.filter((name) => !here.lists || !Object.hasOwn(DEBIAN_PACKAGES, name));
	if (missing.length > 0) {
		for (const name of missing) call.err(`E: Unable to locate package ${name}\n`);
		return 100;
	}
	const have = new Set(packagesAt(call.place, call.lab));
	const fresh = [...new Set(names)].filter((name) => {
		const packages = DEBIAN_PACKAGES[name]!;
		return packages.length === 0 || packages.some((p) => !have.has(p));
	});
	for (const name of names) if (!fresh.includes(name)) say(`${name} is already the newest version.\n`);
	if (fresh.length > 0) say(`The following NEW packages will be installed:\n  ${fresh.sort().join(' ')}\n`);
	say(`0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\n`);
	const [url, suite] = await archive(call);
	for (const [i, name] of fresh.entries()) {
		await call.sleep((400 + call.lab.random('apt', `${call.lab.now} get ${name}`, 1200)) * 1000);
		say(`Get:${i + 1} ${url} ${suite}/main amd64 ${name} amd64\n`);
	}
	if (fresh.length > 0) call.err('debconf: delaying package configuration, since apt-utils is not installed\n');
	for (const name of fresh) say(`Selecting previously unselected package ${name}.\nUnpacking ${name} ...\n`);
	for (const name of fresh) {
		await call.sleep((200 + call.lab.random('apt', `${call.lab.now} set ${name}`, 600)) * 1000);
		for (const p of DEBIAN_PACKAGES[name]!) here.packages.add(p);
		say(`Setting up ${name} ...\n`);
	}
	return 0;
}

/** What apt and apt-get do beside, and options of theirs (apt-get(8), apt(8)). */
const OTHER_COMMANDS = new Set(
	'list search show showsrc policy depends rdepends madison edit-sources full-upgrade satisfy download source build-dep changelog check moo dselect-upgrade indextargets autopurge hold unhold reinstall distclean'.split(
		' ',
	),
);
const OTHER_OPTIONS = new Set(
	'simulate dry-run just-print recon no-act download-only reinstall only-upgrade allow-downgrades allow-remove-essential allow-change-held-packages force-yes fix-broken ignore-missing no-download no-remove show-upgraded verbose-versions target-release default-release installed upgradable all-versions install-recommends install-suggests no-install-suggests print-uris assume-no no-act config-file trivial-only no-auto-remove'.split(
		' ',
	),
);

function notHere(call: Call, what: string): number {
	call.err(
		`E: ${call.name} ${what} is not simulated: the simulator knows which programs packages bring, and no more of them\n`,
	);
	return 100;
}

export const apt: Tool = {
	name: 'apt-get',
	aliases: ['apt'],
	at: hasTool('apt-get'),
	async run(call) {
		const parsed = getopt(call.args, {
			short: 'yqo:ufdsVmhvat:c:b',
			long: [
				'yes=>y',
				'assume-yes=>y',
				'quiet=>q',
				'no-install-recommends',
				'allow-unauthenticated',
				'option=>o',
				'fix-missing',
				'purge',
				'auto-remove',
				'no-upgrade',
			],
		});
		if ('fault' in parsed) {
			const { option } = parsed.fault;
			if (OTHER_OPTIONS.has(option.replace(/^--/, ''))) return notHere(call, option);
			call.err(
				`E: Command line option ${option.startsWith('--') ? option : `'${option.slice(1)}' [from ${option}]`} is not ${option.startsWith('--') ? 'understood in combination with the other options' : 'known'}.\n`,
			);
			return 100;
		}
		// What would only look, or do otherwise, must not be done as if it had not been asked for.
		const ignored = ['s', 'd', 'V', 'm', 'a', 't', 'c', 'b'].find((letter) => parsed.all(letter).length > 0);
		if (ignored !== undefined) return notHere(call, `-${ignored}`);
		const [command, ...names] = parsed.args;
		if (command !== undefined && OTHER_COMMANDS.has(command)) return notHere(call, command);
		const quiet = parsed.all('q').length > 1;
		switch (command) {
			case 'update':
				return update(call, quiet);
			case 'install':
				return install(call, names, quiet);
			case 'upgrade':
			case 'dist-upgrade':
				call.out(
					`${LISTS}Building dependency tree... Done\nReading state information... Done\nCalculating upgrade... Done\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`,
				);
				return 0;
			case 'clean':
			case 'autoclean':
				return 0;
			case 'remove':
			case 'purge':
			case 'autoremove': {
				const here = installedAt(call.place, call.lab);
				for (const name of names) for (const p of DEBIAN_PACKAGES[name] ?? []) here.packages.delete(p);
				call.out(
					`${LISTS}Building dependency tree... Done\nReading state information... Done\n0 upgraded, 0 newly installed, ${names.length} to remove and 0 not upgraded.\n`,
				);
				return 0;
			}
			case undefined:
				call.out(
					'apt 2.3.9 (amd64)\nUsage: apt-get [options] command\n       apt-get [options] install|remove pkg1 [pkg2 ...]\n       apt-get [options] source pkg1 [pkg2 ...]\n',
				);
				return 1;
			default:
				call.err(`E: Invalid operation ${command}\n`);
				return 100;
		}
	},
};
