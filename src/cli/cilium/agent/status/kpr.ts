/** `KubeProxyReplacement Details`. Source: pkg/client/client.go @ v1.12.1, v1.15.4, v1.18.3. */
import type { Agent } from '../context.ts';
import { enabled, type KprStatus } from './model.ts';

export const MODE = { snat: 'SNAT', dsr: 'DSR', hybrid: 'Hybrid' } as const;
export const XDP = {
	disabled: 'Disabled',
	native: 'Native',
	'best-effort': 'Best-Effort',
	'testing-only': 'Generic',
} as const;

/** Annotations of Services that the load balancer looks at. */
const ANNOTATIONS: readonly (readonly [from: number, name: string])[] = [
	[17, 'service.cilium.io/node'],
	[18, 'service.cilium.io/node-selector'],
	[18, 'service.cilium.io/proxy-delegation'],
	[17, 'service.cilium.io/src-ranges-policy'],
	[17, 'service.cilium.io/type'],
];

export const annotationsOf = (minor: number): readonly string[] =>
	ANNOTATIONS.filter(([from]) => minor >= from).map(([, name]) => name);

/** Rows with tabs. */
export function kprDetails({ settings, minor }: Agent, kpr: KprStatus): string {
	const rows: string[] = [];
	const row = (label: string, value: string): void => void rows.push(`  ${label}:\t${value}\n`);
	row('Status', kpr.mode);
	row('Socket LB', enabled(settings.socketLB !== 'off'));
	if (minor <= 12 && settings.socketLB !== 'off') row('Socket LB Protocols', 'TCP, UDP');
	if (minor >= 13) row('Socket LB Tracing', enabled(settings.socketLB !== 'off'));
	if (minor >= 14) row('Socket LB Coverage', settings.socketLB === 'hostns' ? 'Hostns-only' : 'Full');
	if (!kpr.off && kpr.devices !== '') row('Devices', kpr.devices);
	if (settings.nodePort) {
		row('Mode', MODE[settings.lbMode]);
		if (minor >= 15 && settings.lbMode !== 'snat')
			row('  DSR Dispatch Mode', settings.dsrDispatch === 'geneve' ? 'Geneve' : 'IP Option/Extension');
		const { algorithm, maglevTableSize } = settings.lb;
		row('Backend Selection', algorithm === 'maglev' ? `Maglev (Table Size: ${maglevTableSize})` : 'Random');
	}
	row('Session Affinity', enabled(settings.sessionAffinity));
	if (minor <= 17) row('Graceful Termination', 'Enabled');
	row('NAT46/64 Support', 'Disabled');
	if (settings.nodePort) row('XDP Acceleration', XDP[settings.acceleration]);
	rows.push('  Services:\n');
	row('- ClusterIP', 'Enabled');
	const [first, last] = settings.nodePortRange;
	row('- NodePort', `${settings.nodePort ? `Enabled (Range: ${first}-${last})` : 'Disabled'} `);
	row('- LoadBalancer', `${enabled(settings.nodePort)} `);
	row('- externalIPs', `${enabled(settings.externalIPs)} `);
	row('- HostPort', enabled(settings.hostPort));
	const annotations = annotationsOf(minor);
	if (annotations.length > 0) rows.push('  Annotations:\n', ...annotations.map((name) => `  - ${name}\n`));
	return rows.join('');
}
