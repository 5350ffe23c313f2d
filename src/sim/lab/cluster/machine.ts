/** A node: what is on it beside the API's view. It outlives restarts of its container and of its pods. */
import { type Ip, type Prefix, parsePrefix } from '../../wire/index.ts';
import { createImageStore, type ImageStore } from '../machine/image-store.ts';
import type { NodeImage } from '../machine/node-images.ts';
import type { CoreDnsRun } from '../software/coredns.ts';
import type { CiliumAgentState, NodeMachine } from '../types.ts';

/** Who gives pods their addresses on a node, once its configuration is in /etc/cni/net.d. */
export interface CniPlugin {
	readonly kind: 'kindnet' | 'cilium';
	/** `add`: the address, or what the plugin fails with and after how long (microseconds). */
	add(pod: {
		readonly namespace: string;
		readonly name: string;
		readonly labels: Readonly<Record<string, string>>;
	}): { readonly ip: Ip; readonly error?: undefined } | { readonly error: string; readonly after: number };
	del(pod: { readonly namespace: string; readonly name: string }): void;
}

/** A pod of the kubelet's own, from a file. */
export interface StaticPod {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly [key: string]: unknown;
	};
	readonly spec: { readonly [key: string]: unknown };
}

/** A file that is no pod, for as long as it is. Virtual microseconds. */
export interface ManifestFault {
	readonly path: string;
	readonly words: string;
	readonly since: number;
	/** Whether the kubelet was told of the change, or found the file as it started. */
	readonly watched: boolean;
	/** When it looks at the folder next; every twenty seconds from then on. */
	readonly looks: number;
	until: number | undefined;
	/** Its kubelet ended meanwhile. */
	waits?: boolean;
}

export interface Machine {
	readonly name: string;
	readonly role: NodeMachine['role'];
	readonly image: NodeImage;
	/** Labels of kubeadm's and kind's configuration. */
	readonly labels: Readonly<Record<string, string>>;
	readonly images: ImageStore;
	container: string;
	ip: Ip | undefined;
	/** What its container had each time it was started, oldest first. */
	readonly addresses: Ip[];
	running: boolean;
	cniConfig: Readonly<Record<string, string>>;
	cni: CniPlugin | undefined;
	proxyRules: NodeMachine['proxyRules'];
	agent: CiliumAgentState | undefined;
	/** Which plugin connected the sandboxes there are, by `<namespace>/<pod>`. */
	readonly connected: Map<string, CniPlugin['kind']>;
	/** CoreDNS in its containers, by their ids. */
	readonly coredns: Map<string, CoreDnsRun>;
	/** Static pods by file name in /etc/kubernetes/manifests, as their mirrors are written. */
	readonly manifests: Map<string, StaticPod>;
	/** What its kubelet found wrong with files there, in order. */
	readonly manifestFaults: ManifestFault[];
	/** Times its Node was deleted and nobody had made it anew; the last one may still go on. Virtual microseconds. */
	readonly absences: { readonly from: number; to?: number }[];
	/** Whether its kubelet runs, as long as the machine does: containers go on without it. */
	kubeletUp: boolean;
	/** Whether its kubelet cannot reach the API server, for somebody changed a network. */
	cutOff: boolean;
	/** Whether its kubelet asks for the API where nobody is, for somebody changed its kubeconfig. */
	astray: boolean;
	/** What the API server's connection to its kubelet ends with then, in Go's words. */
	unreachable: string | undefined;
	/** When it, or its kubelet, was switched off or cut off last, microseconds. */
	stoppedAt: number;
	/** Says that the machine changed in a way its kubelet reports. */
	changed(): void;
	onChange(listener: () => void): void;
}

export function createMachine(facts: Pick<Machine, 'name' | 'role' | 'image' | 'labels'>): Machine {
	const listeners: (() => void)[] = [];
	return {
		...facts,
		images: createImageStore(),
		container: '',
		ip: undefined,
		addresses: [],
		running: false,
		cniConfig: {},
		cni: undefined,
		proxyRules: 'none',
		agent: undefined,
		connected: new Map(),
		coredns: new Map(),
		manifests: new Map(),
		manifestFaults: [],
		absences: [],
		kubeletUp: true,
		cutOff: false,
		astray: false,
		unreachable: undefined,
		stoppedAt: 0,
		changed: () => {
			for (const listener of listeners) listener();
		},
		onChange: (listener) => listeners.push(listener),
	};
}

/** Whether somebody looks after its pods and tells the API server of it. */
export const hasKubelet = ({ running, kubeletUp, cutOff, astray }: Machine): boolean =>
	running && kubeletUp && !cutOff && !astray;

/**
 * The network configuration that containerd finds, undefined where there is none: the first file of /etc/cni/net.d whose
 * name ends as one. One it cannot read leaves it without (containerd/go-cni opts.go loadFromConfDir() @ v1.1.6).
 */
export function configOf(machine: Machine): object | undefined {
	const [first] = Object.keys(machine.cniConfig)
		.filter((name) => /\.(?:conf|conflist|json)$/.test(name))
		.sort();
	try {
		const value: unknown = JSON.parse(first === undefined ? '' : machine.cniConfig[first]!);
		const fits = typeof value === 'object' && value !== null && ('type' in value || 'plugins' in value);
		return fits ? value : undefined;
	} catch {
		return undefined;
	}
}

export const networkReady = (machine: Machine): boolean => machine.cni !== undefined && configOf(machine) !== undefined;

/** Addresses of a pod CIDR that are free: none of the first two and the last. */
export interface AddressPool {
	readonly cidr: Prefix;
	/** The free address at or after so many from the start, going round. */
	take(start: number, owner: string): Ip | undefined;
	/** This very address, if it is free. */
	claim(ip: Ip, owner: string): boolean;
	release(owner: string): void;
	readonly used: ReadonlyMap<Ip, string>;
}

export function createPool(cidr: Prefix, reserved: ReadonlyMap<Ip, string> = new Map()): AddressPool {
	const used = new Map(reserved);
	const size = Math.max(0, 2 ** (32 - cidr.length) - 3);
	return {
		cidr,
		used,
		take(start, owner) {
			for (let i = 0; i < size; i++) {
				const ip = cidr.address + 2 + ((start + i) % size);
				if (used.has(ip)) continue;
				used.set(ip, owner);
				return ip;
			}
			return undefined;
		},
		claim(ip, owner) {
			if (used.has(ip) || ip <= cidr.address + 1 || ip >= cidr.address + 2 + size) return false;
			used.set(ip, owner);
			return true;
		},
		release(owner) {
			for (const [ip, who] of used) if (who === owner) used.delete(ip);
		},
	};
}

/** A pod CIDR as objects carry it. */
export const prefixOfText = (text: string | undefined): Prefix | undefined =>
	text === undefined ? undefined : parsePrefix(text);
