/**
 * Pulling images onto a node, one at a time (`serializeImagePulls`).
 *
 * Source: kubernetes pkg/kubelet/images/image_manager.go @ v1.24.0; wording of the times by version.
 */

import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { fullName, parseImage } from '../machine/image-names.ts';
import { containerdFault, notInLab } from '../machine/image-store.ts';
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../time.ts';

export interface PullOutcome {
	/** `rpc error: code = NotFound desc = failed to pull and unpack image …` */
	readonly error?: string;
	/** Said besides an error that may be this lab's alone. */
	readonly note?: string;
	/** `Successfully pulled image "x" in 3.2s` */
	readonly message: string;
}

export interface Puller {
	pull(image: string, done: (outcome: PullOutcome) => void): void;
}

/** Octets a second, shared by nothing else. */
const BANDWIDTH = 20_000_000;

export function createPuller(cluster: ClusterContext, machine: Machine): Puller {
	const { timeline } = cluster;
	const waiting: (() => void)[] = [];
	let busy = false;
	let count = 0;

	const next = (): void => {
		const start = waiting.shift();
		busy = start !== undefined;
		start?.();
	};
	return {
		pull(image, done) {
			const asked = timeline.now;
			const begin = (): void => {
				const started = timeline.now;
				const key = `${machine.name}\0${image}\0${count++}`;
				const name = parseImage(image);
				const facts = name && machine.images.inRegistry(name);
				const here = name !== undefined && machine.images.has(fullName(name));
				const answer = timeline.between(600 * MILLISECOND, 1400 * MILLISECOND, 'registry', key);
				const load = here || !facts ? 0 : (facts.transfer / BANDWIDTH) * SECOND;
				const jitter = timeline.between(90, 130, 'bandwidth', key) / 100;
				timeline.after(answer + load * jitter, () => {
					if (name && facts) {
						const stored = machine.images.add(name);
						const minor = minorOf(cluster.api.version);
						// Whole milliseconds from 1.28 (images/image_manager.go).
						const text = (micros: number): string =>
							goDuration(minor >= 28 ? Math.floor(micros / MILLISECOND) * MILLISECOND : micros);
						const [took, all] = [text(timeline.now - started), text(timeline.now - asked)];
						done({ message: pulledMessage(minor, image, took, all, stored.size) });
					} else {
						const fault = name
							? containerdFault(name, {
									containerd: machine.image.containerd,
									dns: `${formatIp(cluster.docker.networks().find((n) => n.name === 'kind')?.gateway ?? 0xac120001)}:53`,
								})
							: { code: 'InvalidArgument', text: `failed to parse image: ${image}` };
						const note = name && notInLab(name);
						done({ error: `rpc error: code = ${fault.code} desc = ${fault.text}`, message: '', ...(note && { note }) });
					}
					next();
				});
			};
			if (busy) waiting.push(begin);
			else {
				busy = true;
				begin();
			}
		},
	};
}

const pulledMessage = (minor: number, image: string, took: string, all: string, size: number): string => {
	const text = `Successfully pulled image "${image}" in ${took}`;
	if (minor <= 26) return text;
	return minor <= 29
		? `${text} (${all} including waiting)`
		: `${text} (${all} including waiting). Image size: ${size} bytes.`;
};

/** time.Duration's text: `1.234567s`, `812.5ms`, `1m2.5s`. */
export function goDuration(micros: number): string {
	const trim = (whole: number, fraction: string): string => {
		const rest = fraction.replace(/0+$/, '');
		return rest === '' ? `${whole}` : `${whole}.${rest}`;
	};
	if (micros < 1000) return `${micros}µs`;
	if (micros < SECOND) return `${trim(Math.floor(micros / 1000), `${micros % 1000}`.padStart(3, '0'))}ms`;
	const seconds = Math.floor(micros / SECOND);
	const text = `${trim(seconds % 60, `${micros % SECOND}`.padStart(6, '0'))}s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes === 0) return text;
	return minutes < 60 ? `${minutes}m${text}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${text}`;
}
