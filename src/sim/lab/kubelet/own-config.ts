/**
 * A kubelet's /var/lib/kubelet/config.yaml once somebody changed it: it is read when the kubelet starts, and one that
 * cannot be read ends it, again and again (systemd Restart=always).
 *
 * Source: kubernetes cmd/kubelet/app/server.go, pkg/kubelet/kubeletconfig/configfiles @ v1.24.0.
 */
import { isRecord } from '../../api/index.ts';
import type { Machine } from '../cluster/machine.ts';

/** What of it acts here. */
export interface KubeletConfig {
	readonly maxPods?: number;
	readonly clusterDNS?: readonly string[];
	readonly clusterDomain?: string;
}

/** What the file says: as parsed from YAML, what is wrong with its YAML, or that it is gone. */
export type KubeletFile =
	/** `written` is what kubeadm had written. */
	{ readonly value: unknown; readonly written?: unknown } | { readonly error: string } | { readonly gone: true };

/** Its unit as systemd read it. */
export interface KubeletUnit {
	/** Of all its files. */
	readonly text: string;
	/** Of ExecStart, and the program it begins with. */
	readonly line: string;
	readonly program: string;
	/** Of `--config` and `--kubeconfig`. */
	readonly config: string | undefined;
	readonly kubeconfig: string | undefined;
}

/** Why it ends whenever it starts; `program` is one that systemd cannot run, and `text` why. */
export interface KubeletFault {
	readonly text: string;
	readonly since: number;
	readonly program?: string | undefined;
}

export interface KubeletState {
	file: KubeletFile | undefined;
	/** Where its /etc/kubernetes/kubelet.conf leads, once somebody changed that; null when it leads nowhere. */
	server: string | null | undefined;
	/** The process that begins now does not get to the API server by it. */
	astray: KubeletRun['astray'];
	/** What it runs with, and since when, virtual microseconds. */
	config: KubeletConfig;
	since: number;
	/** Its unit since somebody changed it and systemd read it anew. */
	unit: KubeletUnit | undefined;
	/** What the process that begins now says of settings that make no difference. */
	unheeded: string | undefined;
	fault: KubeletFault | undefined;
	/** The same of faults that are over. */
	readonly faults: (KubeletFault & { readonly until: number })[];
	/** Each time its process ran, oldest first. */
	readonly runs: KubeletRun[];
}

/** One life of a kubelet's process, virtual microseconds. */
export interface KubeletRun {
	readonly from: number;
	/** When its machine had been started; undefined for the first time of all. */
	readonly boot: number | undefined;
	to: number | undefined;
	/** Whether its machine ended with it, rather than systemd ending it. */
	halted: boolean;
	/** Whom it asks in vain for the API, `https://basic-control-plane:6444`, and what the dial ends with. */
	readonly astray: { readonly server: string; readonly why: string } | undefined;
	/** What it said of settings that make no difference here. */
	readonly unheeded: string | undefined;
}

const states = new WeakMap<Machine, KubeletState>();

export function kubeletState(machine: Machine): KubeletState {
	let state = states.get(machine);
	if (!state) {
		state = {
			file: undefined,
			server: undefined,
			astray: undefined,
			config: {},
			since: 0,
			unit: undefined,
			unheeded: undefined,
			fault: undefined,
			faults: [],
			runs: [],
		};
		states.set(machine, state);
	}
	return state;
}

/** Its process begins; `booted`: with its machine, which was started then. */
export function kubeletBegins(machine: Machine, from: number, booted?: number): void {
	const { runs, astray, unheeded } = kubeletState(machine);
	runs.push({ from, boot: booted ?? runs.at(-1)?.boot, to: undefined, halted: false, astray, unheeded });
}

/** Its process ends, if there is one. */
export function kubeletEnds(machine: Machine, now: number, halted: boolean): void {
	const { runs } = kubeletState(machine);
	const last = runs.at(-1);
	if (!last || last.to !== undefined) return;
	// systemd had not come to it yet.
	if (last.from > now) runs.pop();
	else Object.assign(last, { to: now, halted });
}

/** It ends no more whenever it starts: what it said until now stays in the journal. */
export function kubeletFaultOver(machine: Machine, until: number): void {
	const state = kubeletState(machine);
	if (state.fault) state.faults.push({ ...state.fault, until });
	state.fault = undefined;
}

/** What a kubelet ends with that has neither a kubeconfig nor one to bootstrap from (cmd/kubelet/app/server.go run()). */
export const NO_KUBECONFIG =
	'failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory';

const decoding = (text: string): { readonly fault: string } => ({ fault: `error failed to decode: ${text}` });

/** Go's words for a value of another type. */
const jsonKind = (value: unknown): string =>
	Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

/** Reads it; what is wrong with it otherwise. `gone` where systemd does not even start the kubelet. */
export function readKubeletFile(
	file: KubeletFile | undefined,
): { readonly config: KubeletConfig } | { readonly fault: string } | { readonly gone: true } {
	if (file === undefined) return { config: {} };
	if ('gone' in file) return file;
	if ('error' in file) return decoding(file.error);
	const { value } = file;
	if (!isRecord(value) || value.kind !== 'KubeletConfiguration')
		return decoding(
			isRecord(value) && value.kind !== undefined
				? `no kind ${JSON.stringify(value.kind)} is registered for version ${JSON.stringify(value.apiVersion ?? '')} in scheme "pkg/kubelet/apis/config/scheme/scheme.go:33"`
				: "Object 'Kind' is missing in 'null'",
		);
	const { maxPods, clusterDNS, clusterDomain } = value;
	const wrong = (name: string, what: unknown, type: string): { readonly fault: string } =>
		decoding(
			`json: cannot unmarshal ${jsonKind(what)} into Go struct field KubeletConfiguration.${name} of type ${type}`,
		);
	if (maxPods !== undefined && !Number.isInteger(maxPods)) return wrong('maxPods', maxPods, 'int32');
	if (clusterDNS !== undefined && !Array.isArray(clusterDNS)) return wrong('clusterDNS', clusterDNS, '[]string');
	if (clusterDomain !== undefined && typeof clusterDomain !== 'string')
		return wrong('clusterDomain', clusterDomain, 'string');
	return {
		config: {
			...(maxPods ? { maxPods: Number(maxPods) } : {}),
			...(clusterDNS ? { clusterDNS: clusterDNS.map(String) } : {}),
			...(clusterDomain ? { clusterDomain } : {}),
		},
	};
}
