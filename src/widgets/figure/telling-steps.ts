/** Which decisions of a station say something, and which only that nothing was in the way. */
import type { Decision, WhyCode } from '../../sim/trace/index.ts';

const QUIET: ReadonlySet<WhyCode> = new Set<WhyCode>([
	'bridge.forwarded',
	'bridge.local',
	'dev.received',
	'dev.sent',
	'neigh.known',
	'neigh.waits',
	'nf.end',
]);

/** The telling ones, in order. `main` is always among them. */
export function tellingOf(decisions: readonly Decision[], main: Decision): Decision[] {
	return decisions.filter((d, i) => {
		if (d === main) return true;
		if (QUIET.has(d.why.code)) return false;
		if (d.why.code === 'nf.policy') return d.why.policy !== 'ACCEPT';
		if (d.why.code !== 'nf.jump') return true;
		// A jump into a chain where no rule matched led to nothing.
		const { chain } = d.why;
		const next = decisions[i + 1];
		return next?.chain === chain && next.why.code !== 'nf.end';
	});
}
