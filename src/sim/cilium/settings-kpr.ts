/**
 * What the one word kube-proxy-replacement switches on and off, and the checks that follow.
 * daemon/cmd/kube_proxy_replacement.go @ v1.12.1, v1.14.13, v1.18.0.
 */
import { type CiliumError, ciliumError, fatal } from './error.ts';
import { minorOf } from './features.ts';
import type { AgentHost, CiliumMessage, CiliumSettings } from './settings.ts';

/** Settings in the making. */
export type Draft = { -readonly [K in keyof CiliumSettings]: CiliumSettings[K] };

export const wrong = (key: string, value: string): CiliumError =>
	ciliumError('cilium.value', { key, value, stage: 'agent' });

export const kernelAtLeast = (kernel: string, major: number, minor: number): boolean => {
	const [a = 0, b = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10) || 0);
	return a > major || (a === major && b >= minor);
};

/** initKubeProxyReplacementOptions(): what the one word switches on and off. */
export const replacement = (
	s: Draft,
	config: ReadonlyMap<string, string>,
	messages: CiliumMessage[],
	host: AgentHost,
	encryption: string,
): CiliumError | undefined => {
	const minor = minorOf(s.version);
	const kpr = s.kubeProxyReplacement;
	const deprecated = minor === 12 ? kpr === 'probe' : minor >= 14 && kpr !== 'true' && kpr !== 'false';
	if (deprecated)
		messages.push({
			level: 'warning',
			code: 'kpr.deprecated-value',
			params: { value: kpr },
			...(minor >= 14
				? {
						log: `Deprecated value for --kube-proxy-replacement: ${kpr} (use either "true", or "false")`,
					}
				: {}),
		});
	if (kpr === 'disabled') {
		s.nodePort = s.externalIPs = s.hostPort = s.sourceRangeCheck = false;
		s.socketLB = 'off';
		s.hostRouting = 'legacy';
		messages.push({
			level: 'info',
			code: 'kpr.auto-disabled',
			params: {},
			log: 'Auto-disabling "enable-node-port", "enable-external-ips", "bpf-lb-sock", "enable-host-port" features and falling back to "enable-host-legacy-routing"',
		});
		return undefined;
	}
	if (kpr === 'strict' || kpr === 'true' || kpr === 'probe') {
		s.nodePort = s.externalIPs = s.hostPort = s.sessionAffinity = true;
		s.socketLB = 'full';
		messages.push({
			level: 'info',
			code: 'kpr.auto-enabled',
			params: {},
			...(minor <= 18
				? {
						log: 'Auto-enabling "enable-node-port", "enable-external-ips", "bpf-lb-sock", "enable-host-port", "enable-session-affinity" features',
					}
				: {}),
		});
	} else if (minor >= 19) s.nodePort = s.externalIPs = s.hostPort = false;
	if (s.nodePort && encryption === 'ipsec' && minor <= 14)
		return fatal('ipsec-nodeport', 'IPSec cannot be used with BPF NodePort');
	if (!s.nodePort) s.externalIPs = s.hostPort = s.sourceRangeCheck = false;
	if (s.socketLB === 'full' && config.get('bpf-lb-sock-hostns-only') === 'true') s.socketLB = 'hostns';
	if (s.sessionAffinity && s.socketLB !== 'off' && !kernelAtLeast(host.kernel, 5, 7))
		messages.push({ level: 'warning', code: 'affinity.one-client', params: {} });
	if (s.nodePort && !s.bindProtection)
		messages.push({
			level: 'warning',
			code: 'bind-protection.off',
			params: {},
			log: 'NodePort BPF configured without bind(2) protection against service ports',
		});
	return s.nodePort ? nodePortRange(s, config, messages, host) : undefined;
};

/** checkNodePortAndEphemeralPortRanges(). */
const nodePortRange = (
	s: Draft,
	config: ReadonlyMap<string, string>,
	messages: CiliumMessage[],
	{ ephemeral: [from, to] }: AgentHost,
): CiliumError | undefined => {
	const asked = config.get('node-port-range');
	if (asked !== undefined) {
		const [first, last, ...rest] = asked.split(/[, ]+/).map(Number);
		if (!(first! >= 1 && first! < last! && last! <= 65535) || rest.length > 0) return wrong('nodePort.range', asked);
		s.nodePortRange = [first!, last!];
		s.lb = { ...s.lb, nodePortRange: s.nodePortRange };
	}
	const [first, last] = s.nodePortRange;
	if (last < from) return undefined;
	const range = `${first}-${last}`;
	if (first > to)
		return fatal(
			'nodeport-range',
			`NodePort port range (${range}) is not allowed to be after ephemeral port range (${from}\t${to})`,
		);
	if (config.get('enable-auto-protect-node-port-range') === 'false')
		return fatal(
			'nodeport-range',
			`NodePort port range (${range}) must not clash with ephemeral port range (${from}\t${to}).`,
		);
	messages.push({ level: 'info', code: 'nodeport-range.reserved', params: { range } });
	return undefined;
};
