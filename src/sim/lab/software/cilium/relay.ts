/** hubble-relay: it asks an agent which nodes there are, and keeps a connection to each. */
import { type Ip, parseIp } from '../../../wire/index.ts';
import { all, type ConfigMap, one } from '../../cluster/kinds.ts';
import { peoplesContainers } from '../../containers/later.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../../time.ts';
import type { Program, ProgramContext } from '../program.ts';
import { server } from '../servers.ts';
import { versionOfImage } from './agent-config.ts';
import type { CiliumNodeObject } from './node-object.ts';
import { momentOf } from './say.ts';

type Lines = (said: NonNullable<ReturnType<typeof peoplesContainers>>) => readonly string[];

/** So many lines, worded when somebody reads them. */
function later(context: ProgramContext, count: number, lines: Lines): void {
	for (let i = 0; i < count; i++)
		context.logLater(() => {
			const said = peoplesContainers();
			return (said && lines(said)[i]) ?? '';
		});
}

const plain = server([{ port: 4245, protocol: 'TCP', speaks: 'tls' }], ['hubble-relay', 'serve']);

export const relay: Program = {
	...plain,
	start(context) {
		const { api, timeline } = context.cluster;
		const config = (): Readonly<Record<string, string>> =>
			one<ConfigMap>(api, 'configmaps', context.pod.metadata.namespace, 'cilium-config')?.data ?? {};
		const { 'cluster-name': cluster = 'default', 'hubble-disable-tls': open } = config();
		const peers = new Map<string, Ip>();
		const look = (): void => {
			const now = new Map<string, Ip>();
			for (const { metadata, spec } of all<CiliumNodeObject>(api, 'ciliumnodes')) {
				const ip = parseIp(spec?.addresses?.find(({ type }) => type === 'InternalIP')?.ip ?? '');
				if (ip !== undefined) now.set(metadata.name, ip);
			}
			const moment = momentOf(context);
			const tell = (name: string, ip: Ip, gone: boolean): void =>
				later(context, 3, (said) => said.relayPeer(context, moment, { name, ip, tls: open !== 'true', gone }, cluster));
			for (const [name, ip] of peers) if (now.get(name) !== ip) tell(name, ip, true);
			for (const [name, ip] of now) if (peers.get(name) !== ip) tell(name, ip, false);
			peers.clear();
			for (const [name, ip] of now) peers.set(name, ip);
		};
		context.after(context.between(50 * MILLISECOND, SECOND, 'start'), () => {
			const moment = momentOf(context);
			const health = minorOf(versionOfImage(context.container.image)) >= 15;
			later(context, health ? 2 : 1, (said) => said.relayStart(context, moment, cluster));
			context.healthy();
			const wait = timeline.between(100 * MILLISECOND, 900 * MILLISECOND, 'peers', context.id);
			context.after(wait, () => {
				look();
				context.watch(({ object }) => {
					if (object.kind === 'CiliumNode') look();
				});
			});
		});
	},
};

/** Nothing of Envoy is here but its container. */
export const envoy: Program = {
	...server([], ['/usr/bin/cilium-envoy-starter']),
	start(context) {
		context.log('the simulator has no Envoy: this container runs, and proxies nothing');
		context.after(context.between(50 * MILLISECOND, SECOND, 'start'), context.healthy);
	},
};
