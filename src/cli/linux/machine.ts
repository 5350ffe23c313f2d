/** What a machine says of itself: its name, its kernel, its services, its containers. */
import type { Cluster } from '../../sim/lab/index.ts';
import { deviceByName, hashText, sendArp } from '../../sim/linux/index.ts';
import { formatIp, formatMac, parseIp } from '../../sim/wire/index.ts';
import { tabulate } from '../text/index.ts';
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';
import { pidOf } from './nsenter.ts';
import { type Space, withSpace } from './space.ts';
import { releaseOf } from './sysctl.ts';
import { send } from './traffic.ts';
import { clock, dayName, decimals, getopt, getoptText, isoDate, whole } from './words.ts';

const nameOf = (call: Call): string =>
	call.place.kind === 'laptop' ? 'laptop' : call.place.kind === 'node' ? call.place.node : call.place.pod;

const hostname: Tool = {
	name: 'hostname',
	at: hasTool('hostname'),
	run: (call) =>
		withSpace(call, (space) => {
			const [word] = call.args;
			const own = [...space.ns().devices.values()]
				.filter((d) => d.kind !== 'loopback')
				.flatMap((d) => d.addresses.map((a) => formatIp(a.ip)));
			if (word === undefined || word === '-s' || word === '-f') call.out(`${nameOf(call)}\n`);
			else if (word === '-i') call.out(`${own[0] ?? '127.0.1.1'}\n`);
			else if (word === '-I') call.out(`${own.join(' ')} \n`);
			else {
				call.err(
					word.startsWith('-')
						? `hostname: invalid option -- '${word.slice(1, 2)}'\n`
						: 'hostname: you must be root to change the host name\n',
				);
				return 1;
			}
			return 0;
		}),
};

const uname: Tool = {
	name: 'uname',
	at: hasTool('uname'),
	run: (call) =>
		withSpace(call, (space) => {
			const parsed = getopt(call.args, {
				short: 'asnrvmpio',
				long: [
					'all=>a',
					'kernel-name=>s',
					'nodename=>n',
					'kernel-release=>r',
					'kernel-version=>v',
					'machine=>m',
					'processor=>p',
					'operating-system=>o',
				],
			});
			if ('fault' in parsed || parsed.args.length > 0) {
				call.err('fault' in parsed ? getoptText('uname', parsed.fault) : `uname: extra operand ‘${parsed.args[0]}’\n`);
				call.err("Try 'uname --help' for more information.\n");
				return 1;
			}
			const has = (o: string): boolean => parsed.values.has(o) || parsed.values.has('a');
			const out = [
				...(has('s') || parsed.values.size === 0 ? ['Linux'] : []),
				...(has('n') ? [nameOf(call)] : []),
				...(has('r') ? [releaseOf(space)] : []),
				...(has('v') ? ['#1 SMP'] : []),
				...(has('m') ? ['x86_64'] : []),
				...(has('p') || has('i') ? ['x86_64'] : []),
				...(has('o') ? ['GNU/Linux'] : []),
			];
			call.out(`${out.join(' ')}\n`);
			return 0;
		}),
};

/** Modules that what is configured has brought in; the kernel is one for all containers. Sizes are the build's, not known here. */
const lsmod: Tool = {
	name: 'lsmod',
	at: hasTool('lsmod'),
	run: (call) =>
		withSpace(call, (space) => {
			const net = space.net();
			const all = [...net.namespaces.values()];
			const kinds = new Set(all.flatMap((ns) => [...ns.devices.values()].map((d) => d.kind)));
			const tables = new Set(all.flatMap((ns) => Object.keys(ns.ruleset)));
			const rules = all.flatMap((ns) =>
				Object.values(ns.ruleset).flatMap((t) => [...(t?.chains.values() ?? [])].flatMap((c) => c.rules)),
			);
			const matches = new Set(rules.flatMap((r) => r.matches.map((m) => m.kind)));
			const targets = new Set(rules.map((r) => r.target.kind));
			const names = [
				...(kinds.has('veth') ? ['veth'] : []),
				...(kinds.has('bridge') ? ['bridge'] : []),
				...(kinds.has('vxlan') ? ['vxlan'] : []),
				...(kinds.has('geneve') ? ['geneve'] : []),
				...(kinds.has('dummy') ? ['dummy'] : []),
				...(all.some((ns) => [...ns.devices.values()].some((d) => d.tcIngress || d.tcEgress))
					? ['cls_bpf', 'sch_ingress']
					: []),
				...(tables.has('nat') ? ['nf_nat'] : []),
				...(tables.size > 0 ? ['nf_conntrack', 'nf_tables', 'nft_compat'] : []),
				...(matches.has('comment') ? ['xt_comment'] : []),
				...(matches.has('addrtype') ? ['xt_addrtype'] : []),
				...(matches.has('conntrack') ? ['xt_conntrack'] : []),
				...(matches.has('statistic') ? ['xt_statistic'] : []),
				...(matches.has('mark') || targets.has('MARK') ? ['xt_mark'] : []),
				...(matches.has('socket') ? ['xt_socket'] : []),
				...(matches.has('set') ? ['ip_set', 'xt_set'] : []),
				...(targets.has('MASQUERADE') ? ['xt_MASQUERADE'] : []),
				...(targets.has('TPROXY') ? ['xt_TPROXY'] : []),
				...(targets.has('REJECT') ? ['ipt_REJECT'] : []),
			];
			call.out(
				`Module                  Size  Used by\n${names.map((name) => `${name.padEnd(20)}${'-'.padStart(8)}  -\n`).join('')}`,
			);
			return 0;
		}),
};

// systemd

const UNITS: Readonly<Record<string, readonly [description: string, docs: string, dropIn?: string]>> = {
	kubelet: ['kubelet: The Kubernetes Node Agent', 'http://kubernetes.io/docs/', '10-kubeadm.conf'],
	containerd: ['containerd container runtime', 'https://containerd.io'],
};

const machineOf = (call: Call): ReturnType<Cluster['nodes']>[number] | undefined => {
	const { place } = call;
	return place.kind === 'node'
		? call
				.cluster()
				?.nodes()
				.find((m) => m.name === place.node)
		: undefined;
};

const systemctl: Tool = {
	name: 'systemctl',
	at: hasTool('systemctl'),
	async run(call) {
		const [verb = 'list-units', ...rest] = call.args.filter((w) => !w.startsWith('-'));
		const [unit] = rest.map((u) => u.replace(/\.service$/, ''));
		const machine = machineOf(call);
		const since = call.lab.epoch + (call.lab.docker.find(machine?.name ?? '')?.created ?? 0) / 1e6;
		const known =
			unit !== undefined &&
			Object.hasOwn(UNITS, unit) &&
			machine !== undefined &&
			machine.role !== 'external-load-balancer';
		const age = Math.max(0, call.lab.epoch + call.lab.now / 1e6 - since);
		const ago =
			age < 60
				? `${Math.floor(age)}s`
				: age < 3600
					? `${Math.floor(age / 60)}min ${Math.floor(age % 60)}s`
					: `${Math.floor(age / 3600)}h ${Math.floor((age % 3600) / 60)}min`;
		switch (verb) {
			case 'status': {
				if (unit === undefined) {
					call.err('systemctl: the simulator knows the status of units only: systemctl status kubelet\n');
					return 1;
				}
				if (!known) {
					call.err(`Unit ${unit}.service could not be found.\n`);
					return 4;
				}
				const [description, docs, dropIn] = UNITS[unit]!;
				const drop = dropIn ? `    Drop-In: /etc/systemd/system/kubelet.service.d\n             └─${dropIn}\n` : '';
				call.out(
					`● ${unit}.service - ${description}\n     Loaded: loaded (/etc/systemd/system/${unit}.service; enabled; vendor preset: enabled)\n${drop}     Active: active (running) since ${dayName(since)} ${isoDate(since)} ${clock(since)} UTC; ${ago} ago\n       Docs: ${docs}\n   Main PID: ${pidOf(`node/${machine.name}/${unit}`)} (${unit})\n`,
				);
				return 0;
			}
			case 'is-active':
				call.out(known ? 'active\n' : 'inactive\n');
				return known ? 0 : 3;
			case 'is-enabled':
				if (!known) call.err(`Failed to get unit file state for ${unit}.service: No such file or directory\n`);
				else call.out('enabled\n');
				return known ? 0 : 1;
			default:
				call.err(
					['start', 'stop', 'restart', 'daemon-reload', 'enable', 'disable', 'list-units', 'cat', 'show'].includes(verb)
						? `systemctl: the simulator does not ${verb} units\n`
						: `Unknown command verb ${verb}.\n`,
				);
				return 1;
		}
	},
};

const journalctl: Tool = {
	name: 'journalctl',
	at: hasTool('journalctl'),
	async run(call) {
		const parsed = getopt(call.args, {
			short: 'u:fn:xerb:S:U:o:p:k',
			long: ['unit=>u', 'follow=>f', 'lines=>n', 'no-pager', 'since=>S', 'until=>U', 'reverse=>r'],
		});
		if ('fault' in parsed) {
			call.err(getoptText('journalctl', parsed.fault));
			return 1;
		}
		// The lab's kubelets tell what they do in events of their nodes and pods; they keep no journal.
		call.out('-- No entries --\n');
		return 0;
	},
};

// containerd's client

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

const crictl: Tool = {
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

/** `arping` (iputils 20211215): who has an address, asked on the wire. A ping does the asking; its ARP is what is shown. */
const arping: Tool = {
	name: 'arping',
	at: hasTool('arping'),
	run: (call) =>
		withSpace(call, async (space: Space) => {
			const parsed = getopt(call.args, { short: 'c:I:w:i:s:fqbDUAV' });
			if ('fault' in parsed) {
				call.err(getoptText('arping', parsed.fault));
				return 2;
			}
			const { values, args } = parsed;
			const ip = parseIp(args[0] ?? '');
			if (ip === undefined) {
				call.err(
					args[0] === undefined
						? 'arping: usage error: destination address required\n'
						: `arping: ${args[0]}: Name or service not known\n`,
				);
				return args[0] === undefined ? 1 : 2;
			}
			const ns = space.ns();
			const dev = values.get('I') ?? [...ns.devices.values()].find((d) => d.kind !== 'loopback' && d.up)?.name ?? 'lo';
			const device = deviceByName(ns, dev);
			if (!device) {
				call.err(`arping: Device ${dev} not available.\n`);
				return 2;
			}
			const own = device.addresses[0]?.ip ?? 0;
			const count = whole(values.get('c') ?? values.get('w') ?? '5', 1, 1000) ?? 5;
			call.out(`ARPING ${formatIp(ip)} from ${formatIp(own)} ${dev}\n`);
			let received = 0;
			for (let i = 0; i < count; i++) {
				const { began, frames } = send(space, (net, name) => sendArp(net, name, dev, ip));
				const reply = frames.find(
					({ direction, dev: d, frame }) =>
						direction === 'rx' &&
						d === dev &&
						frame.payload.kind === 'arp' &&
						frame.payload.op === 2 &&
						frame.payload.senderIp === ip,
				);
				if (reply && reply.frame.payload.kind === 'arp') {
					received++;
					await call.sleep(reply.time - began);
					call.out(
						`Unicast reply from ${formatIp(ip)} [${formatMac(reply.frame.payload.senderMac).toUpperCase()}]  ${decimals((reply.time - began) / 1000, 3)}ms\n`,
					);
				}
				if (i + 1 < count || !reply) await call.sleep(1e6);
			}
			call.out(`Sent ${count} probes (${received > 0 ? 1 : count} broadcast(s))\nReceived ${received} response(s)\n`);
			return received > 0 ? 0 : 1;
		}),
};

export const machineTools: readonly Tool[] = [hostname, uname, lsmod, systemctl, journalctl, crictl, arping];
