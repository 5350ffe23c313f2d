/** Lines of containers as `kubectl logs` prints them, now and while it follows. */
import { formatTime, parseTime } from '../../../sim/api/index.ts';
import type { LogLine } from '../../../sim/lab/index.ts';
import { fail, type Kube } from '../kube.ts';
import { type LogSource, linesOf, runningId } from './log-source.ts';
import { FOREVER } from './watch.ts';

/** Which lines of what there is. */
export interface Filter {
	/** Lines from the end; all when absent. */
	readonly tail?: number;
	/** Virtual microseconds. */
	readonly since?: number;
}

/** `--since-time`, seconds; undefined without. It is read before anything is asked of the server. */
export function sinceTime(time: string): number | undefined {
	return time === '' ? undefined : (parseTime(time) ?? fail(unreadTime(time)));
}

export function filterOf(kube: Kube): Filter {
	const { flags, call } = kube.run;
	const tail = flags.number('tail');
	const at = sinceTime(flags.text('since-time'));
	if (flags.text('since-time') && flags.given('since'))
		return fail('at most one of `sinceTime` or `sinceSeconds` may be specified');
	if (flags.given('since') && flags.duration('since') < 0) return fail('--since must be greater than 0');
	if (tail < -1) return fail('--tail must be greater than or equal to -1');
	let since: number | undefined;
	if (flags.duration('since') > 0) since = call.lab.now - Math.round(flags.duration('since') / 1e6) * 1e6;
	if (at !== undefined) since = (at - call.lab.epoch) * 1e6;
	const last = tail >= 0 ? tail : flags.text('selector') && !flags.given('tail') ? 10 : undefined;
	return { ...(last === undefined ? {} : { tail: last }), ...(since === undefined ? {} : { since }) };
}

/** What Go's time.Parse says of a text that is no RFC 3339 time: how far it came, and what it looked for there (time/format.go). */
function unreadTime(value: string): string {
	const LAYOUT = '2006-01-02T15:04:05Z07:00';
	const PARTS: readonly (readonly [RegExp, string])[] = [
		[/^\d{4}/, '2006'],
		[/^-/, '-'],
		[/^\d\d/, '01'],
		[/^-/, '-'],
		[/^\d\d/, '02'],
		[/^T/, 'T'],
		[/^\d\d/, '15'],
		[/^:/, ':'],
		[/^\d\d/, '04'],
		[/^:/, ':'],
		[/^\d\d(?:[.,]\d+)?/, '05'],
		[/^(?:Z|[+-]\d\d:\d\d)/, 'Z07:00'],
	];
	let rest = value;
	for (const [pattern, part] of PARTS) {
		const found = pattern.exec(rest)?.[0];
		if (found === undefined)
			return `parsing time ${JSON.stringify(value)} as ${JSON.stringify(LAYOUT)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`;
		rest = rest.slice(found.length);
	}
	return `parsing time ${JSON.stringify(value)}: ${rest === '' ? 'day out of range' : `extra text: ${JSON.stringify(rest)}`}`;
}

/** Prints lines of one container, and goes on printing while `-f` follows. */
export class Printer {
	readonly #kube: Kube;
	readonly source: LogSource;
	#seen = 0;
	#octets = 0;

	constructor(kube: Kube, source: LogSource) {
		this.#kube = kube;
		this.source = source;
	}

	first(filter: Filter): void {
		const lines = linesOf(this.#kube, this.source, this.#previous);
		this.#seen = lines.length;
		let shown = lines.filter((line) => filter.since === undefined || line.at >= filter.since);
		if (filter.tail !== undefined) shown = filter.tail === 0 ? [] : shown.slice(-filter.tail);
		for (const line of shown) this.#print(line);
	}

	/** Whether there is something new. */
	get more(): boolean {
		return linesOf(this.#kube, this.source, this.#previous).length > this.#seen;
	}

	next(): void {
		const lines = linesOf(this.#kube, this.source, this.#previous);
		for (const line of lines.slice(this.#seen)) this.#print(line);
		this.#seen = lines.length;
	}

	get #previous(): boolean {
		return this.#kube.run.flags.on('previous');
	}

	#print({ at, text: words }: LogLine): void {
		const { flags, call } = this.#kube.run;
		const { pod, container } = this.source;
		const limit = flags.number('limit-bytes');
		let line = flags.on('timestamps') ? `${stamp(call.lab.epoch, at)} ${words}\n` : `${words}\n`;
		if (limit > 0) {
			line = line.slice(0, Math.max(0, limit - this.#octets));
			this.#octets += line.length;
			if (line === '') return;
		}
		call.out(flags.on('prefix') ? `[pod/${pod}/${container}] ${line}` : line);
	}
}

/** RFC 3339 with nine digits, as the kubelet writes it. */
function stamp(epoch: number, micros: number): string {
	const whole = Math.floor(micros / 1e6);
	return formatTime(epoch + whole).replace('Z', `.${String(micros - whole * 1e6).padStart(6, '0')}000Z`);
}

/** Goes on until no container runs any more, or the learner interrupts. */
export async function follow(kube: Kube, printers: readonly Printer[]): Promise<void> {
	let going = printers.map((printer) => ({ printer, id: runningId(kube, printer.source) }));
	const ended = (item: (typeof going)[number]): boolean => runningId(kube, item.printer.source) !== item.id;
	going = going.filter((item) => item.id !== '');
	while (going.length > 0 && kube.cluster.reachable) {
		const held = await kube.run.call.until(
			() => !kube.cluster.reachable || going.some((item) => item.printer.more || ended(item)),
			FOREVER,
		);
		for (const { printer } of going) printer.next();
		going = going.filter((item) => !ended(item));
		if (!held) return;
	}
}
