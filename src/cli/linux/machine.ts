import { contextOf, imageFacts } from '../../sim/lab/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { arping } from './arping.ts';
import { crictl } from './crictl.ts';
import { ctr } from './ctr.ts';
import { kernelBuild } from './hardware.ts';
import { hasTool, imageAt } from './images.ts';
import { podFacts } from './pod-environment.ts';
import { withSpace } from './space.ts';
import { releaseOf } from './sysctl.ts';
import { systemdTools } from './systemd.ts';
import { getopt, getoptText } from './words.ts';

const nameOf = (call: Call): string =>
	call.place.kind === 'laptop'
		? 'laptop'
		: call.place.kind === 'node'
			? call.place.node
			: call.place.kind === 'container'
				? (call.lab.docker.find(call.place.id)?.hostname ?? call.place.id.slice(0, 12))
				: (podFacts(call.place, call.lab.cluster(call.place.cluster))?.hostname ?? call.place.pod);

/** As /etc/hosts has it. */
const fqdnOf = (call: Call): string =>
	(call.place.kind === 'pod' && podFacts(call.place, call.lab.cluster(call.place.cluster))?.fqdn) || nameOf(call);

const hostname: Tool = {
	name: 'hostname',
	at: hasTool('hostname'),
	run: (call) =>
		withSpace(call, (space) => {
			const [word] = call.args;
			const own = [...space.ns().devices.values()]
				.filter((d) => d.kind !== 'loopback')
				.flatMap((d) => d.addresses.map((a) => formatIp(a.ip)));
			if (word === undefined || word === '-s') call.out(`${nameOf(call)}\n`);
			else if (word === '-f') call.out(`${fqdnOf(call)}\n`);
			else if (word === '-d') call.out(`${fqdnOf(call).slice(nameOf(call).length + 1)}\n`);
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

/** Whose system a place has. */
function systemAt({ place, lab, cluster }: Call): ReturnType<typeof imageFacts>['system'] {
	if (place.kind === 'laptop') return 'ubuntu';
	if (place.kind !== 'node') return imageFacts(imageAt(place, lab) ?? '').system;
	const at = cluster();
	const machine = at && contextOf(at)?.machines.get(place.node);
	return /^Debian/.test(machine?.image.osImage ?? '') ? 'debian' : 'ubuntu';
}

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
			const all = parsed.values.has('a');
			const has = (o: string): boolean => parsed.values.has(o) || all;
			const system = systemAt(call);
			// Debian's coreutils and busybox know neither the processor nor the machine; Ubuntu's patch tells both.
			const hardware = system === 'ubuntu' ? ['x86_64'] : all ? [] : ['unknown'];
			const out = [
				...(has('s') || parsed.values.size === 0 ? ['Linux'] : []),
				...(has('n') ? [nameOf(call)] : []),
				...(has('r') ? [releaseOf(space)] : []),
				...(has('v') ? [kernelBuild(releaseOf(space))] : []),
				...(has('m') ? ['x86_64'] : []),
				...(has('p') ? hardware : []),
				...(has('i') ? hardware : []),
				// CONFIG_UNAME_OSNAME of Alpine's busybox.
				...(has('o') ? [system === 'alpine' ? 'Linux' : 'GNU/Linux'] : []),
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

export const machineTools: readonly Tool[] = [hostname, uname, lsmod, ...systemdTools, crictl, ctr, arping];
