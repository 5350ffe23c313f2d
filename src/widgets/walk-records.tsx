/**
 * The same walk as text: a numbered list with every reason. It is what prints, what stands in the page without
 * a script, and, one entry at a time, the panel beside the picture.
 */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { tellWhy } from '../i18n/why/index.ts';
import type { Decision, Headers } from '../sim/trace/index.ts';
import { useFigure } from './context.tsx';
import { type Field, type Figure, innermost, type Station, tellingOf } from './figure/index.ts';
import { Addr, Code, Pieces, T } from './rich-text.tsx';
import { actOf, hex, NETFILTER, titleOf } from './telling.ts';
import { laneName } from './walk-lanes.tsx';

export interface RecordsProps {
	figure: Figure;
	chosen: number;
	/** In the text view every entry is open. */
	open?: boolean;
	/** What only the live figure can do with a station: bytes, capture. */
	more?: (station: Station) => ComponentChildren;
}

export function WalkRecords({ figure, chosen, open, more }: RecordsProps) {
	const { words } = useFigure();
	return (
		// biome-ignore lint/a11y/noRedundantRoles: a list without markers is no list to VoiceOver
		<ol class="pw-records" role="list" aria-label={words.text.walk.text}>
			{figure.stations.map((s, i) => (
				<StationRecord station={s} figure={figure} chosen={i === chosen} open={open} more={more} />
			))}
		</ol>
	);
}

interface OneProps {
	station: Station;
	figure: Figure;
	chosen: boolean;
	open?: boolean;
	more?: (station: Station) => ComponentChildren;
}

function StationRecord({ station, figure, chosen, open, more }: OneProps) {
	const { words, id } = useFigure();
	const { text, language } = words;
	const main = station.decisions[station.main]!;
	const lane = figure.lanes[station.lane]!;
	return (
		<li class={`pw-rec pw-${station.direction}${chosen ? ' is-chosen' : ''}`} id={`${id}-${station.id}`} tabIndex={-1}>
			<p class="pw-rec-h">
				<b>
					<T t={text.record.heading} v={{ n: station.number, act: actOf(station, text) }} />
				</b>
				<span class="pw-rec-at">
					<T {...titleOf(station, figure, text)} />
					{' · '}
					{laneName(lane, text)}
				</span>
			</p>
			<p class="pw-why">
				<Pieces pieces={tellWhy(words.why, main, language)} />
			</p>
			<Facts decision={main} />
			<Before station={station} />
			<Steps station={station} main={main} open={open} />
			{more?.(station)}
		</li>
	);
}

/** The table of facts of the deciding record: only rows that say something. */
function Facts({ decision: d }: { decision: Decision }) {
	const { text } = useFigure().words;
	const inTable = d.table && NETFILTER.has(d.table);
	const rows: [string, ComponentChildren][] = [
		[
			text.record.hook,
			<>
				<code class="m">
					{inTable ? `${d.table} ` : ''}
					{d.hook}
					{d.dev ? ` ${d.dev}` : ''}
				</code>
				{' · '}
				{text.hook[d.hook]}
			</>,
		],
	];
	if (d.table && !inTable) rows.push([text.record.table, <code class="m">{d.table}</code>]);
	if (d.chain && d.chain !== d.hook) rows.push([text.record.chain, <code class="m">{d.chain}</code>]);
	if (d.rule !== undefined) {
		rows.push([
			text.record.rule,
			<T t={d.tried ? text.record.ruleNumber : text.record.ruleFirst} v={{ rule: d.rule, tried: d.tried ?? 0 }} />,
		]);
	}
	if (d.key) rows.push([text.record.key, <Code text={d.key} />]);
	if (d.entry) rows.push([text.record.entry, <Code text={d.entry} />]);
	return (
		<dl class="pw-facts">
			{rows.map(([name, value]) => (
				<>
					<dt>{name}</dt>
					<dd>{value}</dd>
				</>
			))}
		</dl>
	);
}

/** Headers before and after, when the station changed any. */
function Before({ station }: { station: Station }) {
	const { text } = useFigure().words;
	const { before, after, changed } = station;
	if (!before || !after || changed.length === 0) return null;
	const b = innermost(before);
	const a = innermost(after);
	const row = (name: string, fields: Field[], cell: (h: Headers, changed: boolean) => ComponentChildren) => {
		const is = fields.some((f) => changed.includes(f));
		return (
			<tr class={is ? 'is-changed' : undefined}>
				<th scope="row">{name}</th>
				<td>{cell(b, false)}</td>
				<td>{cell(a, is)}</td>
			</tr>
		);
	};
	const number = (value: string | number, is: boolean) => <span class={`m${is ? ' ch' : ''}`}>{value}</span>;
	return (
		<table class="pw-before">
			<thead>
				<tr>
					<td />
					<th scope="col">{text.record.before}</th>
					<th scope="col">{text.record.after}</th>
				</tr>
			</thead>
			<tbody>
				{row(text.field.src, ['src', 'sport'], (h, is) => (
					<Addr ip={h.src} port={h.sport} changed={is} />
				))}
				{row(text.field.dst, ['dst', 'dport'], (h, is) => (
					<Addr ip={h.dst} port={h.dport} changed={is} />
				))}
				{row('TTL', ['ttl'], (h, is) => number(h.ttl, is))}
				{before.mark !== 0 || after.mark !== 0
					? row(text.field.mark, ['mark'], (h, is) => number(hex(h === b ? before.mark : after.mark), is))
					: null}
				{before.dsr || after.dsr
					? row(text.field.dsr, ['dsr'], (h, is) => <Option headers={h === b ? before : after} changed={is} />)
					: null}
				{before.inner || after.inner ? (
					<tr class={changed.includes('outer') ? 'is-changed' : undefined}>
						<th scope="row">{text.field.outer}</th>
						<td>{before.inner ? <Outer headers={before} /> : '–'}</td>
						<td>{after.inner ? <Outer headers={after} /> : '–'}</td>
					</tr>
				) : null}
			</tbody>
		</table>
	);
}

function Option({ headers, changed }: { headers: Headers; changed: boolean }) {
	return headers.dsr ? <Addr ip={headers.dsr.ip} port={headers.dsr.port} changed={changed} /> : <>–</>;
}

function Outer({ headers }: { headers: Headers }) {
	return (
		<>
			<Addr ip={headers.src} /> → <Addr ip={headers.dst} />
		</>
	);
}

/** The decisions that led here, in order; those that only say that nothing was in the way are folded once more. */
function Steps({ station, main, open }: { station: Station; main: Decision; open?: boolean }) {
	const { words, still, brief } = useFigure();
	const { text } = words;
	const [all, setAll] = useState(false);
	// A place that is only passed says with one reason what it says.
	const plain = station.kind === 'pass' || station.kind === 'send' || station.kind === 'receive';
	const telling = plain ? [main] : tellingOf(station.decisions, main);
	const quiet = station.decisions.length - telling.length;
	if (brief || (telling.length < 2 && (still || quiet === 0))) return null;
	const shown = all ? station.decisions : telling.length > 1 ? telling : [];
	return (
		<details class="pw-steps" open={open}>
			<summary>
				<T t={text.record.steps} v={{ n: station.decisions.length }} />
			</summary>
			<ol>
				{shown.map((d) => (
					<Step decision={d} main={d === main} own={d.ns === station.ns} />
				))}
			</ol>
			{quiet > 0 && !still ? (
				<button type="button" class="pw-btn pw-quiet needs-script" aria-pressed={all} onClick={() => setAll(!all)}>
					<T t={text.record.quiet} v={{ n: quiet }} />
				</button>
			) : null}
		</details>
	);
}

/** One decision of several, in a line and a sentence; the main one's sentence stands above already. */
function Step({ decision: d, main, own }: { decision: Decision; main: boolean; own: boolean }) {
	const { words } = useFigure();
	const place = d.chain ?? d.table ?? d.dev ?? d.hook;
	return (
		<li class={main ? 'is-main' : undefined}>
			<b>
				{own ? null : `${d.ns} `}
				<code>{place}</code>
				<i>
					{d.rule === undefined ? null : ` ${d.rule}`} {words.text.verdict[d.verdict]}
				</i>
			</b>{' '}
			{main ? null : <Pieces pieces={tellWhy(words.why, d, words.language)} />}
			{d.entry && d.rule !== undefined && !main ? <code class="pw-entry">{d.entry}</code> : null}
		</li>
	);
}
