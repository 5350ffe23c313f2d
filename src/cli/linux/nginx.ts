/** nginx as a command in its containers: its version, a test of the configuration, signals to the server (src/core/nginx.c @ 1.23). */
import {
	configFiles,
	contextOf,
	dockerDisk,
	imageFacts,
	type Lab,
	nginxRefusal,
	reloadDockerWeb,
	reloadNginx,
	stateAt,
} from '../../sim/lab/index.ts';
import type { Call, Place, Tool } from '../tool.ts';
import { hasTool, imageAt } from './images.ts';

const CONF = '/etc/nginx/nginx.conf';

/** `2022/08/31 10:00:05`. */
const stamp = (lab: Lab): string =>
	new Date(lab.epoch * 1000 + lab.now / 1000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');

/** What is wrong with the configuration that is there now, and its files. */
function look(
	place: Place,
	lab: Lab,
): { readonly refused?: string; readonly files: ReadonlyMap<string, string> } | undefined {
	if (place.kind === 'container') {
		const container = lab.docker.find(place.id);
		if (!container) return undefined;
		const { disk } = dockerDisk(lab, container);
		const refused = nginxRefusal(disk, () => true);
		return { files: configFiles(disk), ...(refused === undefined ? {} : { refused }) };
	}
	if (place.kind !== 'pod') return undefined;
	const cluster = lab.cluster(place.cluster);
	const context = cluster && contextOf(cluster);
	const state = cluster && stateAt(cluster, place.namespace, place.pod, place.container);
	if (!context || !state) return undefined;
	const refused = nginxRefusal(state.disk, context, state);
	return { files: configFiles(state.disk), ...(refused === undefined ? {} : { refused }) };
}

function signal(call: Call, name: string): number {
	const { place, lab } = call;
	const found = look(place, lab);
	if (found?.refused !== undefined && name === 'reload') {
		call.err(`${stamp(lab)} [emerg] 57#57: ${found.refused}\nnginx: [emerg] ${found.refused}\n`);
		return 1;
	}
	call.err(`${stamp(lab)} [notice] 57#57: signal process started\n`);
	if (place.kind === 'container') {
		const container = lab.docker.find(place.id);
		if (name === 'reload' && container) reloadDockerWeb(lab, container);
		else if (name === 'stop' || name === 'quit') lab.docker.ended(place.id, 0);
		return 0;
	}
	if (place.kind !== 'pod') return 0;
	const cluster = lab.cluster(place.cluster)!;
	const { namespace, pod, container } = place;
	const log = (text: string): void => cluster.wrote(namespace, pod, container, `${stamp(lab)} [notice] 1#1: ${text}`);
	if (name === 'reload') {
		log('signal 1 (SIGHUP) received from 57, reconfiguring');
		log('reconfiguring');
		const context = contextOf(cluster);
		const state = stateAt(cluster, namespace, pod, container);
		if (context && state) reloadNginx(context, state);
		log('start worker processes');
	} else if (name === 'stop' || name === 'quit') {
		log(
			name === 'stop'
				? 'signal 15 (SIGTERM) received from 57, exiting'
				: 'signal 3 (SIGQUIT) received from 57, shutting down',
		);
		cluster.exit(namespace, pod, container, 0);
	} else log('signal 10 (SIGUSR1) received from 57, reopening logs');
	return 0;
}

export const nginx: Tool = {
	name: 'nginx',
	at: hasTool('nginx'),
	async run(call) {
		const { args, lab, place } = call;
		const version = imageFacts(imageAt(place, lab) ?? '').version ?? '';
		const [flag, word] = args;
		if (flag === '-v' || flag === '-V') {
			call.err(`nginx version: nginx/${version}\n`);
			return 0;
		}
		if (flag === '-t' || flag === '-T' || flag === '-tq') {
			const found = look(place, lab);
			if (found?.refused !== undefined) {
				call.err(
					`${stamp(lab)} [emerg] 57#57: ${found.refused}\nnginx: [emerg] ${found.refused}\nnginx: configuration file ${CONF} test failed\n`,
				);
				return 1;
			}
			if (flag !== '-tq')
				call.err(
					`nginx: the configuration file ${CONF} syntax is ok\nnginx: configuration file ${CONF} test is successful\n`,
				);
			if (flag === '-T')
				for (const [path, text] of found?.files ?? []) call.out(`# configuration file ${path}:\n${text}\n`);
			return 0;
		}
		if (flag === '-s') {
			if (word === undefined) {
				call.err('nginx: option "-s" requires parameter\n');
				return 1;
			}
			if (!['stop', 'quit', 'reopen', 'reload'].includes(word)) {
				call.err(`nginx: invalid option: "-s ${word}"\n`);
				return 1;
			}
			return signal(call, word);
		}
		if (flag !== undefined && !/^-[gcpe]$/.test(flag)) {
			call.err(`nginx: invalid option: "${flag.replace(/^-/, '')}"\n`);
			return 1;
		}
		// The container's own listens already.
		const line = `${stamp(lab)} [emerg] 57#57: bind() to 0.0.0.0:80 failed (98: Address already in use)\nnginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n`;
		for (let i = 0; i < 5; i++) {
			call.err(line);
			await call.sleep(500_000);
		}
		call.err(`${stamp(lab)} [emerg] 57#57: still could not bind()\nnginx: [emerg] still could not bind()\n`);
		return 1;
	},
};
