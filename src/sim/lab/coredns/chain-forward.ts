/** plugin/forward: other servers are asked (plugin/forward/{forward,proxy}.go @ v1.8.6, v1.11.1). */
import { parseIp } from '../../wire/index.ts';
import type { Handler, Surroundings } from './chain.ts';
import { type Forward, within, zoneOf } from './config.ts';
import { bare, SERVFAIL } from './question.ts';

/** Microseconds: of all attempts, of one (plugin/forward, pkg/proxy), and until an upstream that fails is known to be down. */
const ALL = 5e6;
const READ = 2e6;
const DOWN = 3e6;

export function forward(config: Forward, around: Surroundings): Handler {
	/** Since when an upstream does not answer. */
	const failing = new Map<string, number>();
	let turn = 0;
	return (query, next) => {
		const { name, question, network } = query;
		if (!within(name, config.from) || (name !== config.from && zoneOf(name, config.except) !== undefined))
			return next(query);
		const count = config.to.length;
		const begin =
			config.policy === 'sequential'
				? 0
				: config.policy === 'round_robin'
					? turn++ % count
					: around.random('upstream', `${network.now} ${name} ${question.id}`, count);
		let error = 'no healthy proxies';
		let [spent, fails] = [0, 0];
		for (let i = 0; spent < ALL; i++) {
			if (i >= count && i % count === 0) fails = 0;
			const to = config.to[(begin + i) % count]!;
			const key = `${to.host}:${to.port}`;
			const since = failing.get(key);
			if (since !== undefined && network.now + query.spent() - since >= DOWN && ++fails < count) continue;
			const ip = parseIp(to.host);
			// Neither IPv6 nor TLS is spoken here: as when nobody is there.
			const asked =
				ip === undefined || to.tls
					? { error: `dial tcp ${key}: i/o timeout`, took: READ }
					: network.ask(
							{ ...question, name: bare(name), type: query.type },
							{ ip, port: to.port, tcp: config.tcp || query.asker.tcp },
						);
			const took = Math.min(asked.took, READ);
			query.spend(took);
			spent += Math.max(took, 100);
			if ('reply' in asked && asked.reply) {
				failing.delete(key);
				return { code: asked.reply.code === SERVFAIL ? 0 : 0, reply: asked.reply };
			}
			if (config.checks && since === undefined) failing.set(key, network.now + query.spent() - took);
			error = asked.error ?? `read udp ${key}: i/o timeout`;
			// One whose port is shut is asked again at once, for as long as there is time; a few times say as much.
			if (asked.took < READ && i >= 2 * count) break;
			if (fails >= count) break;
		}
		return { code: SERVFAIL, error };
	};
}
