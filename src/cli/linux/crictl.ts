/** crictl (cri-tools v1.24.0 cmd/crictl): containerd's pods, containers and images on a node. */
import { minorOf } from '../../sim/kube/index.ts';
import { type Cluster, contextOf, pullOnNode, removeOnNode } from '../../sim/lab/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import type { Tool } from '../tool.ts';
import { forget, sandboxesOn } from './cri.ts';
import { containerJson, imageJson, imageOf, sandboxJson } from './cri-inspect.ts';
import { images, pods, ps, structured } from './crictl-lists.ts';
import { badFlag, byId, fatal, options, type Run } from './crictl-run.ts';
import { hasTool } from './images.ts';
import { machineOf } from './node-machine.ts';
import { getopt } from './words.ts';

function inspect({ call, words }: Run, what: string, find: (id: string) => unknown): number {
	const parsed = options(words, 'o:q', ['output=>o', 'template=', 'quiet=>q']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values, args } = parsed;
	if (args.length === 0) {
		call.err(
			`NAME:\n   crictl ${what} - Display the status of one or more\n\nUSAGE:\n   crictl ${what} [command options] ID [ID...]\n`,
		);
		return 0;
	}
	for (const id of args) {
		const json = find(id);
		if (json === undefined) {
			const kind = what === 'inspectp' ? 'sandbox' : what === 'inspecti' ? 'image' : 'container';
			return fatal(
				call,
				kind === 'image'
					? `no such image "${id}" present`
					: `getting the status of the ${kind === 'sandbox' ? 'pod sandbox' : 'container'} "${id}": rpc error: code = NotFound desc = an error occurred when try to find ${kind} "${id}": not found`,
			);
		}
		if (values.get('o') === 'go-template') {
			try {
				call.out(`${goTemplate(values.get('template') ?? '')(json)}\n`);
			} catch (error) {
				if (!(error instanceof TemplateError)) throw error;
				return fatal(call, `failed to parse go-template: ${error.message}`);
			}
		} else {
			const output = values.get('o') ?? 'json';
			const code = structured(call, output, () => json);
			if (code === undefined)
				return fatal(call, `the simulator's crictl ${what} has json, yaml and go-template, not ${output}`);
			if (code !== 0) return code;
		}
	}
	return 0;
}

/** The container ends; whoever looks after its pod starts it again. */
function stop({ call, cluster, containers, words }: Run): number {
	const parsed = options(words, 't:', ['timeout=>t']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	if (parsed.args.length === 0) return fatal(call, 'ID cannot be empty');
	for (const id of parsed.args) {
		const found = byId(containers, id);
		if (!found)
			return fatal(
				call,
				`stopping the container "${id}": rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
			);
		if (!found.ended) cluster.exit(found.sandbox.namespace, found.sandbox.name, found.name, 0);
		call.out(`${id}\n`);
	}
	return 0;
}

/** cmd/crictl/container.go: what ended is gone; what runs has to be stopped, or is with `-f`. */
async function remove(run: Run): Promise<number> {
	const { call, cluster, machine } = run;
	const parsed = options(run.words, 'fa', ['force=>f', 'all=>a']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values } = parsed;
	const ids = values.has('a') ? run.containers.map(({ id }) => id) : parsed.args;
	if (ids.length === 0) return fatal(call, 'ID cannot be empty');
	let failed = false;
	const error = (text: string): void => {
		call.err(`ERRO[0000] ${text}\n`);
		failed = true;
	};
	for (const id of ids) {
		const found = byId(run.containers, id);
		if (!found) {
			error(
				`getting the status of the container "${id}": rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
			);
			continue;
		}
		if (!found.ended && !values.has('f')) {
			error(`container "${id}" is running, please stop it first`);
			continue;
		}
		if (!found.ended) {
			cluster.exit(found.sandbox.namespace, found.sandbox.name, found.name, 137);
			const ends = (): boolean => !cluster.running().some((one) => one.id === found.id && one.node === machine.name);
			await call.until(ends, 30e6);
		}
		forget(call.lab, found.id);
		call.out(`${id}\n`);
	}
	return failed ? fatal(call, 'unable to remove container(s)') : 0;
}

async function logs({ call, cluster, containers, words }: Run): Promise<number> {
	const parsed = options(words, 'fpt', ['follow=>f', 'previous=>p', 'timestamps=>t', 'tail=', 'since=']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values, args } = parsed;
	const container = byId(containers, args[0]);
	if (!container)
		return fatal(
			call,
			`rpc error: code = NotFound desc = an error occurred when try to find container "${args[0] ?? ''}": not found`,
		);
	const { namespace, name } = container.sandbox;
	const newer = containers.some(
		(c) => c.sandbox === container.sandbox && c.name === container.name && c.attempt > container.attempt,
	);
	const read = () => cluster.logs(namespace, name, container.name, newer || values.has('p'));
	const tail = Number(values.get('tail') ?? Number.NaN);
	let shown = Number.isInteger(tail) && tail >= 0 ? Math.max(0, read().length - tail) : 0;
	const print = (): void => {
		for (const { text } of read().slice(shown)) call.out(`${text}\n`);
		shown = read().length;
	};
	print();
	if (!values.has('f')) return 0;
	for (;;) {
		await call.until(() => read().length !== shown, 3600e6);
		print();
	}
}

async function exec({ call, containers, words }: Run): Promise<number> {
	const parsed = getopt(words, {
		short: 'itsr:e:',
		long: ['interactive=>i', 'tty=>t', 'sync=>s', 'timeout='],
		posix: true,
	});
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const [id, ...command] = parsed.args;
	const container = byId(
		containers.filter((c) => !c.ended),
		id,
	);
	if (!container)
		return fatal(
			call,
			`execing command in container: rpc error: code = NotFound desc = an error occurred when try to find container "${id ?? ''}": not found`,
		);
	const { place } = call;
	if (place.kind !== 'node') return 1;
	const { namespace, name: pod } = container.sandbox;
	const there = { kind: 'pod', cluster: place.cluster, namespace, pod, container: container.name } as const;
	const [program = ''] = command;
	const base = program.slice(program.lastIndexOf('/') + 1);
	if (parsed.values.has('t') && command.length === 1 && (base === 'sh' || base === 'bash'))
		return call.enter(there, base);
	if (!call.has(there, base))
		return fatal(
			call,
			`execing command in container: rpc error: code = Unknown desc = failed to exec in container: failed to start exec "": OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH: unknown`,
		);
	return call.runAt(there, command, parsed.values.has('i') ? call.stdin : '', undefined, parsed.values.has('t'));
}

/** cmd/crictl/image.go: what it pulls is there for the node's pods. */
async function pull({ call, cluster, machine, words }: Run): Promise<number> {
	const parsed = options(words, 'au:', ['auth=', 'creds=', 'annotation=>a', 'pod-config=']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const [image] = parsed.args;
	if (image === undefined) return fatal(call, 'image name cannot be empty');
	const begun = call.lab.now;
	const pulling = pullOnNode(cluster, machine.name, image);
	await call.until(() => pulling.state !== 'running', 3600e6);
	if (pulling.state === 'done') {
		call.out(`Image is up to date for ${pulling.id}\n`);
		return 0;
	}
	const seconds = String(Math.floor((call.lab.now - begun) / 1e6)).padStart(4, '0');
	call.err(`FATA[${seconds}] pulling image: ${pulling.error ?? 'interrupted'}\n`);
	return 1;
}

function rmi({ call, cluster, machine, containers, words }: Run): number {
	const parsed = options(words, 'aq', ['all=>a', 'prune=>q']);
	if ('fault' in parsed) return badFlag(call, parsed.fault.option);
	const { values } = parsed;
	// --all takes every image, --prune those that no container has (cmd/crictl/image.go, removeImageCommand).
	const used = new Set(containers.flatMap(({ image }) => [imageOf(machine, image)?.id ?? image]));
	const asked =
		values.has('a') || values.has('q')
			? machine.images.filter(({ id }) => values.has('a') || !used.has(id)).map(({ name }) => name)
			: parsed.args;
	if (asked.length === 0) {
		if (!values.has('a') && !values.has('q')) return fatal(call, 'ID cannot be empty');
		call.err('INFO[0000] No images to remove\n');
		return 0;
	}
	let failed = false;
	for (const image of asked) {
		const name = removeOnNode(cluster, machine.name, image);
		if (name === undefined) {
			call.err(`ERRO[0000] no such image "${image}"\n`);
			failed = true;
		} else call.out(`Deleted: ${name}\n`);
	}
	return failed ? fatal(call, 'unable to remove the image(s)') : 0;
}

/** CRI's own conditions, and what the CNI plugin's configuration is. */
function info({ call, machine }: Run): number {
	const ready = Object.keys(machine.cniConfig).some((name) => /\.(?:conf|conflist|json)$/.test(name));
	call.out(
		`${JSON.stringify(
			{
				status: {
					conditions: [
						{ message: '', reason: '', status: true, type: 'RuntimeReady' },
						ready
							? { message: '', reason: '', status: true, type: 'NetworkReady' }
							: {
									message: 'Network plugin returns error: cni plugin not initialized',
									reason: 'NetworkPluginNotReady',
									status: false,
									type: 'NetworkReady',
								},
					],
				},
				cniconfig: {
					PluginDirs: ['/opt/cni/bin'],
					PluginConfDir: '/etc/cni/net.d',
					PluginMaxConfNum: 1,
					Prefix: 'eth',
				},
				lastCNILoadStatus: ready
					? 'OK'
					: 'cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config',
			},
			undefined,
			2,
		)}\n`,
	);
	return 0;
}

/** Version of containerd as the Node has it: `v1.6.4`. */
const runtimeVersion = (cluster: Cluster, node: string): string => {
	const nodes = cluster.api.find?.('nodes');
	const object = nodes && cluster.api.get(nodes, undefined, node);
	const { nodeInfo } = (object as { status?: { nodeInfo?: { containerRuntimeVersion?: string } } })?.status ?? {};
	return (nodeInfo?.containerRuntimeVersion ?? 'containerd://1.6.4').replace('containerd://', 'v');
};

/** containerd's. */
const SOCKET = 'unix:///run/containerd/containerd.sock';

const COMMANDS =
	'attach, create, exec, version, images, inspect, inspecti, imagefsinfo, inspectp, logs, port-forward, ps, pull, run, runp, rm, rmi, rmp, pods, start, info, stop, stopp, update, config, stats, completion, help';

/** Of later releases (cmd/crictl/main.go of cri-tools, v1.23 to v1.30). */
const LATER = 'statsp, checkpoint, events, metricsp, runtimep, update-runtime-config'.split(', ');

/** What kind installs beside a Kubernetes (images/base/Dockerfile @ v0.11.1 to v0.30.0). */
const releaseBeside = (minor: number): string => {
	const own: Readonly<Record<number, string>> = { 22: '1.21.0', 26: '1.26.1', 32: '1.32.0' };
	return own[minor] ?? `1.${minor < 28 ? minor : minor < 32 ? minor - 1 : 33}.0`;
};

export const crictl: Tool = {
	name: 'crictl',
	at: hasTool('crictl'),
	async run(call) {
		const all = [...call.args];
		let endpoint = SOCKET;
		while (
			/^(?:--?runtime-endpoint|-r|--?image-endpoint|-i|--?timeout|-t|--debug|-D|--?config|-c)(?:=|$)/.test(all[0] ?? '')
		) {
			const word = all[0]!;
			const own = /=|^(?:--debug|-D)$/.test(word);
			const value = own ? word.replace(/^[^=]*=?/, '') : (all[1] ?? '');
			if (/^(?:--?runtime-endpoint|-r)(?:=|$)/.test(word)) endpoint = value;
			all.splice(0, own ? 1 : 2);
		}
		const [command, ...words] = all;
		const cluster = call.cluster();
		const machine = machineOf(call);
		const plain = endpoint.replace(/^unix:\/\//, '').replace(/^\/var\/run\//, '/run/');
		if (`unix://${plain}` !== SOCKET)
			return fatal(
				call,
				`connect: connect endpoint '${endpoint}', make sure you are running as root and the endpoint has been started: context deadline exceeded`,
			);
		if (call.place.kind !== 'node' || !cluster || !machine)
			return fatal(
				call,
				"connect: connect endpoint 'unix:///run/containerd/containerd.sock', make sure you are running as root and the endpoint has been started: context deadline exceeded",
			);
		const sandboxes = sandboxesOn(call.lab, cluster, machine);
		const containers = sandboxes.flatMap((s) => s.containers);
		const run: Run = { call, cluster, machine, sandboxes, containers, words };
		switch (command) {
			case 'ps':
				return ps(run);
			case 'pods':
				return pods(run);
			case 'images':
			case 'image':
			case 'img':
				return images(run);
			case 'inspect':
				return inspect(run, command, (id) => {
					const found = byId(containers, id);
					return found && containerJson(call.lab, cluster, machine, found);
				});
			case 'inspectp':
				return inspect(run, command, (id) => {
					const found = byId(sandboxes, id);
					return found && sandboxJson(call.lab, cluster, machine, found);
				});
			case 'inspecti':
				return inspect(run, command, (id) => {
					const found = imageOf(machine, id) ?? machine.images.find((i) => i.id.replace('sha256:', '').startsWith(id));
					return found && imageJson(found);
				});
			case 'stop':
				return stop(run);
			case 'rm':
				return remove(run);
			case 'logs':
				return logs(run);
			case 'pull':
				return pull(run);
			case 'rmi':
				return rmi(run);
			case 'exec':
				return exec(run);
			case 'info':
				return info(run);
			case 'version':
				call.out(
					`Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  ${runtimeVersion(cluster, machine.name)}\nRuntimeApiVersion:  v1\n`,
				);
				return 0;
			case '--version':
			case '-v':
				call.out(
					`crictl version v${releaseBeside(minorOf(contextOf(cluster)!.machines.get(machine.name)!.image.kubernetes))}\n`,
				);
				return 0;
			case undefined:
			case 'help':
			case '--help':
			case '-h':
				call.out(
					`NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options] [arguments...]\n\nCOMMANDS:\n   ${COMMANDS.replaceAll(', ', '\n   ')}\n`,
				);
				return 0;
			default:
				call.err(
					[...COMMANDS.split(', '), ...LATER].includes(command)
						? `crictl: the simulator has no "crictl ${command}"\n`
						: `No help topic for '${command}'\n`,
				);
				return 1;
		}
	},
};
