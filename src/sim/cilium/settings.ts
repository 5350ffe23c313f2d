/**
 * Helm values to what the agent does. Modelled so far: native routing with kube-proxy beside it (kube-proxy
 * replacement off) and masquerading by iptables. Values that ask for more are errors, not silence.
 *
 * Source: cilium install/kubernetes/cilium/values.yaml and pkg/option/config.go @ v1.12.1 and v1.18.
 */
import { formatPrefix, type Prefix, parsePrefix } from '../wire/index.ts';
import type { BpfClock } from './clock.ts';
import { type CiliumError, ciliumError } from './error.ts';
import { FIRST_MINOR, LAST_MINOR, minorOf } from './features.ts';
import type { LbSettings, MapSizes } from './maps/index.ts';

export interface CiliumSettings {
	/** `1.12.1`. */
	readonly version: string;
	readonly kubeProxyReplacement: false;
	readonly routingMode: 'native';
	/** Routes to other nodes' pods through their node addresses, on a shared network. */
	readonly autoDirectNodeRoutes: boolean;
	/** Pods are not masqueraded towards it. */
	readonly ipv4NativeRoutingCIDR: Prefix | undefined;
	readonly enableIPv4Masquerade: boolean;
	/** A route for each endpoint instead of delivery by program. */
	readonly endpointRoutes: boolean;
	/** The agent keeps a DNS proxy ready, with its TPROXY rules. */
	readonly l7Proxy: boolean;
	readonly mapSizes: MapSizes;
	readonly clock: BpfClock;
	readonly lb: LbSettings;
}

type Values = Readonly<Record<string, string>>;

/** The values of the course's first cluster: native routing, kube-proxy left in charge of services. */
export const nativeRoutingValues = (version: string, cidr: Prefix): Values => ({
	...(minorOf(version) < 14 ? { tunnel: 'disabled' } : { routingMode: 'native' }),
	autoDirectNodeRoutes: 'true',
	ipv4NativeRoutingCIDR: formatPrefix(cidr),
	kubeProxyReplacement: minorOf(version) < 14 ? 'disabled' : 'false',
	'ipam.mode': 'kubernetes',
});

/** Values without a say in where packets go. */
const HARMLESS = ['hubble.', 'operator.', 'image.', 'prometheus.', 'ipam.mode', 'k8sServiceHost', 'k8sServicePort'];

/** Keys that are looked at. */
export const HELM_KEYS: readonly string[] = [
	'autoDirectNodeRoutes',
	'bpf.masquerade',
	'enableIPv4Masquerade',
	'endpointRoutes.enabled',
	'ipv4NativeRoutingCIDR',
	'kubeProxyReplacement',
	'l7Proxy',
	'loadBalancer.mode',
	'routingMode',
	'tunnel',
];

/** Whether `--set` may name this key: those above, and those that have no say in where packets go. */
export const isHelmKey = (key: string): boolean =>
	HELM_KEYS.includes(key) || HARMLESS.some((known) => (known.endsWith('.') ? key.startsWith(known) : key === known));

const BOOLEANS: Values = { true: 'true', false: 'false' };

/**
 * What the agent does with these values. `values` are dotted paths as `--set` takes them; the chart's defaults
 * stand for what is missing.
 */
export const ciliumSettings = (version: string, values: Values): CiliumSettings | CiliumError => {
	const minor = minorOf(version);
	if (!/^1\.\d+\.\d+$/.test(version) || minor < FIRST_MINOR || minor > LAST_MINOR)
		return ciliumError('cilium.version', { version });
	let native = false;
	let settings: CiliumSettings = {
		version,
		kubeProxyReplacement: false,
		routingMode: 'native',
		autoDirectNodeRoutes: false,
		ipv4NativeRoutingCIDR: undefined,
		enableIPv4Masquerade: true,
		endpointRoutes: false,
		l7Proxy: true,
		mapSizes: { lb: 65536, ctTcp: 131072, ctAny: 65536, nat: 131072, neigh: 131072, sockRevNat: 65536, policy: 16384 },
		clock: { source: minor === 12 ? 'jiffies' : 'ktime', hz: 250 },
		lb: { algorithm: 'random', maglevTableSize: 16381, jhashSeed: 0x71dcda46 },
	};
	for (const [key, value] of Object.entries(values)) {
		const wrong = ciliumError('cilium.value', { key, value });
		const later = ciliumError('cilium.not-modelled', { key, value });
		switch (key) {
			case 'tunnel':
				if (minor >= 15 || !['disabled', 'vxlan', 'geneve'].includes(value)) return wrong;
				native = value === 'disabled';
				break;
			case 'routingMode':
				if (minor < 14 || !['native', 'tunnel', ''].includes(value)) return wrong;
				native = value === 'native';
				break;
			case 'kubeProxyReplacement': {
				const off = minor < 14 ? ['disabled', 'false'] : ['false', 'disabled'];
				if (off.includes(value)) break;
				return ['true', 'strict', 'partial', 'probe'].includes(value) ? later : wrong;
			}
			case 'ipv4NativeRoutingCIDR': {
				const cidr = parsePrefix(value);
				if (!cidr) return wrong;
				settings = { ...settings, ipv4NativeRoutingCIDR: cidr };
				break;
			}
			case 'autoDirectNodeRoutes':
			case 'enableIPv4Masquerade':
			case 'l7Proxy':
				if (!BOOLEANS[value]) return wrong;
				settings = { ...settings, [key]: value === 'true' };
				break;
			case 'endpointRoutes.enabled':
				if (!BOOLEANS[value]) return wrong;
				settings = { ...settings, endpointRoutes: value === 'true' };
				break;
			case 'bpf.masquerade':
				if (value === 'true') return later;
				if (value !== 'false') return wrong;
				break;
			case 'loadBalancer.mode':
				// Only read with kube-proxy replacement.
				if (!['snat', 'dsr', 'hybrid'].includes(value)) return wrong;
				break;
			default:
				if (!isHelmKey(key)) return wrong;
		}
	}
	if (!native)
		return ciliumError('cilium.not-modelled', { key: minor < 14 ? 'tunnel' : 'routingMode', value: 'vxlan' });
	if (settings.enableIPv4Masquerade && !settings.ipv4NativeRoutingCIDR)
		return ciliumError('cilium.no-native-routing-cidr');
	return settings;
};
