/** The frame of a station byte by byte, as it came and as it left, with the name of every field. */
import { useState } from 'preact/hooks';
import type { Run } from '../exercises/index.ts';
import { type Frame, framesOf } from './capture.ts';
import { useFigure } from './context.tsx';
import type { Station } from './figure/index.ts';
import { type Region, regionsOf } from './octets.ts';
import { styled } from './opened.ts';

/** The part with its styles. */
export const loadBytes = () => styled(Bytes);

export function Bytes({ run, station }: { run: Run; station: Station }) {
	const { words } = useFigure();
	const { text } = words;
	const { arrived, left } = framesAt(run, station);
	const shown = left ?? arrived;
	const [named, setNamed] = useState<string>();
	if (!shown) return <p>{text.tables.notTouched}</p>;
	const other = left && arrived ? arrived : undefined;
	const regions = regionsOf(shown.octets);
	const was = other ? new Map(regionsOf(other.octets).map((r) => [r.name, r])) : undefined;
	const changed = (r: Region) => {
		const old = was?.get(r.name);
		return !!other && !!old && hexOf(other.octets, old.from, old.to) !== hexOf(shown.octets, r.from, r.to);
	};
	return (
		<div class="by">
			<p class="by-at">
				<code class="m">
					{shown.ns} {shown.dev} {shown.direction}
				</code>
			</p>
			{/* The same octets as in the table below: for the eye and the pointer only. */}
			<p class="by-hex m" aria-hidden="true">
				{regions.map((r) => (
					<span class={`${changed(r) ? 'ch ' : ''}${named === r.name ? 'is-named' : ''}`} title={r.name}>
						{hexOf(shown.octets, r.from, r.to)}{' '}
					</span>
				))}
			</p>
			<table class="by-fields">
				<thead>
					<tr>
						<th scope="col">{text.bytes.field}</th>
						<th scope="col">{text.bytes.offset}</th>
						<th scope="col">{text.bytes.value}</th>
					</tr>
				</thead>
				<tbody>
					{regions.map((r) => {
						const is = changed(r);
						const old = was?.get(r.name);
						return (
							<tr class={named === r.name ? 'is-named' : undefined} onMouseEnter={() => setNamed(r.name)}>
								<th scope="row" class="m">
									{r.name}
								</th>
								<td class="m">
									{r.from}–{r.to - 1}
								</td>
								<td class="m">
									{is && old ? <del>{old.value} </del> : null}
									<span class={is ? 'ch' : undefined}>{r.value || `${r.to - r.from} B`}</span>
								</td>
							</tr>
						);
					})}
				</tbody>
			</table>
		</div>
	);
}

/** The frame that came into the station's place and the one that left it. */
function framesAt(run: Run, station: Station): { arrived?: Frame; left?: Frame } {
	const packet = station.decisions.find((d) => d.ns === station.ns)?.packet;
	const here = framesOf(run).filter((f) => f.packet === packet && f.ns === station.ns);
	return {
		arrived: here.find((f) => f.direction === 'rx'),
		left: here.findLast((f) => f.direction === 'tx'),
	};
}

function hexOf(o: Uint8Array, from: number, to: number): string {
	let s = '';
	for (let i = from; i < to; i++) s += (i > from ? ' ' : '') + o[i]!.toString(16).padStart(2, '0');
	return s;
}
