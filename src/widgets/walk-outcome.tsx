/** What came of the connection, in one sentence, and what it cost. */
import type { Values } from '../i18n/rich.ts';
import { formatIp } from '../sim/wire/index.ts';
import { useFigure } from './context.tsx';
import type { Figure } from './figure/index.ts';
import { Gap, T } from './rich-text.tsx';

export function WalkOutcome({ figure }: { figure: Figure }) {
	const { words, places } = useFigure();
	const { text } = words;
	const { outcome, counts } = figure;
	const last = figure.stations.findLast((s) => s.direction === 'request' && s.kind !== 'giveup');
	const name = last ? figure.lanes[last.lane]!.name : '';
	const seen = outcome.observedSource;
	const mine = outcome.probe.from === 'host';
	let t: string;
	let v: Values = {};
	if (outcome.result === 'connected' && seen) {
		const owner = places.owner(seen.ip);
		const entry = figure.lanes.find((l) => l.roles.includes('entry'));
		v = { ip: formatIp(seen.ip), name: owner?.name ?? '' };
		if (seen.ip === outcome.clientSource?.ip) t = mine ? text.outcome.seesClient : text.outcome.seesClientElse;
		else if (owner?.kind === 'node' && entry?.name === owner.name && seen.ip === entry.ip) t = text.outcome.seesEntry;
		else t = owner ? text.outcome.seesNode : text.outcome.seesOther;
	} else if (outcome.result === 'refused') {
		t = text.outcome.refused;
		v = { name };
	} else if (outcome.result === 'unreachable') {
		t = text.outcome.unreachable;
		v = { errno: outcome.errno ?? '' };
	} else {
		t = text.outcome.timeout;
		v = { name };
	}
	return (
		<p class={`pw-outcome r-${outcome.result}`} role="status">
			<span class="pw-outcome-h">
				<T t={t} v={v} />
			</span>{' '}
			<span class="pw-outcome-n">
				{outcome.clientSource ? (
					<>
						<T t={mine ? text.outcome.youAre : text.outcome.clientIs} v={{ ip: formatIp(outcome.clientSource.ip) }} />
						<Gap />
					</>
				) : null}
				<T t={counts.back > 0 ? text.outcome.counts : text.outcome.countsOneWay} v={{ ...counts }} />
			</span>
		</p>
	);
}
