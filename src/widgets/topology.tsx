/**
 * The map: machines as rooms, pods inside, devices on the walls, cables as lines with an address at each end. Drawn
 * from the scenario's own coordinates, so that it looks the same on every page and in every language. Where the
 * chosen station is, the room and the device light up.
 */
import { formatIp } from '../sim/wire/index.ts';
import { devicesOf, podsOf, type World } from '../sim/world/index.ts';
import { useFigure } from './context.tsx';
import type { Figure, Station } from './figure/index.ts';
import { styled } from './opened.ts';
import { kindClass, ownerClass } from './rich-text.tsx';

export interface TopologyProps {
	world: World;
	figure: Figure;
	station: Station | undefined;
}

const ROOM = { width: 316, height: 96, gapX: 150, gapY: 18 };
const WALL = 8;

interface Room {
	readonly ns: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

interface Box {
	readonly ns: string;
	readonly label: string;
	readonly ip?: number;
	readonly x: number;
	readonly y: number;
	readonly width: number;
}

/** Rooms at the scenario's coordinates; one that is cabled to several rows reaches over all of them. */
function roomsOf(world: World): Room[] {
	const { places, links } = world.scenario;
	return places.map((p): Room => {
		const rows = links
			.flatMap(({ ends: [a, b] }) => (a.ns === p.ns ? [b.ns] : b.ns === p.ns ? [a.ns] : []))
			.flatMap((ns) => places.filter((q) => q.ns === ns && q.x !== p.x).map((q) => q.y));
		const top = rows.length > 1 ? Math.min(p.y, ...rows) : p.y;
		const bottom = rows.length > 1 ? Math.max(p.y, ...rows) : p.y;
		return {
			ns: p.ns,
			x: p.x * (ROOM.width + ROOM.gapX) + 1,
			y: top * (ROOM.height + ROOM.gapY) + 1,
			width: rows.length > 1 ? ROOM.width * 0.8 : ROOM.width,
			height: (bottom - top) * (ROOM.height + ROOM.gapY) + ROOM.height,
		};
	});
}

/** Pods of a node, in its room: as many as fit, those on the packet's way first. */
function podsIn(world: World, room: Room, figure: Figure): { boxes: Box[]; more: number } {
	const node = room.ns.startsWith('node/') ? room.ns.slice('node/'.length) : undefined;
	if (node === undefined) return { boxes: [], more: 0 };
	const onWay = new Set(figure.lanes.map((l) => l.ns));
	const pods = podsOf(world)
		.filter((p) => p.nodeName === node && !p.hostNetwork && p.podIP !== undefined)
		.map((p) => ({ ns: `pod/${p.metadata.namespace}/${p.metadata.name}`, label: p.metadata.name, ip: p.podIP }))
		.sort((a, b) => Number(onWay.has(b.ns)) - Number(onWay.has(a.ns)));
	const width = (room.width - 48) / 2;
	const boxes = pods.slice(0, 2).map(
		(p, i): Box => ({
			...p,
			label: clip(p.label.replace(/-[0-9a-f]{6,10}-[a-z0-9]{5}$/, ''), 17),
			x: room.x + 28 + i * (width + 8),
			y: room.y + 46,
			width,
		}),
	);
	return { boxes, more: pods.length - boxes.length };
}

function clip(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** The part with its styles. */
export const loadTopology = () => styled(Topology);

export function Topology({ world, figure, station }: TopologyProps) {
	const { words, places, id } = useFigure();
	const { text } = words;
	const rooms = roomsOf(world);
	const roomOf = (ns: string) => rooms.find((r) => r.ns === ns);
	const width = Math.max(...rooms.map((r) => r.x + r.width)) + 1;
	const height = Math.max(...rooms.map((r) => r.y + r.height)) + 1;
	const onWay = new Set(figure.lanes.map((l) => l.ns));
	const here = station?.ns;
	const lit = (ns: string) => `${onWay.has(ns) ? ' is-way' : ''}${ns === here ? ' is-here' : ''}`;
	const devices = new Set(station?.decisions.flatMap((d) => (d.dev ? [`${d.ns} ${d.dev}`] : [])));

	return (
		<figure class="tp">
			<div class="tp-scroll">
				<svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-labelledby={`${id}-map`}>
					<title id={`${id}-map`}>{text.topology.text}</title>
					{world.scenario.links.map(({ ends: [a, b] }) => {
						const from = roomOf(a.ns);
						const to = roomOf(b.ns);
						if (!from || !to) return null;
						const [left, right] = from.x <= to.x ? [from, to] : [to, from];
						const [l, r] = from.x <= to.x ? [a, b] : [b, a];
						const y = right.y + 30;
						const x1 = left.x + left.width;
						const x2 = right.x;
						const on = devices.has(`${l.ns} ${l.dev}`) || devices.has(`${r.ns} ${r.dev}`);
						return (
							<g class={`tp-link${onWay.has(l.ns) && onWay.has(r.ns) ? ' is-way' : ''}${on ? ' is-here' : ''}`}>
								<line x1={x1} y1={y} x2={x2} y2={y} />
								<Device x={x1} y={y} name={l.dev} side="right" on={devices.has(`${l.ns} ${l.dev}`)} />
								<Device x={x2} y={y} name={r.dev} side="left" on={devices.has(`${r.ns} ${r.dev}`)} />
							</g>
						);
					})}
					{rooms.map((room) => {
						const ip = places.address(room.ns);
						const { boxes, more } = podsIn(world, room, figure);
						return (
							<g class={`tp-room${lit(room.ns)}`}>
								<rect x={room.x} y={room.y} width={room.width} height={room.height} rx="6" />
								<text x={room.x + 28} y={room.y + 21} class="tp-name">
									{room.ns === 'host' ? text.you : (places.name(room.ns) ?? room.ns)}
								</text>
								{ip === undefined ? null : (
									<text x={room.x + 28} y={room.y + 37} class={`m tp-ip ${ownerClass(places, ip)}`}>
										{formatIp(ip)}
									</text>
								)}
								{room.ns.startsWith('node/') ? null : (
									<Bridges world={world} room={room} on={(dev) => devices.has(`${room.ns} ${dev}`)} />
								)}
								{boxes.map((box) => (
									<g class={`tp-pod${lit(box.ns)}`}>
										<rect x={box.x} y={box.y} width={box.width} height="40" rx="4" />
										<text x={box.x + 8} y={box.y + 17} class="tp-podname">
											{box.label}
										</text>
										<text x={box.x + 8} y={box.y + 32} class={`m tp-ip ${kindClass('pod')}`}>
											{box.ip === undefined ? '' : formatIp(box.ip)}
										</text>
									</g>
								))}
								{more > 0 ? (
									<text x={room.x + room.width - 10} y={room.y + 21} text-anchor="end" class="tp-more">
										+{more}
									</text>
								) : null}
							</g>
						);
					})}
				</svg>
			</div>
			<figcaption>{text.topology.text}</figcaption>
		</figure>
	);
}

/** A device on a wall: a small square, its name outside the room, where the cable is. */
function Device({ x, y, name, side, on }: { x: number; y: number; name: string; side: 'left' | 'right'; on: boolean }) {
	return (
		<g class={`tp-dev${on ? ' is-here' : ''}`}>
			<rect x={x - WALL / 2} y={y - WALL / 2} width={WALL} height={WALL} />
			<text x={side === 'left' ? x - 8 : x + 8} y={y - 6} text-anchor={side === 'left' ? 'end' : 'start'} class="m">
				{name}
			</text>
		</g>
	);
}

/** Bridges of the outer machine, named inside the room. */
function Bridges({ world, room, on }: { world: World; room: Room; on: (dev: string) => boolean }) {
	return (
		<>
			{devicesOf(world, room.ns)
				.filter((d) => d.kind === 'bridge')
				.map((d, i) => (
					<text x={room.x + 28} y={room.y + 58 + i * 16} class={`m tp-bridge${on(d.name) ? ' is-here' : ''}`}>
						{d.name}
					</text>
				))}
		</>
	);
}
