/**
 * What went wrong with one object while others go on, and how kubectl tells of one such thing and of several.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr, MultipleErrors, AddSourceToErr)
 * @ v0.24.0.
 */
import type { ApiStatus } from '../../../sim/api/index.ts';
import { KubectlError, statusText } from '../kube.ts';

export interface Fault {
	/** As the only error of a command. */
	readonly alone: string;
	/** One of several, each on its line. */
	readonly among: string;
	readonly notFound: boolean;
	readonly code?: number;
}

const withPrefix = (text: string): string => (/^error: /i.test(text) ? text : `error: ${text}`);

/** kubectl's own refusal. */
export const textFault = (text: string): Fault => ({ alone: withPrefix(text), among: text, notFound: false });

/** The server's refusal; `verbs` and `source` say what was done with an object of which file, the outermost first. */
export function statusFault(status: ApiStatus, verbs: string | readonly string[] = '', source = ''): Fault {
	const message =
		source === ''
			? status.message
			: [verbs]
					.flat()
					.reduceRight((text, verb) => `error when ${verb} ${JSON.stringify(source)}: ${text}`, status.message);
	const told = { ...status, message };
	return {
		// An Invalid one is told by its details, which know of no source.
		alone: status.reason === 'Invalid' ? statusText(status) : statusText(told),
		among: `Error from server${status.reason === '' ? '' : ` (${status.reason})`}: ${message}`,
		notFound: status.reason === 'NotFound',
	};
}

/** What a part of kubectl threw; anything else is thrown on. */
export function caughtFault(fault: unknown): Fault {
	if (!(fault instanceof KubectlError)) throw fault;
	return {
		alone: fault.message,
		among: fault.message.replace(/^error: /, ''),
		notFound: fault.message.includes('(NotFound)'),
		code: fault.code,
	};
}

/** Ends the command if there was a fault. */
export function raise(faults: readonly Fault[]): void {
	if (faults.length === 0) return;
	if (faults.length === 1) throw new KubectlError(faults[0]!.alone, faults[0]!.code ?? 1);
	// Equal ones are told each (MultipleErrors): there is one for each object.
	throw new KubectlError(faults.map((fault) => fault.among).join('\n'));
}

/** The error of one thing done to one object. */
export function raiseStatus(status: ApiStatus): never {
	throw new KubectlError(statusFault(status).alone);
}
