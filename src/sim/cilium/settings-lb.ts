/** Load balancing's options and what they exclude. daemon/cmd/kube_proxy_replacement.go @ v1.12.1, v1.14.13, v1.18.0. */
import { type CiliumError, ciliumError, fatal } from './error.ts';
import { DEFAULT_MAGLEV_SEED, DEFAULT_MAGLEV_SIZE, MAGLEV_SIZES, maglevSeed } from './maglev.ts';
import type { CiliumMessage, CiliumSettings } from './settings.ts';
import { type Draft, wrong } from './settings-kpr.ts';

/** Mode, dispatch, algorithm, acceleration: only read when there is a NodePort program. */
export const loadBalancing = (
	s: Draft,
	config: ReadonlyMap<string, string>,
	messages: CiliumMessage[],
	minor: number,
): CiliumError | undefined => {
	const tunnelled = s.routingMode === 'tunnel';
	if (s.autoDirectNodeRoutes && tunnelled)
		return fatal(
			'direct-routes-tunnel',
			'auto-direct-node-routes cannot be used with tunneling. Packets must be routed through the tunnel device.',
		);
	if (!s.nodePort) return undefined;
	const pick = (key: string, helm: string, allowed: readonly string[]): string | CiliumError => {
		const value = config.get(key) || allowed[0]!;
		return allowed.includes(value) ? value : wrong(helm, value);
	};
	const mode = pick('bpf-lb-mode', 'loadBalancer.mode', ['snat', 'dsr', 'hybrid']);
	if (typeof mode !== 'string') return mode;
	const dispatches = minor >= 14 ? ['opt', 'ipip', 'geneve'] : ['opt', 'ipip'];
	const dispatch = mode === 'snat' ? 'opt' : pick('bpf-lb-dsr-dispatch', 'loadBalancer.dsrDispatch', dispatches);
	if (typeof dispatch !== 'string') return dispatch;
	if (mode === 'hybrid' && dispatch === 'ipip' && minor <= 18) return wrong('loadBalancer.dsrDispatch', dispatch);
	const algorithm = pick('bpf-lb-algorithm', 'loadBalancer.algorithm', ['random', 'maglev']);
	if (typeof algorithm !== 'string') return algorithm;
	// best-effort: cilium PR 28666.
	const accelerations = ['disabled', 'native', ...(minor >= 15 ? ['best-effort'] : []), 'testing-only'];
	const acceleration = pick('bpf-lb-acceleration', 'loadBalancer.acceleration', accelerations);
	if (typeof acceleration !== 'string') return acceleration;

	s.lbMode = mode as CiliumSettings['lbMode'];
	s.dsrDispatch = dispatch === 'geneve' ? 'geneve' : 'opt';
	const dsr = mode !== 'snat';
	if (dsr && tunnelled && minor <= 13) {
		s.lbMode = 'snat';
		messages.push({ level: 'warning', code: 'dsr.snat', params: { mode } });
	} else if (dsr && tunnelled && s.tunnelProtocol === 'vxlan')
		return fatal('dsr-vxlan', `Node Port "${mode}" mode cannot be used with vxlan tunneling.`);
	else if (dsr && tunnelled && dispatch !== 'geneve')
		return fatal('dsr-tunnel-dispatch', `Tunnel routing with Node Port "${mode}" mode requires geneve dispatch.`);
	else if (dsr && dispatch === 'geneve' && s.tunnelProtocol !== 'geneve')
		return fatal(
			'dsr-geneve-protocol',
			`Node Port "${mode}" mode with ${minor >= 19 ? '"geneve"' : 'geneve'} dispatch requires geneve tunnel protocol.`,
		);
	if (s.lbMode !== 'snat' && dispatch === 'ipip') {
		if (minor <= 18) return fatal('dsr-ipip', 'DSR dispatch mode ipip only supported for --datapath-mode=lb-only');
		return ciliumError('cilium.not-modelled', { key: 'loadBalancer.dsrDispatch', value: dispatch });
	}
	if (acceleration !== 'disabled') {
		if (tunnelled && minor <= 12)
			return fatal(
				'xdp-tunnel',
				`Cannot use NodePort acceleration with tunneling. Either run cilium-agent with --bpf-lb-acceleration=disabled or --tunnel=disabled`,
			);
		s.acceleration = acceleration as CiliumSettings['acceleration'];
	}
	if (algorithm === 'maglev') {
		const size = Number(config.get('bpf-lb-maglev-table-size') ?? DEFAULT_MAGLEV_SIZE);
		if (!MAGLEV_SIZES.includes(size))
			return fatal(
				'maglev-size',
				`Invalid value for --bpf-lb-maglev-table-size: ${size}, supported values are: [${MAGLEV_SIZES.join(' ')}]`,
			);
		const seed = maglevSeed(config.get('bpf-lb-maglev-hash-seed') ?? DEFAULT_MAGLEV_SEED);
		if (!seed) return fatal('maglev-seed');
		s.lb = { ...s.lb, algorithm: 'maglev', maglevTableSize: size, jhashSeed: seed.jhash4 };
		s.maglevMurmurSeed = seed.murmur;
	}
	return undefined;
};
