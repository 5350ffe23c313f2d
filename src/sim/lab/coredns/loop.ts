/** plugin/loop: asks itself something nobody knows, and sees whether that comes back (plugin/loop/{loop,setup}.go @ v1.8.6). */
import type { ClusterContext } from '../cluster/context.ts';
import { all, type Pod } from '../cluster/kinds.ts';
import type { CoreDnsRun } from '../software/coredns.ts';
import { log } from './chain.ts';
import { fqdn, within } from './config.ts';
import { type Asker, bare, type DnsNetwork, type DnsQuestion, HINFO, type Outcome } from './question.ts';
import { queryOf, type Serving } from './serving.ts';

/** Whether what is sent to a host comes to this server, whose address is `own`. */
function comesBack(cluster: ClusterContext, own: string | undefined, host: string): boolean {
	if (/^127\./.test(host) || host === own || host === '0.0.0.0') return true;
	// Of a service whose endpoints are such servers.
	return all<Pod & { readonly spec: { readonly clusterIP?: string; readonly selector?: object } }>(
		cluster.api,
		'services',
	).some(({ spec, metadata }) => spec.clusterIP === host && metadata.name === 'kube-dns');
}

/** One look; a server that finds itself ends. */
export function findLoop({ context }: CoreDnsRun, serving: Serving, own: string | undefined): void {
	const { id, cluster } = context;
	const { timeline } = cluster;
	for (const { zones, port, plugins } of serving.servers()) {
		if (!plugins.some(({ kind }) => kind === 'loop')) continue;
		const [zone = '.'] = zones;
		const label = (n: number): string =>
			`${timeline.random('loop', `${id} ${timeline.now} ${n}`, 9_000_000_000)}${timeline.random('loop', `${id} ${timeline.now} ${n} b`, 900_000_000)}`;
		const name = fqdn(`${label(1)}.${label(2)}.${bare(zone)}`);
		const to = plugins.find((p) => p.kind === 'forward' && within(name, p.from));
		const from = 32_768 + timeline.random('loop port', `${id} ${timeline.now}`, 28_000);
		if (to?.kind === 'forward' && to.to.some((t) => t.port === port && comesBack(cluster, own, t.host))) {
			context.log(
				`[FATAL] plugin/loop: Loop (127.0.0.1:${from} -> :${port}) detected for zone ${JSON.stringify(zone)}, see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO ${name}"`,
			);
			context.exit(1);
			return;
		}
		// Who logs has the question in the log too.
		const logs = plugins.find((p) => p.kind === 'log');
		if (logs?.kind === 'log') {
			const outcome: Outcome = {
				code: 3,
				reply: { code: 3, flags: 0x80, answers: [], authority: [], additional: [] },
			};
			const question: DnsQuestion = { id: from % 65_536, name: bare(name), type: HINFO, flags: 0x100 };
			const size = 12 + name.length + 1 + 4;
			const network: DnsNetwork = { now: timeline.now, ask: () => ({ took: 0 }), sizeOf: () => size };
			const asker: Asker = { ip: '127.0.0.1', port: from, tcp: false, size, local: '127.0.0.1' };
			log(logs.rules, serving.around)(queryOf(question, asker, network), () => outcome);
		}
	}
}
