/** The packet as it is printed on the line: what stayed is quiet, what is new stands out, a tunnel is a frame. */
import type { Headers } from '../sim/trace/index.ts';
import { useFigure } from './context.tsx';
import type { Field, Label } from './figure/index.ts';
import { Addr } from './rich-text.tsx';
import { hex } from './telling.ts';

export function PacketLabel({ label }: { label: Label }) {
	return <PacketText headers={label.headers} changed={label.changed} />;
}

export function PacketText({ headers, changed }: { headers: Headers; changed: readonly Field[] }) {
	const { words } = useFigure();
	if (headers.inner) {
		return (
			<span class={`pw-outer${changed.includes('outer') ? ' is-new' : ''}`}>
				<span class="pw-outer-h">
					<Addr ip={headers.src} /> → <Addr ip={headers.dst} /> <small>{words.text.record.outer}</small>
					<Option headers={headers} changed={changed.includes('dsr')} />
				</span>
				<PacketText headers={headers.inner} changed={changed} />
			</span>
		);
	}
	const is = (...f: Field[]) => f.some((x) => changed.includes(x));
	return (
		<span class="pw-pk-in">
			<Addr ip={headers.src} port={headers.sport} changed={is('src', 'sport')} />
			{' → '}
			<Addr ip={headers.dst} port={headers.dport} changed={is('dst', 'dport')} />{' '}
			<span class="pw-ttl">
				TTL <b class={`m${is('ttl') ? ' ch' : ''}`}>{headers.ttl}</b>
			</span>
			{headers.mark !== 0 || is('mark') ? (
				<span class="pw-mark">
					{' '}
					{words.text.field.mark} <b class={`m${is('mark') ? ' ch' : ''}`}>{hex(headers.mark)}</b>
				</span>
			) : null}
			<Option headers={headers} changed={is('dsr')} />
		</span>
	);
}

/** The frontend that DSR sends along. */
function Option({ headers: { dsr }, changed }: { headers: Headers; changed: boolean }) {
	const { words } = useFigure();
	if (!dsr) return null;
	return (
		<span class="pw-mark">
			{' '}
			{words.text.field.dsr} <Addr ip={dsr.ip} port={dsr.port} changed={changed} />
		</span>
	);
}
