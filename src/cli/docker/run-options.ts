/**
 * What docker run's flags ask for, as the client reads them before it asks the daemon anything.
 *
 * Source: docker/cli cli/command/container/opts.go parse(), opts/{env,file,hosts,port}.go @ v20.10.
 */
import { type Container, isAddress, type Lab } from '../../sim/lab/index.ts';
import { formatIp, parseMac } from '../../sim/wire/index.ts';
import type { Run } from '../cobra/index.ts';
import { isPort, published } from './ports.ts';
import { REMOVE } from './processes.ts';
import { problem } from './run-program.ts';
import { sizeOf } from './words.ts';

/** Why the client does not ask, or what the daemon answered; what `docker run` prints before it ends with 125. */
export class Refused extends Error {}

export function refuse(text: string): never {
	throw new Refused(text);
}

/** The daemon's answer. */
export const daemon: (text: string) => never = (text) => refuse(problem(`Error response from daemon: ${text}`));

/** Lines of files that have one thing a line. */
async function linesOf({ call, flags }: Run, flag: 'env-file' | 'label-file'): Promise<readonly string[]> {
	const lines: string[] = [];
	for (const path of flags.list(flag)) {
		const text = await call.files.read(path);
		if (text === undefined) refuse(`docker: open ${path}: no such file or directory.\nSee 'docker run --help'.\n`);
		lines.push(
			...text
				.split('\n')
				.map((line) => (flag === 'env-file' ? line.trimStart() : line.trim()))
				.filter((line) => line !== '' && !line.startsWith('#')),
		);
	}
	return lines;
}

/** A size of a flag in octets. */
function sizeFlag({ flags }: Run, flag: string, shown: string): number | undefined {
	const text = flags.text(flag);
	const size = text === '' ? undefined : sizeOf(text);
	if (text !== '' && size === undefined)
		refuse(`invalid argument "${text}" for "${shown}" flag: invalid size: '${text}'\nSee 'docker run --help'.\n`);
	return size;
}

export interface Options {
	readonly env: Readonly<Record<string, string>>;
	readonly labels: Readonly<Record<string, string>>;
	readonly ports: Container['ports'][number][];
	/** `80/tcp` */
	readonly exposed: readonly string[];
	/** Octets. */
	readonly memory: number | undefined;
	readonly shm: number | undefined;
	/** As it was given, a number; empty without. */
	readonly cpus: string;
	/** Lines of /etc/hosts. */
	readonly hosts: readonly string[];
	readonly mac: string;
	/** Name servers. */
	readonly servers: readonly string[];
}

export async function optionsOf(given: Run): Promise<Options> {
	const { call, flags } = given;
	const { lab } = call;
	const fromFiles = await linesOf(given, 'env-file');
	const env = Object.fromEntries(
		[...fromFiles, ...flags.list('env')].flatMap((text): (readonly [string, string])[] => {
			const [key = '', value = call.env.get(text)] = text.split(/=(.*)/s) as [string, string | undefined];
			return value === undefined ? [] : [[key, value]];
		}),
	);
	const labels: Record<string, string> = {};
	for (const text of [...(await linesOf(given, 'label-file')), ...flags.list('label')]) {
		const [key = '', value = ''] = text.split(/=(.*)/s);
		labels[key] = value;
	}
	if (flags.on('rm')) labels[REMOVE] = '';
	const ports = flags.list('publish').map((text) => {
		const port = published(text, lab);
		return typeof port === 'string' ? refuse(`docker: ${port}.\nSee 'docker run --help'.\n`) : port;
	});
	const memory = sizeFlag(given, 'memory', '-m, --memory');
	const shm = sizeFlag(given, 'shm-size', '--shm-size');
	const cpus = flags.text('cpus');
	if (cpus !== '' && !/^\d*\.?\d+$/.test(cpus))
		refuse(
			`invalid argument "${cpus}" for "--cpus" flag: failed to parse ${cpus} as a rational number\nSee 'docker run --help'.\n`,
		);
	const mac = flags.text('mac-address');
	if (mac !== '' && parseMac(mac) === undefined) refuse(problem(`invalid MAC address: ${mac}`));
	const servers = flags.list('dns');
	const notAddress = servers.find((text) => !isAddress(text));
	if (notAddress !== undefined)
		refuse(
			`invalid argument "${notAddress}" for "--dns" flag: ${notAddress} is not an ip address\nSee 'docker run --help'.\n`,
		);
	return { env, labels, ports, exposed: exposedOf(given), memory, shm, cpus, hosts: hostsOf(given, lab), mac, servers };
}

/** Ports of --expose, which may be ranges. */
function exposedOf({ flags }: Run): readonly string[] {
	const exposed: string[] = [];
	for (const text of flags.list('expose')) {
		const [, from = '', to = from, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/.exec(text) ?? [];
		if (!isPort(from) || !isPort(to) || Number(to) < Number(from))
			refuse(problem(`invalid range format for --expose: ${text}, error: Invalid range specified for the Port`));
		for (let port = Number(from); port <= Number(to); port++) exposed.push(`${port}/${protocol}`);
	}
	return exposed;
}

/** Lines of --add-host for /etc/hosts. */
function hostsOf({ flags }: Run, lab: Lab): readonly string[] {
	const hosts: string[] = [];
	for (const text of flags.list('add-host')) {
		const [, host, ip] = /^([^:]+):(.+)$/.exec(text) ?? [];
		const gateway = lab.docker.networks().find((n) => n.name === 'bridge')?.gateway;
		const address = ip === 'host-gateway' && gateway !== undefined ? formatIp(gateway) : ip;
		if (host === undefined || !isAddress(address ?? ''))
			refuse(
				`invalid argument "${text}" for "--add-host" flag: ${host === undefined ? `bad format for add-host: "${text}"` : `invalid IP address in add-host: "${ip}"`}\nSee 'docker run --help'.\n`,
			);
		hosts.push(`${address}\t${host}\n`);
	}
	return hosts;
}
