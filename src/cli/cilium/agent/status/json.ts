/**
 * `cilium status -o json`: models.StatusResponse in the order of its fields. Source: api/v1/models/status_response.go,
 * daemon/cmd/{status,hubble}.go @ v1.12.1, v1.16.15, v1.18.3; pkg/controller/manager.go (GetStatusModel).
 */
import { formatTime } from '../../../../sim/api/index.ts';
import { hex, sha256 } from '../../../../sim/trace/index.ts';
import { formatIp, formatPrefix } from '../../../../sim/wire/index.ts';
import type { Agent } from '../context.ts';
import { NIL, NO_MAP, NO_TEXT, orEmpty, orZero, UNSET, ZERO } from '../go-output.ts';
import { eventsOf, FLOW_BUFFER } from '../monitor/index.ts';
import { attachMode } from './format.ts';
import { healthOf } from './health.ts';
import { annotationsOf, MODE, XDP } from './kpr.ts';
import { mapSizesOf } from './map-sizes.ts';
import { type Status, statusOf } from './model.ts';

const enabled = (on: boolean): object => ({ enabled: on || UNSET });

function replacement({ settings, minor }: Agent, status: Status, address: string): object {
	const devices = settings.nodePort || settings.bpfMasquerade;
	const socket = settings.socketLB !== 'off';
	const { algorithm, maglevTableSize } = settings.lb;
	const dispatch = settings.dsrDispatch === 'geneve' ? 'Geneve' : 'IP Option/Extension';
	const annotations = annotationsOf(minor);
	return {
		// From 1.15 the list of addresses begins with as many empty ones as there are addresses.
		deviceList: devices ? [{ ip: [...(minor >= 15 ? [''] : []), address], name: 'eth0' }] : [],
		devices: devices ? ['eth0'] : [],
		directRoutingDevice: devices ? 'eth0' : NO_TEXT,
		features: {
			...(minor >= 17 && { annotations: annotations.length > 0 ? annotations : null }),
			...(minor >= 14 && { bpfSocketLBHostnsOnly: settings.socketLB === 'hostns' || UNSET }),
			externalIPs: enabled(settings.externalIPs),
			gracefulTermination: enabled(true),
			hostPort: enabled(settings.hostPort),
			...(minor <= 12 && {
				hostReachableServices: { enabled: socket || UNSET, protocols: socket ? ['TCP', 'UDP'] : null },
			}),
			nat46X64: enabled(false),
			nodePort: settings.nodePort
				? {
						acceleration: XDP[settings.acceleration],
						algorithm: algorithm === 'maglev' ? 'Maglev' : 'Random',
						...(minor >= 15 && { dsrMode: dispatch }),
						enabled: true,
						lutSize: algorithm === 'maglev' ? maglevTableSize : ZERO,
						mode: MODE[settings.lbMode],
						portMax: settings.nodePortRange[1],
						portMin: settings.nodePortRange[0],
					}
				: {},
			sessionAffinity: enabled(settings.sessionAffinity),
			socketLB: enabled(socket),
			...(minor >= 13 && { socketLBTracing: enabled(socket) }),
		},
		mode: status.kpr.mode,
	};
}

function masquerading({ settings, state }: Agent): object {
	const on = settings.enableIPv4Masquerade;
	const cidr = on ? formatPrefix(settings.ipv4NativeRoutingCIDR ?? state.podCIDR) : NO_TEXT;
	return {
		enabled: on || UNSET,
		enabledProtocols: { ipv4: on || UNSET, ipv6: UNSET },
		'ip-masq-agent': (on && settings.bpfMasquerade && settings.ipMasq) || UNSET,
		mode: on ? (settings.bpfMasquerade ? 'BPF' : 'iptables') : NO_TEXT,
		'snat-exclusion-cidr': cidr,
		'snat-exclusion-cidr-v4': cidr,
		'snat-exclusion-cidr-v6': NO_TEXT,
	};
}

function hubble(agent: Agent): object {
	const { config, startedAt } = agent.state;
	if (config['enable-hubble'] !== 'true') return { metrics: NIL, msg: NO_TEXT, observer: NIL, state: 'Disabled' };
	const { seen, flows } = eventsOf(agent);
	return {
		metrics: { state: (config['hubble-metrics'] ?? '') === '' ? 'Disabled' : 'Ok' },
		msg: NO_TEXT,
		observer: {
			'current-flows': orZero(flows.length),
			'max-flows': FLOW_BUFFER,
			'seen-flows': orZero(seen),
			// strfmt.Duration is a number of nanoseconds.
			uptime: (agent.lab.now - startedAt) * 1000,
		},
		state: 'Ok',
	};
}

const address = (ip: string, range?: string): object => ({
	ipv4: { 'alloc-range': range ?? NO_TEXT, enabled: true, ip },
	ipv6: {},
});

function nodes(agent: Agent): readonly object[] {
	const { cluster, state, minor } = agent;
	const found = cluster.agents();
	return healthOf(agent).nodes.map(({ name, ip }) => {
		const other = found.find(({ node }) => node === name);
		return {
			'health-endpoint-address': other ? address(formatIp(other.healthIP)) : { ipv4: {}, ipv6: {} },
			...(minor >= 13 && { 'ingress-address': { ipv4: {}, ipv6: {} } }),
			name,
			'primary-address': address(formatIp(ip), other && formatPrefix(other.podCIDR)),
			'secondary-addresses': other ? [{ ip: formatIp(other.routerIP) }] : null,
			...(minor >= 15 && { source: name === state.node ? 'local' : 'custom-resource' }),
		};
	});
}

/** models.StatusResponse. */
export function statusModel(agent: Agent): object {
	const status = statusOf(agent);
	const { settings, state, minor, lab } = agent;
	const { config } = state;
	const own = formatIp(agent.cluster.nodes().find(({ name }) => name === state.node)?.ip ?? 0);
	const health = config['enable-health-checking'] !== 'false';
	const ratio = Number(config['bpf-map-dynamic-size-ratio'] ?? 0);
	const addresses = status.allocated.map((line) => line.split(' ')[0]!);
	return {
		...(minor >= 16 && { 'attach-mode': attachMode(agent) === 'TCX' ? 'tcx' : 'tc' }),
		...(minor >= 14 && { 'auth-certificate-provider': { msg: NO_TEXT, state: 'Disabled' } }),
		'bandwidth-manager': { congestionControl: NO_TEXT, devices: null, enabled: UNSET },
		'bpf-maps': {
			'dynamic-size-ratio': orZero(ratio),
			maps: mapSizesOf(agent).map(([name, size]) => ({ name, size })),
		},
		cilium: { msg: status.cilium, state: 'Ok' },
		'client-id': ZERO,
		'clock-source': { hertz: settings.clock.hz, mode: settings.clock.source },
		cluster: {
			ciliumHealth: { msg: NO_TEXT, state: health ? 'Ok' : 'Disabled' },
			nodes: nodes(agent),
			self: state.node,
		},
		'cluster-mesh': Number(config['cluster-id'] ?? 0) > 0 ? { clusters: [], 'num-global-services': ZERO } : NIL,
		'cni-chaining': { mode: config['cni-chaining-mode'] ?? 'none' },
		...(minor >= 13 && { 'cni-file': { msg: orEmpty(status.cniFile ?? ''), state: 'Ok' } }),
		'container-runtime': NIL,
		controllers: status.controllers.map(({ name, lastSuccess, runs }) => ({
			configuration: { 'error-retry': true },
			name,
			status: {
				'consecutive-failure-count': ZERO,
				'failure-count': ZERO,
				'last-failure-msg': NO_TEXT,
				'last-failure-timestamp': '0001-01-01T00:00:00.000Z',
				'last-success-timestamp':
					lastSuccess === undefined
						? '0001-01-01T00:00:00.000Z'
						: formatTime(lab.epoch + Math.floor(lastSuccess / 1e6)).replace('Z', `.${millis(lastSuccess)}Z`),
				'success-count': orZero(runs),
			},
			uuid: uuidOf(`${state.pod} ${name}`),
		})),
		...(minor >= 16 && { 'datapath-mode': 'veth' }),
		encryption: { mode: 'Disabled', msg: NO_TEXT, wireguard: NIL },
		'host-firewall': { devices: settings.nodePort || settings.bpfMasquerade ? ['eth0'] : null, mode: 'Disabled' },
		...(minor <= 15 && { 'host-routing': { mode: status.hostRouting } }),
		hubble: hubble(agent),
		'identity-range': { 'max-identity': 65535, 'min-identity': 256 },
		ipam: {
			allocations: new Map(status.allocated.map((line) => [line.split(' ')[0]!, line.replace(/^\S+ \((.*)\)$/, '$1')])),
			ipv4: addresses,
			ipv6: null,
			status: status.ipam,
		},
		...(minor >= 14 && { 'ipv4-big-tcp': { enabled: UNSET, maxGRO: ZERO, maxGSO: ZERO } }),
		...(minor >= 13 && { 'ipv6-big-tcp': { enabled: UNSET, maxGRO: ZERO, maxGSO: ZERO } }),
		'kube-proxy-replacement': replacement(agent, status, own),
		kubernetes: { 'k8s-api-versions': status.kubernetesApis, msg: status.kubernetes, state: 'Ok' },
		kvstore: minor >= 17 ? { msg: NO_TEXT, state: 'Disabled' } : { msg: 'Disabled', state: 'Ok' },
		masquerading: masquerading(agent),
		nodeMonitor: { cpus: status.cpus, lost: ZERO, npages: 64, pagesize: 4096, unknown: ZERO },
		proxy: settings.l7Proxy
			? {
					...(minor >= 14 && {
						'envoy-deployment-mode': config['external-envoy-proxy'] === 'true' ? 'external' : 'embedded',
					}),
					ip: formatIp(state.routerIP),
					'port-range': '10000-20000',
					redirects: null,
					'total-ports': ZERO,
					'total-redirects': ZERO,
				}
			: NIL,
		...(minor >= 16 && {
			routing: {
				'inter-host-routing-mode': settings.routingMode === 'native' ? 'Native' : 'Tunnel',
				'intra-host-routing-mode': status.hostRouting,
				'tunnel-protocol': settings.tunnelProtocol,
			},
		}),
		...(minor >= 14 && { srv6: { enabled: UNSET, srv6EncapMode: 'reduced' } }),
		stale: NO_MAP,
	};
}

/** A number of its own for each controller: Go draws it. */
function uuidOf(text: string): string {
	const digits = hex(sha256(new TextEncoder().encode(text)));
	return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

const millis = (at: number): string => String(Math.floor((at % 1e6) / 1e3)).padStart(3, '0');
