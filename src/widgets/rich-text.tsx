/** Computed sentences and addresses, drawn. An address has the colour of who owns it, everywhere. */
import type { ComponentChildren } from 'preact';
import { type Piece, rich, type Values } from '../i18n/rich.ts';
import { formatIp, parseIp } from '../sim/wire/index.ts';
import { useFigure } from './context.tsx';
import type { OwnerKind, Places } from './figure/index.ts';

const OWNER_CLASS: Record<OwnerKind, string> = {
	client: 'is-client',
	node: 'is-node',
	service: 'is-service',
	pod: 'is-pod',
	router: 'is-router',
	outside: 'is-outside',
};

/** Class of the colour of an address, or of a kind of owner. */
export function ownerClass(places: Places, ip: number): string {
	return OWNER_CLASS[places.owner(ip)?.kind ?? 'outside'];
}

export function kindClass(kind: OwnerKind): string {
	return OWNER_CLASS[kind];
}

/** `172.18.0.2:32017` in the colour of its owner. */
export function Addr({ ip, port, changed }: { ip: number; port?: number; changed?: boolean }) {
	const { places } = useFigure();
	return (
		<span class={`m addr ${ownerClass(places, ip)}${changed ? ' ch' : ''}`}>
			{formatIp(ip)}
			{port === undefined ? '' : `:${port}`}
		</span>
	);
}

/** Code as a machine prints it; an address alone, with or without a port, gets its colour. */
export function Code({ text }: { text: string }) {
	const { places } = useFigure();
	const m = /^(\d+\.\d+\.\d+\.\d+)(:\d+)?$/.exec(text);
	const ip = m ? parseIp(m[1]!) : undefined;
	if (ip !== undefined) return <span class={`m addr ${ownerClass(places, ip)}`}>{text}</span>;
	return <code class={text.includes(' ') || text.length > 28 ? 'm' : 'm nb'}>{text}</code>;
}

export function Pieces({ pieces }: { pieces: readonly Piece[] }) {
	return <>{pieces.map((p) => (p.kind === 'code' ? <Code text={p.text} /> : p.text))}</>;
}

/** A template of the figure's words with its values. */
export function T({ t, v = {} }: { t: string; v?: Values }): ComponentChildren {
	const { words } = useFigure();
	return <Pieces pieces={rich(t, v, words.language)} />;
}

/** Between two sentences: Chinese sets no blank there. */
export function Gap() {
	return useFigure().words.language === 'zh' ? null : <> </>;
}
