/** Text of matches and targets that only people write: figures have none of them. */
import { LOG_FLAGS, printRate } from './save-names.ts';
import type { Match, Target } from './types.ts';

type MoreMatch = Extract<Match, { kind: 'limit' | 'nth' }>;
type MoreTarget = Extract<Target, { kind: 'LOG' | 'NFLOG' }>;

/** Module and options, as `printRule` puts them together. */
export function printMoreMatch(match: MoreMatch): [module: string, options: string] {
	if (match.kind === 'limit')
		return ['limit', ` --limit ${printRate(match.cost)}${match.burst === 5 ? '' : ` --limit-burst ${match.burst}`}`];
	const not = match.invert ? ' !' : '';
	return ['statistic', ` --mode nth${not} --every ${match.every} --packet ${match.packet}`];
}

export function printMoreTarget(target: MoreTarget, quote: (text: string) => string): string {
	if (target.kind === 'NFLOG') {
		const prefix = target.prefix === undefined ? '' : ` --nflog-prefix ${quote(target.prefix)}`;
		return ` -j NFLOG${prefix}${target.group ? ` --nflog-group ${target.group}` : ''}`;
	}
	const prefix = target.prefix === undefined ? '' : ` --log-prefix ${quote(target.prefix)}`;
	const level = target.level === 4 ? '' : ` --log-level ${target.level}`;
	const flags = LOG_FLAGS.map(([option, bit]) => (target.flags & bit ? ` ${option}` : '')).join('');
	return ` -j LOG${prefix}${level}${flags}`;
}
