/** The packet walk of a connection that was made in the terminal. Fetched with the first of them. */
import { useMemo, useState } from 'preact/hooks';
import type { Run } from '../../exercises/index.ts';
import type { Language } from '../../i18n/index.ts';
import { plain } from '../../i18n/rich.ts';
import { formatIp, IPPROTO_ICMP, IPPROTO_TCP } from '../../sim/wire/index.ts';
import { hopsOf, type Outcome } from '../../sim/world/index.ts';
import { Context, type FigureContext, type Words } from '../context.tsx';
import { figureOf, type Station } from '../figure/index.ts';
import { Lazy } from '../lazy.tsx';
import { PacketWalk, type View } from '../packet-walk.tsx';
import { placesOf } from '../places.ts';
import { loadComparing } from '../simulator.ts';
import { loadWords } from '../words.ts';
import { type Made, verdictOf } from './made.ts';
import type { LabWords } from './words.ts';

/** Words of figures, with the part itself. */
export async function loadLastWalk(language: Language) {
	const [words] = await Promise.all([loadWords(language), loadComparing()]);
	return { words, LastWalk };
}

function outcomeOf({ connection }: Made): Outcome {
	const { client, decisions, from } = connection;
	const { outcome, accepted } = client;
	return {
		probe: {
			from,
			to: client.asked,
			protocol: client.protocol === IPPROTO_TCP ? 'tcp' : 'udp',
		},
		result: outcome?.result ?? 'timeout',
		...(outcome?.errno === undefined ? {} : { errno: outcome.errno }),
		...(accepted ? { observedSource: accepted.peer, server: accepted.owner } : {}),
		...(client.local ? { clientSource: client.local } : {}),
		firstPacket: client.firstPacket,
		...(client.firstReply === undefined ? {} : { firstReply: client.firstReply }),
		reply: outcome?.reply ?? new Uint8Array(0),
		hops: hopsOf(decisions, client.firstPacket),
		replyHops: hopsOf(decisions, client.firstReply),
		trace: decisions,
	};
}

/** What the far end took for the sender of an echo request: the source it had when it arrived. */
function seenBy({ connection: { client, decisions, from } }: Made): number | undefined {
	const last = decisions.findLast((d) => d.packet === client.firstPacket && d.ns !== from && (d.after ?? d.before));
	return (last?.after ?? last?.before)?.src;
}

/** The sentence on top of an echo request, and of what an error of ICMP's ended; others have the figure's own. */
function Echo({ made, say }: { made: Made; say: LabWords }) {
	const { echoSaid } = say.text.sandbox;
	const { client } = made.connection;
	const verdict = verdictOf(made);
	const seen = seenBy(made);
	const errno = client.outcome?.errno ?? '';
	const v = { to: formatIp(client.asked.ip), seen: seen === undefined ? '' : formatIp(seen), errno };
	const t = verdict === 'connected' && seen === undefined ? echoSaid.own : echoSaid[verdict as keyof typeof echoSaid];
	return (
		<p class={`pw-outcome r-${client.outcome?.result ?? 'timeout'}`} role="status">
			<span class="pw-outcome-h">{plain(t, v, say.language)}</span>
		</p>
	);
}

export function LastWalk({ made, words, say }: { made: Made; words: Words; say: LabWords }) {
	const { world, number } = made;
	const { figure, places, run } = useMemo(() => {
		const outcome = outcomeOf(made);
		const around = placesOf(world);
		const { probe } = outcome;
		const made1: Run = {
			situation: { scenario: world.scenario.id, settings: world.settings, probe },
			before: world,
			world,
			outcome,
		};
		return { figure: figureOf(outcome, around), places: around, run: made1 };
	}, [number]);
	const [picked, setChosen] = useState<{ readonly number: number; readonly index: number }>();
	const [view, setView] = useState<View>('picture');
	const chosen = picked?.number === number ? picked.index : figure.focus;
	const context: FigureContext = useMemo(() => ({ words, places, id: 'lab-walk' }), [words, places]);
	const station: Station | undefined = figure.stations[chosen];
	const choose = (index: number): void => setChosen({ number, index });
	const key = (e: KeyboardEvent): void => {
		if (e.ctrlKey || e.metaKey || e.altKey || !(e.target as HTMLElement).closest('.pw-stop')) return;
		const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.key];
		if (by === undefined) return;
		e.preventDefault();
		choose(Math.min(Math.max(chosen + by, 0), figure.stations.length - 1));
		const box = e.currentTarget as HTMLElement;
		requestAnimationFrame(() => box.querySelector<HTMLElement>('.pw-stop[aria-current]')?.focus());
	};
	return (
		<Context.Provider value={context}>
			{/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the stations within */}
			<div class="pw" onKeyDown={key}>
				<PacketWalk
					figure={figure}
					chosen={chosen}
					onChoose={choose}
					view={view}
					onView={setView}
					outcome={
						made.connection.client.protocol === IPPROTO_ICMP || verdictOf(made) === 'error' ? (
							<Echo made={made} say={say} />
						) : undefined
					}
				/>
				<div class="pw-below">
					<Lazy
						title={words.text.tables.title}
						words={words}
						load={() => import('../tables.tsx').then((m) => m.loadTables())}
						props={{ run, figure, station }}
					/>
					<Lazy
						title={words.text.topology.title}
						words={words}
						load={() => import('../topology.tsx').then((m) => m.loadTopology())}
						props={{ world, figure, station }}
					/>
				</div>
			</div>
		</Context.Provider>
	);
}
