/** The digests of whole traces over many settings: the same code runs in Node and, bundled, in each browser. */
import { scenarioById } from '../../../src/sim/scenarios/index.ts';
import { traceDigest } from '../../../src/sim/trace/index.ts';
import { parseIp } from '../../../src/sim/wire/index.ts';
import { apply, createWorld, type Settings } from '../../../src/sim/world/index.ts';

const SETTINGS: readonly Partial<Settings>[] = [
	{ bundle: 'bare-1.24' },
	{ bundle: 'bare-1.33', replicas: 3, podOn: undefined },
	{ bundle: 'bare-1.24', externalTrafficPolicy: 'Local' },
	{ bundle: 'cilium-1.12' },
	{ bundle: 'cilium-1.18', replicas: 0 },
	{ bundle: 'cilium-1.12', kubeProxy: 'none', helm: { kubeProxyReplacement: 'strict', 'loadBalancer.mode': 'snat' } },
	{ bundle: 'cilium-1.18', kubeProxy: 'none', helm: { kubeProxyReplacement: 'true', 'loadBalancer.mode': 'dsr' } },
];

/** One digest for each setting, door and protocol, in order. */
export function digests(): string[] {
	const out: string[] = [];
	for (const settings of SETTINGS) {
		for (const door of ['172.18.0.2', '172.18.0.3']) {
			for (const protocol of ['tcp', 'udp'] as const) {
				const made = createWorld(scenarioById('kind-basic')!, {
					...settings,
					protocol: protocol === 'tcp' ? 'TCP' : 'UDP',
				});
				if ('error' in made) throw new Error(JSON.stringify(made.error));
				const probe = { from: 'host', to: { ip: parseIp(door)!, port: 32017 }, protocol };
				const applied = apply(made.world, { kind: 'connect', probe });
				if ('error' in applied) throw new Error(JSON.stringify(applied.error));
				out.push(traceDigest(applied.outcome!.trace));
			}
		}
	}
	return out;
}
