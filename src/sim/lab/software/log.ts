/** Lines as the programs' loggers write them. */
import { formatMicroTime, formatTime } from '../../api/index.ts';
import { SECOND } from '../time.ts';
import type { ProgramContext } from './program.ts';

/** k8s.io/klog: `I0901 10:00:00.123456       1 node.go:163] text`. */
export function klog({ cluster }: ProgramContext, level: 'I' | 'W' | 'E', place: string, message: string): string {
	const { now, epoch } = cluster.timeline;
	const stamp = formatMicroTime(epoch + Math.floor(now / SECOND), now % SECOND);
	return `${level}${stamp.slice(5, 7)}${stamp.slice(8, 10)} ${stamp.slice(11, 26)}       1 ${place}] ${message}`;
}

/** sirupsen/logrus where nobody's terminal shows it, as it was before 1.7.1: with a blank at the end. */
export function logrus({ cluster }: ProgramContext, level: 'debug' | 'info', message: string): string {
	const { now, epoch } = cluster.timeline;
	return `time="${formatTime(epoch + Math.floor(now / SECOND))}" level=${level} msg=${JSON.stringify(message)} `;
}
