import { hashText } from '../../sim/linux/index.ts';
import { tabulate } from '../text/index.ts';
import type { Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { machineOf } from './node-machine.ts';
import { pidOf } from './nsenter.ts';
import { decimals } from './words.ts';

const CRI = { minWidth: 20, tabWidth: 1, padding: 3 };

/** `2 minutes ago`, in the words of docker/go-units HumanDuration. */
function ago(microseconds: number): string {
	const seconds = Math.floor(microseconds / 1e6);
	const minutes = Math.floor(seconds / 60);
	const hours = Math.round(seconds / 3600);
	if (seconds < 1) return 'Less than a second ago';
	if (seconds === 1) return '1 second ago';
	if (seconds < 60) return `${seconds} seconds ago`;
	if (minutes === 1) return 'About a minute ago';
	if (minutes < 60) return `${minutes} minutes ago`;
	if (hours === 1) return 'About an hour ago';
	if (hours < 48) return `${hours} hours ago`;
	return `${Math.floor(hours / 24)} days ago`;
}

const hexId = (text: string): string =>
	[1, 2, 3, 4, 5, 6, 7, 8].map((seed) => hashText(seed, text).toString(16).padStart(8, '0')).join('');

/** Kubernetes' sandbox of a pod: its id depends on the pod's name. */
const sandbox = (namespace: string, pod: string): string => hexId(`sandbox ${namespace}/${pod}`);

/** 45170000 as `45.2MB`: four digits, powers of 1000 (go-units HumanSizeWithPrecision(…, 3)). */
function sizeText(n: number): string {
	let value = n;
	for (const unit of ['B', 'kB', 'MB', 'GB']) {
		if (value < 1000) {
			const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
			return `${decimals(value, digits).replace(/\.?0+$/, '') || '0'}${unit}`;
		}
		value /= 1000;
	}
	return `${n}B`;
}

export const crictl: Tool = {
	name: 'crictl',
	at: hasTool('crictl'),
	async run(call) {
		const words = call.args.filter((w) => !/^(?:--runtime-endpoint|-r|-D)/.test(w));
		const [command, ...rest] = words;
		const { place } = call;
		const cluster = call.cluster();
		const machine = machineOf(call);
		if (place.kind !== 'node' || !cluster || !machine) {
			call.err(
				"FATA[0000] connect: connect endpoint 'unix:///run/containerd/containerd.sock', make sure you are running as root and the endpoint has been started: context deadline exceeded\n",
			);
			return 1;
		}
		const here = cluster.running().filter((c) => c.node === place.node);
		const quiet = rest.includes('-q') || rest.includes('--quiet');
		const rows = (cells: readonly (readonly string[])[]): void =>
			call.out(tabulate(cells.map((r) => `${r.join('\t')}\n`).join(''), CRI));
		const find = (id: string | undefined) => here.find((c) => id !== undefined && id !== '' && c.id.startsWith(id));
		switch (command) {
			case 'ps': {
				const name = rest[rest.indexOf('--name') + 1];
				const list = here
					.filter((c) => !rest.includes('--name') || c.name.includes(name ?? ''))
					.sort((a, b) => b.startedAt - a.startedAt);
				if (quiet) for (const c of list) call.out(`${c.id}\n`);
				else
					rows([
						['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD'],
						...list.map((c) => [
							c.id.slice(0, 13),
							imageId(machine.images, c.image),
							ago(call.lab.now - c.startedAt),
							'Running',
							c.name,
							String(c.restarts),
							sandbox(c.pod.namespace, c.pod.name).slice(0, 13),
							c.pod.name,
						]),
					]);
				return 0;
			}
			case 'pods': {
				const pods = new Map(here.map((c) => [`${c.pod.namespace}/${c.pod.name}`, c]));
				if (quiet) for (const c of pods.values()) call.out(`${sandbox(c.pod.namespace, c.pod.name)}\n`);
				else
					rows([
						['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
						...[...pods.values()]
							.sort((a, b) => b.startedAt - a.startedAt)
							.map((c) => [
								sandbox(c.pod.namespace, c.pod.name).slice(0, 13),
								ago(call.lab.now - c.startedAt),
								'Ready',
								c.pod.name,
								c.pod.namespace,
								'0',
								'(default)',
							]),
					]);
				return 0;
			}
			case 'images':
			case 'img':
			case 'image':
				if (quiet) for (const i of machine.images) call.out(`${i.id}\n`);
				else
					rows([
						['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'],
						...[...machine.images]
							.sort((a, b) => (a.name < b.name ? -1 : 1))
							.map((i) => {
								const colon = i.name.lastIndexOf(':');
								const tagged = colon > i.name.lastIndexOf('/');
								return [
									tagged ? i.name.slice(0, colon) : i.name,
									tagged ? i.name.slice(colon + 1) : '<none>',
									i.id.replace('sha256:', '').slice(0, 13),
									sizeText(i.size),
								];
							}),
					]);
				return 0;
			case 'inspect': {
				const container = find(
					rest.find((w) => !w.startsWith('-') && !w.includes('{') && w !== 'go-template' && w !== 'json'),
				);
				if (!container) {
					call.err(`FATA[0000] an error occurred when try to find container "${rest.at(-1) ?? ''}": not found\n`);
					return 1;
				}
				const json = {
					status: {
						id: container.id,
						metadata: { attempt: container.restarts, name: container.name },
						state: 'CONTAINER_RUNNING',
						image: { image: container.image },
					},
					info: { sandboxID: sandbox(container.pod.namespace, container.pod.name), pid: pidOf(container.id) },
				};
				const template = rest.find((w) => w.includes('{{'));
				if (template) {
					const path = /\{\{\s*([\w.]+)\s*\}\}/.exec(template)?.[1] ?? '';
					const value = path
						.split('.')
						.filter(Boolean)
						.reduce<unknown>((v, key) => (v as Record<string, unknown> | undefined)?.[key], json);
					call.out(`${value ?? '<no value>'}\n`);
				} else call.out(`${JSON.stringify(json, undefined, 2)}\n`);
				return 0;
			}
			case 'logs': {
				const container = find(rest.find((w) => !w.startsWith('-')));
				if (!container) {
					call.err(
						`FATA[0000] rpc error: code = NotFound desc = an error occurred when try to find container "${rest.at(-1) ?? ''}": not found\n`,
					);
					return 1;
				}
				for (const { text } of cluster.logs(container.pod.namespace, container.pod.name, container.name))
					call.out(`${text}\n`);
				return 0;
			}
			case 'version':
				call.out('Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v1.6.4\nRuntimeApiVersion:  v1\n');
				return 0;
			case undefined:
			case 'help':
				call.out(
					'NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options] [arguments...]\n',
				);
				return 0;
			default:
				call.err(
					[
						'exec',
						'rm',
						'rmp',
						'stop',
						'stopp',
						'pull',
						'run',
						'info',
						'stats',
						'inspectp',
						'inspecti',
						'create',
						'start',
					].includes(command)
						? `crictl: the simulator has no "crictl ${command}"\n`
						: `No help topic for '${command}'\n`,
				);
				return 1;
		}
	},
};

function imageId(images: readonly { readonly name: string; readonly id: string }[], name: string): string {
	const known = images.find((i) => i.name === name || i.name.endsWith(`/${name}`));
	return (known?.id.replace('sha256:', '') ?? hexId(name)).slice(0, 13);
}
