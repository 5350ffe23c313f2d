/** Lines as the programs' loggers write them. */
import { formatMicroTime } from '../../api/index.ts';
import { SECOND } from '../time.ts';
import type { ProgramContext } from './program.ts';

/** k8s.io/klog: `I0901 10:00:00.123456       1 node.go:163] text`. */
export function klog({ cluster }: ProgramContext, level: 'I' | 'W' | 'E', place: string, message: string): string {
	const { now, epoch } = cluster.timeline;
	const stamp = formatMicroTime(epoch + Math.floor(now / SECOND), now % SECOND);
	return `${level}${stamp.slice(5, 7)}${stamp.slice(8, 10)} ${stamp.slice(11, 26)}       1 ${place}] ${message}`;
}

/** logrus, as Cilium sets it up: `level=info msg="…" key=value subsys=daemon`. From 1.18 slog with a time in front. */
export function logrus(level: string, message: string, fields: Readonly<Record<string, string | number>> = {}): string {
	const quote = (value: string | number): string => {
		const text = String(value);
		return /^[\w./@^+:-]+$/.test(text) && text !== ''
			? /[:]/.test(text)
				? JSON.stringify(text)
				: text
			: JSON.stringify(text);
	};
	const rest = Object.keys(fields)
		.sort()
		.map((key) => ` ${key}=${quote(fields[key]!)}`)
		.join('');
	return `level=${level} msg=${JSON.stringify(message)}${rest}`;
}
