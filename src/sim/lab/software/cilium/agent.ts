/**
 * The agent's life: it finds the API server, reads cilium-config, waits for the operator's CRDs and for a pod CIDR,
 * sets its node up, and from then on answers the CNI plugin.
 *
 * Source: cilium daemon/cmd/{daemon_main,daemon,ipam}.go, plugins/cilium-cni/cni-{install,uninstall}.sh @ v1.12.1;
 * daemon/cmd/cni @ v1.14.13.
 */
import { asManager } from '../../../api/index.ts';
import { type CiliumSettings, nodePlan } from '../../../cilium/index.ts';
import { formatIp, formatPrefix, type Ip, type Prefix } from '../../../wire/index.ts';
import { all, type ConfigMap, type Node, one, ownerRef } from '../../cluster/kinds.ts';
import { prefixOfText } from '../../cluster/machine.ts';
import { peoplesContainers } from '../../containers/later.ts';
import { goDuration } from '../../kubelet/pulls.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../time.ts';
import type { Ending, ProgramContext } from '../program.ts';
import { readConfig, releaseOfImage, versionOfImage } from './agent-config.ts';
import { tellEndpoint, tellPolicy } from './agent-log.ts';
import { addressing, BANNER, WANTED } from './agent-words.ts';
import { confName, confText, OWN_CONF } from './cni-conf.ts';
import { connectApi } from './connect-api.ts';
import { createEndpoints, type Endpoints } from './endpoints.ts';
import { lackingOf } from './lacking.ts';
import { configOfNode } from './node-config.ts';
import { type CiliumNodeObject, emptyParts, followLabels } from './node-object.ts';
import { firstRevision, onPolicy } from './policy-revision.ts';
import { type Fields, type Part, say } from './say.ts';

/** What an agent leaves on its node for the next one. */
interface Left {
	readonly cidr: Prefix;
	readonly endpoints: Endpoints;
	readonly routerIP: Ip;
	readonly healthIP: Ip;
	readonly hostEndpoint: number;
	readonly healthEndpoint: number;
}

const audits = (config: Readonly<Record<string, string>>): boolean => config['policy-audit-mode'] === 'true';

/** By machine. */
const left = new WeakMap<object, Left>();

/** Starts an agent in its container; the answer ends it, as the container ends. */
export function startAgent(context: ProgramContext): (how: Ending) => void {
	const { cluster, machine, pod } = context;
	const { timeline } = cluster;
	const api = asManager(cluster.api, 'cilium-agent');
	const version = versionOfImage(context.container.image);
	const release = releaseOfImage(context.container.image);
	const minor = minorOf(version);
	const startedAt = timeline.now;
	let ended = false;
	const config = (): Readonly<Record<string, string>> => ({
		...one<ConfigMap>(api, 'configmaps', pod.metadata.namespace, 'cilium-config')?.data,
		...(minor >= 13 ? configOfNode(api, pod.metadata.namespace, machine.name) : {}),
	});
	const info = (text: string, part: Part = 'daemon', fields: Fields = {}): void =>
		say(context, 'info', part, text, fields);
	const fatal = (text: string, fields: Fields = {}, part: Part = 'agent'): void => {
		say(context, 'fatal', part, text, fields);
		context.exit(1);
	};

	const exclusive = (): boolean => minor < 14 || config()['cni-exclusive'] !== 'false';
	const installCni = (): void => {
		// Other configurations are put out of the way (`cni.exclusive`); an older agent's makes room.
		const kept = Object.entries(machine.cniConfig)
			.filter(([name]) => !OWN_CONF.test(name))
			.map(([name, text]) => [!exclusive() || name.endsWith('.cilium_bak') ? name : `${name}.cilium_bak`, text]);
		machine.cniConfig = { ...Object.fromEntries(kept), [confName(minor)]: confText(minor) };
		useCni();
		machine.changed();
	};
	/** Whether the folder is as an agent that runs wants it. */
	const inOrder = (): boolean => {
		if (ended || machine.agent?.state !== 'ready') return true;
		const others = Object.keys(machine.cniConfig).filter((name) => name !== confName(minor));
		const alone = !exclusive() || others.every((name) => name.endsWith('.cilium_bak'));
		return alone && machine.cniConfig[confName(minor)] === confText(minor);
	};
	// From 1.14 on agents watch it, and put right what others do there (daemon/cmd/cni/config.go @ v1.14.13).
	const putRight = (): void => {
		if (!inOrder()) installCni();
	};
	if (minor >= 14)
		machine.onChange(() => {
			if (!inOrder()) timeline.after(SECOND / 10, putRight);
		});
	// libcni names the network of a file with one plugin, not of a list (libcni/api.go pluginDescription() @ v1.1.1).
	const plugin = `plugin type="cilium-cni"${minor <= 13 ? ' name="cilium"' : ''}`;
	const useCni = (): void => {
		machine.cni = {
			kind: 'cilium',
			add(asked) {
				const state = left.get(machine);
				if (machine.agent?.state !== 'ready' || !state)
					return {
						error: `${plugin} failed (add): unable to connect to Cilium daemon: failed to create cilium agent client after 30.000000 seconds timeout: Get "http:///var/run/cilium/cilium.sock/v1/config": dial unix /var/run/cilium/cilium.sock: connect: ${machine.agent?.state === 'gone' ? 'connection refused' : 'no such file or directory'}\nIs the agent running?`,
						after: 30 * SECOND,
					};
				const ip = state.endpoints.add(asked);
				if (ip === undefined)
					return {
						error: `${plugin} failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure  range is full`,
						after: SECOND,
					};
				publish();
				return { ip };
			},
			del({ namespace, name }) {
				left.get(machine)?.endpoints.remove(namespace, name);
				publish();
			},
		};
	};
	/** The state others read follows the endpoints. */
	const publish = (): void => {
		const state = left.get(machine);
		if (machine.agent && state) machine.agent = { ...machine.agent, endpoints: state.endpoints.list() };
	};

	const setUp = (settings: CiliumSettings, cidr: Prefix, asRead: Readonly<Record<string, string>>): void => {
		const node = { name: machine.name, internalIP: machine.ip!, device: 'eth0', podCIDR: cidr };
		const { routerIP } = nodePlan(settings, node, [], new Set());
		let state = left.get(machine);
		const restoredRouter = state?.routerIP === routerIP;
		if (
			!state ||
			state.cidr.address !== cidr.address ||
			state.cidr.length !== cidr.length ||
			state.routerIP !== routerIP
		) {
			const healthIP =
				routerIP === cidr.address + 2
					? cidr.address + 3
					: cidr.address +
						2 +
						timeline.random('health', `${machine.name}\0${cidr.address}`, 2 ** (32 - cidr.length) - 4);
			const health = healthIP === routerIP ? routerIP + 1 : healthIP;
			const used = new Set<number>();
			const number = (key: string): number => {
				for (let i = 0; ; i++) {
					const id = 1 + timeline.random('endpoint id', `${machine.name}\0${key}\0${i}`, 4095);
					if (used.has(id)) continue;
					used.add(id);
					return id;
				}
			};
			const [hostEndpoint, healthEndpoint] = [number('host'), number('health')];
			state = {
				cidr,
				routerIP,
				healthIP: health,
				hostEndpoint,
				healthEndpoint,
				endpoints: createEndpoints(
					cluster,
					machine,
					cidr,
					new Map([
						[routerIP, 'router'],
						[health, 'health'],
					]),
					used,
					publish,
				),
			};
			left.set(machine, state);
		}
		const { endpoints, healthIP, hostEndpoint, healthEndpoint } = state;
		if (restoredRouter)
			info('Restored router address from node_config', 'node', {
				ipv4: formatIp(routerIP),
				ipv6: '<nil>',
				file: '/var/run/cilium/state/globals/node_config.h',
			});
		info('Initializing node addressing', minor >= 19 ? 'ipam' : 'daemon');
		const prefixes = { v4Prefix: formatPrefix(cidr), v6Prefix: '<nil>' };
		if (minor >= 18) info('Initializing IPAM', 'ipam', { mode: settings.ipamMode, ...prefixes });
		else info(`Initializing ${settings.ipamMode} IPAM`, 'ipam', prefixes);
		const restored = endpoints.list().length;
		info('Restoring endpoints...');
		info('Endpoints restored', 'daemon', { restored, failed: 0 });
		for (const line of addressing(minor, machine, asRead, cidr, routerIP)) info(line);
		for (const { log, level } of settings.messages)
			if (log) say(context, level === 'warning' ? 'warning' : 'info', 'daemon', log);
		context.after(context.between(1500 * MILLISECOND, 4 * SECOND, 'datapath'), () => {
			machine.agent = {
				node: machine.name,
				pod: pod.metadata.name,
				state: 'ready',
				version,
				release,
				config: asRead,
				settings,
				podCIDR: cidr,
				routerIP,
				healthIP,
				hostEndpoint,
				healthEndpoint,
				startedAt,
				endpoints: endpoints.list(),
				policyRevision: firstRevision(cluster),
				...(audits(asRead) && { options: { audits: { others: true } } }),
			};
			writeNode(cidr, routerIP, healthIP);
			endpoints.takeOver(minor, asRead, (events, endpoint) => {
				if (!ended) tellEndpoint(context, events, endpoint);
			});
			context.watch(endpoints.see);
			context.watch(followLabels(api, machine.name, () => ended));
			context.watch(
				onPolicy(cluster, machine, (change) => {
					if (!machine.agent) return;
					const revision = machine.agent.policyRevision + (change.error === undefined ? 1 : 0);
					machine.agent = { ...machine.agent, policyRevision: revision };
					tellPolicy(context, minor, { ...change, revision, identities: all(api, 'ciliumidentities') });
				}),
			);
			info('Regenerating restored endpoints', 'daemon', minor >= 18 ? { restored } : { numRestored: restored });
			info('Datapath signal listener running', 'signal');
			info('Daemon initialization completed', 'daemon', { bootstrapTime: goDuration(timeline.now - startedAt) });
			info('Serving cilium API at unix:///var/run/cilium/cilium.sock', 'api');
			info('Finished regenerating restored endpoints', 'daemon', {
				regenerated: restored,
				...(minor >= 18 && { failed: 0 }),
				total: restored,
			});
			if (minor >= 13) installCni();
			else {
				useCni();
				machine.changed();
			}
			context.healthy();
			cluster.packetsChanged();
		});
	};

	const writeNode = (cidr: Prefix | undefined, routerIP?: Ip, healthIP?: Ip): void => {
		const owner = one<Node>(api, 'nodes', undefined, machine.name);
		if (!owner) return;
		const old = one<CiliumNodeObject>(api, 'ciliumnodes', undefined, machine.name);
		const empty = emptyParts(minor);
		const spec = {
			...empty.spec,
			...old?.spec,
			addresses: [
				{ ip: formatIp(machine.ip!), type: 'InternalIP' },
				...(routerIP === undefined ? [] : [{ ip: formatIp(routerIP), type: 'CiliumInternalIP' }]),
			],
			...(healthIP === undefined ? {} : { health: { ipv4: formatIp(healthIP) } }),
			ipam: { ...empty.ipam, ...old?.spec?.ipam, ...(cidr ? { podCIDRs: [formatPrefix(cidr)] } : {}) },
		};
		if (old) {
			api.update({ ...old, metadata: { ...old.metadata, labels: owner.metadata.labels ?? {} }, spec });
			return;
		}
		const { controller: _controller, blockOwnerDeletion: _block, ...reference } = ownerRef(owner);
		api.create({
			apiVersion: 'cilium.io/v2',
			kind: 'CiliumNode',
			metadata: { name: machine.name, labels: owner.metadata.labels ?? {}, ownerReferences: [reference] },
			spec,
			status: {},
		});
	};

	const waitForCidr = (settings: CiliumSettings, asRead: Readonly<Record<string, string>>): void => {
		if (settings.ipamMode === 'kubernetes')
			writeNode(prefixOfText(one<Node>(api, 'nodes', undefined, machine.name)?.spec?.podCIDR));
		else writeNode(undefined);
		let said = false;
		const look = (): void => {
			const cidr =
				settings.ipamMode === 'kubernetes'
					? one<Node>(api, 'nodes', undefined, machine.name)?.spec?.podCIDR
					: one<CiliumNodeObject>(api, 'ciliumnodes', undefined, machine.name)?.spec?.ipam?.podCIDRs?.[0];
			const prefix = prefixOfText(cidr);
			if (prefix) {
				setUp(settings, prefix, asRead);
				return;
			}
			if (!said)
				say(context, 'warning', minor >= 18 ? 'daemon' : 'crds', 'Waiting for k8s node information', {
					error: 'required IPv4 PodCIDR not available',
				});
			said = true;
			context.after(SECOND, look);
		};
		look();
	};

	const waitForCrds = (settings: CiliumSettings, asRead: Readonly<Record<string, string>>): void => {
		const since = timeline.now;
		let looks = 0;
		info('Waiting until all Cilium CRDs are available', 'crds');
		const look = (): void => {
			const missing = WANTED.filter((name) => !api.find(name)).map((name) => `crd:${name}.cilium.io`);
			if (missing.length === 0) {
				info('All Cilium CRDs have been found and are available', 'crds');
				waitForCidr(settings, asRead);
				return;
			}
			if (timeline.now - since > 5 * MINUTE) {
				fatal(
					`Unable to find all Cilium CRDs necessary within 5m0s timeout. Please ensure that Cilium Operator is running, as it's responsible for registering all the Cilium CRDs. The following CRDs were not found: [${missing.join(' ')}]`,
					{ error: 'context deadline exceeded' },
					'crds',
				);
				return;
			}
			const still = 'Still waiting for Cilium Operator to register';
			if (looks++ > 0 && minor >= 18) info(`${still} CRDs`, 'crds', { CRDs: `[${missing.join(' ')}]` });
			else if (looks > 1 && minor >= 16) info(`${still} the following CRDs: [${missing.join(' ')}]`, 'crds');
			context.after(SECOND, look);
		};
		look();
	};

	if (minor <= 12) {
		peoplesContainers()?.installPlugin(cluster, machine, 'cilium-cni');
		installCni();
	}
	for (const line of BANNER) info(line, 'agent');
	info(`Cilium ${release}`, 'agent');
	context.after(context.between(400 * MILLISECOND, 1200 * MILLISECOND, 'start'), () => {
		connectApi(
			context,
			'client',
			() => {
				const asRead = config();
				if (Object.keys(asRead).length === 0) return fatal('Unable to read cilium-config');
				const made = readConfig(version, asRead, cluster.kernel);
				if ('fatal' in made) return fatal(made.fatal);
				const lacking = lackingOf(asRead);
				const stop = lacking.find(({ stops }) => stops);
				if (stop) return fatal(stop.text);
				if (audits(asRead))
					say(context, 'warning', 'daemon', 'PolicyAuditMode is enabled. Network policy will not be enforced.');
				for (const { text } of lacking) say(context, 'warning', 'daemon', text);
				waitForCrds(made.settings, asRead);
			},
			(error) => {
				if (minor <= 12)
					fatal('Unable to initialize Kubernetes subsystem', { error: `unable to create k8s client: ${error}` });
				else fatal(`${minor >= 18 ? 'unable to run agent: ' : ''}failed to start: ${error}`);
			},
		);
	});
	return (how) => {
		ended = true;
		if (machine.agent) machine.agent = { ...machine.agent, state: 'gone' };
		// preStop runs /cni-uninstall.sh: no pod is to be started while there is no agent.
		const uninstall = minor <= 12 || config()['cni-uninstall'] === 'true';
		if (how === 'term' && uninstall) {
			machine.cniConfig = Object.fromEntries(
				Object.entries(machine.cniConfig).filter(([name]) => !OWN_CONF.test(name)),
			);
			machine.changed();
		}
		cluster.packetsChanged();
	};
}
