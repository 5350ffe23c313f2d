/** The control plane's own processes. Their work is done by the lab's controllers, as long as they run. */
import { formatMicroTime } from '../../api/index.ts';
import { minorOf } from '../../kube/index.ts';
import { formatIp } from '../../wire/index.ts';
import {
	apiServerCommand,
	controllerManagerCommand,
	etcdCommand,
	schedulerCommand,
} from '../bootstrap/control-plane-flags.ts';
import type { Leader } from '../cluster/components.ts';
import { one, type Pod } from '../cluster/kinds.ts';
import { peoplesContainers } from '../containers/later.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { klog } from './log.ts';
import { missingFile } from './missing-files.ts';
import type { Program, ProgramContext } from './program.ts';
import { unheededFlags } from './unheeded-flags.ts';

const flag = (argv: readonly string[], name: string, otherwise: string): string =>
	argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;

/** A line of etcd's, which logs JSON by zap (server/etcdmain/etcd.go, server/embed @ v3.5.3). */
function zap(
	{ cluster }: ProgramContext,
	caller: string,
	msg: string,
	more: Readonly<Record<string, unknown>>,
	level: 'info' | 'fatal' = 'info',
): string {
	const { now, epoch } = cluster.timeline;
	const stamp = formatMicroTime(epoch + Math.floor(now / SECOND), now % SECOND);
	return JSON.stringify({ level, ts: `${stamp.slice(0, 23)}Z`, caller, msg, ...more });
}

/**
 * What each says when it begins: cmd/kube-scheduler/app/server.go, cmd/kube-controller-manager/app/controllermanager.go and
 * pkg/controlplane's server @ v1.24.0, of what the lab knows.
 */
function begin(context: ProgramContext, name: string): readonly string[] {
	const { cluster, machine, argv } = context;
	const { version } = cluster.api;
	const info = (place: string, message: string): string => klog(context, 'I', place, message);
	const bound = (port: string): string =>
		info('secure_serving.go:210', `Serving securely on ${flag(argv, 'bind-address', '[::]')}:${port}`);
	const attempt = info('leaderelection.go:248', `attempting to acquire leader lease kube-system/${name}...`);
	switch (name) {
		case 'kube-scheduler':
			return [
				info('serving.go:348', 'Generated self-signed cert in-memory'),
				info('server.go:147', `"Starting Kubernetes Scheduler" version="${version}"`),
				info('server.go:149', '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""'),
				bound('10259'),
				attempt,
			];
		case 'kube-controller-manager':
			return [
				info('serving.go:348', 'Generated self-signed cert in-memory'),
				info('controllermanager.go:180', `Version: ${version}`),
				info('controllermanager.go:182', '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""'),
				bound('10257'),
				attempt,
			];
		case 'kube-apiserver':
			return [
				info('server.go:558', `external host was not specified, using ${formatIp(machine.ip ?? 0)}`),
				info('server.go:158', `Version: ${version}`),
				bound(flag(argv, 'secure-port', '6443')),
			];
		case 'etcd':
			return [
				zap(context, 'etcdmain/etcd.go:73', 'Running: ', { args: argv }),
				zap(context, 'embed/serve.go:188', 'serving client traffic securely', { address: '127.0.0.1:2379' }),
			];
		default:
			return [];
	}
}

export const component = (name: string, port: number): Program => ({
	entrypoint: [name],
	paths: [name, `/usr/local/bin/${name}`],
	stops: [200 * MILLISECOND, SECOND],
	listens: () => [{ port, protocol: 'TCP', speaks: 'tls' }],
	start(context) {
		const { cluster, machine, argv } = context;
		const { components } = cluster;
		let runs = true;
		let told = !LEADS.test(name);
		/** client-go tools/leaderelection @ v0.24.0. */
		const tell = (): void => {
			if (!runs || told || !components.leads(name as Leader, machine.name)) return;
			told = true;
			context.log(klog(context, 'I', 'leaderelection.go:258', `successfully acquired lease kube-system/${name}`));
		};
		/** A leader that cannot renew its lease ends; its kubelet starts it again, and it waits for its turn. */
		const lose = (): void => {
			if (!runs || !components.leads(name as Leader, machine.name)) return;
			const since = components.silences().at(-1)?.from;
			const own = cluster.machines.get(machine.name)?.ip;
			const url = `https://${own === undefined ? machine.name : formatIp(own)}:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}?timeout=5s`;
			for (let at = RETRY; at < RENEW_DEADLINE; at += RETRY)
				context.after(at, () => {
					if (components.silences().at(-1)?.from !== since || cluster.reachable()) return;
					const refused = `Get "${url}": dial tcp ${url.slice(8).split('/')[0]}: connect: connection refused`;
					const state = components.isDown('kube-apiserver', machine.name) ? undefined : cluster.etcdState(machine.name);
					const late = `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
					const why =
						state === undefined
							? refused
							: state === 'leaderless'
								? late
								: peoplesContainers()?.etcdFault(state, minorOf(cluster.api.version)).message;
					context.log(
						klog(context, 'E', 'leaderelection.go:330', `error retrieving resource lock kube-system/${name}: ${why}`),
					);
				});
			context.after(RENEW_DEADLINE, () => {
				const last = components.silences().at(-1);
				if (last?.from !== since || last?.to !== undefined) return;
				const lost =
					name === 'kube-scheduler'
						? ['server.go:226', 'Leaderelection lost']
						: ['controllermanager.go:300', 'leaderelection lost'];
				context.log(
					klog(
						context,
						'I',
						'leaderelection.go:283',
						`failed to renew lease kube-system/${name}: timed out waiting for the condition`,
					),
				);
				context.log(klog(context, 'E', lost[0]!, JSON.stringify(lost[1])));
				context.exit(1);
			});
		};
		const fault = flagFault(name, context.argv);
		if (fault !== undefined) {
			context.after(60 * MILLISECOND, () => {
				context.log(`Error: ${fault}`);
				context.exit(1);
			});
			return undefined;
		}
		const missing = missingFile(name, context, writtenFor(name));
		if (missing !== undefined) {
			context.after(context.between(100 * MILLISECOND, 900 * MILLISECOND, 'start'), () => {
				for (const line of begin(context, name).slice(0, BEFORE_FILES[name] ?? 1)) context.log(line);
				context.log(
					name === 'etcd'
						? zap(context, 'etcdmain/etcd.go:204', 'discovery failed', { error: missing }, 'fatal')
						: klog(context, 'E', 'run.go:74', `"command failed" err=${JSON.stringify(missing)}`),
				);
				context.exit(1);
			});
			return undefined;
		}
		const works = (lines: readonly string[]): void => {
			context.healthy();
			for (const line of lines) context.log(line);
			// An etcd that listens elsewhere is away for the API server.
			if (
				name !== 'etcd' ||
				/https:\/\/(?:127\.0\.0\.1|0\.0\.0\.0):2379(?:,|$)/.test(flag(argv, 'listen-client-urls', ''))
			)
				components.started(name, machine.name);
			if (name === 'kube-apiserver') {
				peoplesContainers()?.publishApiServer(context, () => runs);
				const went = (): void => peoplesContainers()?.etcdWent(context, () => runs);
				components.onSilent(went);
				went();
				components.onBack(() => {
					if (runs && cluster.etcdState(machine.name) === undefined) context.healthy();
				});
			}
			const unheeded = unheededFlags(name, context.container.image, argv, cluster, machine);
			if (unheeded !== undefined) {
				context.log(unheeded);
				context.after(2 * SECOND, () => {
					const { namespace, name: own } = context.pod.metadata;
					const source = { component: 'kubelet', host: machine.name };
					const mirror = one<Pod>(cluster.api, 'pods', namespace, own);
					if (mirror) cluster.record.record(source, mirror, 'Normal', 'NotInLab', unheeded);
				});
			}
			tell();
			if (!told) components.onBack(tell);
			if (LEADS.test(name)) components.onSilent(lose);
		};
		context.after(context.between(SECOND, 3 * SECOND, 'start'), () => {
			const containers = peoplesContainers();
			const lines = begin(context, name);
			if (name === 'kube-apiserver' && containers) containers.withEtcd(context, () => works(lines));
			else if (!LEADS.test(name) || !containers?.goesAstray(context, name, lines, works)) works(lines);
		});
		return (how) => {
			runs = false;
			components.ended(name, machine.name, how);
		};
	},
});

/** How much of its beginning a program says before it reads files; others one line. */
const BEFORE_FILES: Readonly<Record<string, number>> = { 'kube-apiserver': 2 };

/** Renewed within so long, or somebody else may lead (client-go tools/leaderelection; `--leader-elect-renew-deadline`). */
const RENEW_DEADLINE = 10 * SECOND;
const RETRY = 2 * SECOND;

const LEADS = /^kube-(?:scheduler|controller-manager)$/;

export const apiServer: Program = component('kube-apiserver', 6443);

/** Whether two words differ by one letter or two: more, fewer or others. */
function isNear(a: string, b: string): boolean {
	if (Math.abs(a.length - b.length) > 2) return false;
	let row = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++)
			next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
		row = next;
	}
	return row[b.length]! <= 2;
}

/**
 * What a program says of its command line before it does anything (spf13/pflag @ v1.0.5). It has more flags than kubeadm
 * writes, and the lab knows only those: a name that is nearly one of them is taken for a slip.
 */
function flagFault(name: string, argv: readonly string[]): string | undefined {
	const known = writtenFor(name)
		.slice(1)
		.map((word) => word.slice(2).split('=')[0]!);
	for (const word of argv.slice(1)) {
		const [, flag = '', value] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
		if (flag === '') continue;
		if (!known.includes(flag) && known.some((own) => isNear(own, flag))) return `unknown flag: --${flag}`;
		if (flag === 'secure-port' && !/^\d+$/.test(value ?? ''))
			return `invalid argument ${JSON.stringify(value ?? '')} for "--${flag}" flag: strconv.ParseInt: parsing ${JSON.stringify(value ?? '')}: invalid syntax`;
		if (
			['allow-privileged', 'leader-elect'].includes(flag) &&
			value !== undefined &&
			!/^(?:[01tTfF]|true|TRUE|True|false|FALSE|False)$/.test(value)
		)
			return `invalid argument ${JSON.stringify(value)} for "--${flag}" flag: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
	}
	return undefined;
}

/** kubeadm's command line, without what differs from cluster to cluster. */
function writtenFor(name: string): readonly string[] {
	const plane = { node: '', ip: '', cluster: '', podSubnet: '', serviceSubnet: '' };
	const written: Readonly<Record<string, readonly string[]>> = {
		etcd: etcdCommand(plane, Number.POSITIVE_INFINITY),
		'kube-apiserver': apiServerCommand(plane),
		'kube-controller-manager': controllerManagerCommand(plane),
		'kube-scheduler': schedulerCommand(),
	};
	return written[name] ?? [];
}
