/**
 * Which server of an upstream is asked.
 *
 * Source: nginx src/http/ngx_http_upstream_round_robin.c, modules/ngx_http_upstream_{ip_hash,least_conn,hash,random}_module.c
 * @ release-1.23. Requests come one after another here: no server has more connections than another.
 */
import { md5 } from '../../../trace/index.ts';
import { utf8 } from '../../../wire/index.ts';
import { SECOND } from '../../time.ts';
import { crc32 } from './digests.ts';
import type { Peer } from './turn.ts';
import type { Upstream } from './upstreams.ts';

/** What a choice goes by. */
export interface Choice {
	readonly client: string;
	/** Of `hash`. */
	readonly key: string;
	/** Virtual microseconds. */
	readonly now: number;
	/** How many requests came before: what `random` draws from. */
	readonly draw: number;
}

const secondsOf = (micros: number): number => Math.floor(micros / SECOND);

/** Whether it may be asked now. */
function usable(peer: Peer, alone: boolean, now: number): boolean {
	if (peer.down) return false;
	if (alone || peer.maxFails === 0 || peer.fails < peer.maxFails) return true;
	return secondsOf(now) - peer.checked > secondsOf(peer.failTimeout);
}

function looked(peer: Peer, now: number): Peer {
	if (secondsOf(now) - peer.checked > secondsOf(peer.failTimeout)) peer.checked = secondsOf(now);
	return peer;
}

/** ngx_http_upstream_get_peer(): smooth weighted round robin. */
function roundRobin(peers: readonly Peer[], may: (peer: Peer) => boolean, now: number): Peer | undefined {
	let best: Peer | undefined;
	let total = 0;
	for (const peer of peers) {
		if (!may(peer)) continue;
		peer.current += peer.effective;
		total += peer.effective;
		if (peer.effective < peer.weight) peer.effective++;
		if (!best || peer.current > best.current) best = peer;
	}
	if (!best) return undefined;
	best.current -= total;
	return looked(best, now);
}

const byWeight = (peers: readonly Peer[], at: number): Peer => {
	let left = at;
	for (const peer of peers) {
		left -= peer.weight;
		if (left < 0) return peer;
	}
	return peers.at(-1)!;
};

const totalOf = (peers: readonly Peer[]): number => peers.reduce((sum, { weight }) => sum + weight, 0);

/** ngx_http_upstream_get_ip_hash_peer(). */
function ipHash(peers: readonly Peer[], may: (peer: Peer) => boolean, { client, now }: Choice): Peer | undefined {
	const octets = client.split('.').map(Number);
	let hash = 89;
	for (let tries = 0; tries <= 20; tries++) {
		for (let i = 0; i < 3; i++) hash = (hash * 113 + (octets[i] ?? 0)) % 6271;
		const peer = byWeight(peers, hash % totalOf(peers));
		if (may(peer)) return looked(peer, now);
	}
	return undefined;
}

/** ngx_http_upstream_get_hash_peer(): CRC-32 of the key, again with a number before it while that one may not be asked. */
function hashed(peers: readonly Peer[], may: (peer: Peer) => boolean, { key, now }: Choice): Peer | undefined {
	let hash = 0;
	for (let rehash = 0; rehash <= 20; rehash++) {
		const own = crc32(utf8(rehash === 0 ? key : `${rehash}${key}`));
		hash = (hash + ((own >>> 16) & 0x7fff)) >>> 0;
		const peer = byWeight(peers, hash % totalOf(peers));
		if (may(peer)) return looked(peer, now);
	}
	return undefined;
}

interface Point {
	readonly hash: number;
	readonly server: string;
}

/** ngx_http_upstream_update_chash(): 160 points for each weight, as Cache::Memcached::Fast has them. */
function pointsOf(peers: readonly Peer[]): readonly Point[] {
	const points = peers.flatMap(({ address, weight }): Point[] => {
		const [, host = address, port = '80'] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
		const base = [...utf8(host), 0, ...utf8(port)];
		let before = [0, 0, 0, 0];
		return Array.from({ length: weight * 160 }, () => {
			const hash = crc32(Uint8Array.from([...base, ...before]));
			before = [hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255, (hash >>> 24) & 255];
			return { hash, server: address };
		});
	});
	return points.sort((a, b) => a.hash - b.hash);
}

function consistent(peers: readonly Peer[], may: (peer: Peer) => boolean, { key, now }: Choice): Peer | undefined {
	const points = pointsOf(peers);
	const hash = crc32(utf8(key));
	let at = points.findIndex((point) => point.hash >= hash);
	if (at < 0) at = 0;
	for (let tries = 0; tries < 20; tries++, at++) {
		const { server } = points[at % points.length]!;
		const peer = peers.find((own) => own.address === server && may(own));
		if (peer) return looked(peer, now);
	}
	return undefined;
}

/** Draws from what came before: the lab has no chance of its own. */
const drawn = (choice: Choice, n: number, of: number): number =>
	md5(utf8(`${choice.draw} ${n} ${choice.client} ${choice.now}`)).reduce((sum, octet) => (sum * 256 + octet) % of, 0);

function random(peers: readonly Peer[], may: (peer: Peer) => boolean, choice: Choice): Peer | undefined {
	for (let tries = 0; tries <= 20; tries++) {
		const peer = byWeight(peers, drawn(choice, tries, totalOf(peers)));
		if (may(peer)) return looked(peer, choice.now);
	}
	return undefined;
}

/** Who is asked next of those that were not asked yet; undefined when nobody is left. */
export function choose(
	upstream: Upstream | undefined,
	peers: readonly Peer[],
	tried: ReadonlySet<Peer>,
	choice: Choice,
): Peer | undefined {
	const first = peers.filter(({ backup }) => !backup);
	const backups = peers.filter(({ backup }) => backup);
	const alone = first.length === 1 && backups.length === 0;
	const may = (peer: Peer): boolean => !tried.has(peer) && usable(peer, alone, choice.now);
	const way = upstream?.method ?? '';
	const own =
		way === 'ip_hash'
			? ipHash(first, may, choice)
			: way === 'hash' && choice.key !== ''
				? (upstream?.args[1] === 'consistent' ? consistent : hashed)(first, may, choice)
				: way === 'random'
					? random(first, may, choice)
					: undefined;
	return own ?? roundRobin(first, may, choice.now) ?? roundRobin(backups, may, choice.now);
}

/** An answer came: it is well again (ngx_http_upstream_free_round_robin_peer()). */
export function well(peer: Peer): void {
	if (peer.accessed < peer.checked) peer.fails = 0;
}

/** None came, or one that counts as none; true when it is left alone from now on. */
export function failed(peer: Peer, alone: boolean, now: number): boolean {
	if (alone) {
		peer.fails = 0;
		return false;
	}
	peer.fails++;
	peer.accessed = secondsOf(now);
	peer.checked = secondsOf(now);
	if (peer.maxFails === 0) return false;
	peer.effective = Math.max(0, peer.effective - Math.floor(peer.weight / peer.maxFails));
	return peer.fails >= peer.maxFails;
}
