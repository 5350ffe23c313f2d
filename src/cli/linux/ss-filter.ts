/** The filter language of ss (iproute2 6.1 misc/ss.c, ssfilter.y). */
import type { SocketRow } from './sockets.ts';

type Test = (row: SocketRow) => boolean;

/** `sport = :80`, `dst 10.0.0.0/8`, `and`, `or`, `not`, brackets: as far as ss's grammar is usual. */
export function readFilter(words: readonly string[]): Test | undefined {
	const tokens = words
		.flatMap((w) =>
			w
				.replace(/([()!])/g, ' $1 ')
				.trim()
				.split(/\s+/),
		)
		.filter(Boolean);
	let at = 0;
	const or = (): Test | undefined => {
		let left = and();
		while (left && (tokens[at] === 'or' || tokens[at] === '|')) {
			at++;
			const right = and();
			if (!right) return undefined;
			const first = left;
			left = (row) => first(row) || right(row);
		}
		return left;
	};
	const and = (): Test | undefined => {
		let left = not();
		while (left && at < tokens.length && tokens[at] !== 'or' && tokens[at] !== '|' && tokens[at] !== ')') {
			if (tokens[at] === 'and' || tokens[at] === '&') at++;
			const right = not();
			if (!right) return undefined;
			const first = left;
			left = (row) => first(row) && right(row);
		}
		return left;
	};
	const not = (): Test | undefined => {
		if (tokens[at] === 'not' || tokens[at] === '!') {
			at++;
			const inner = not();
			return inner && ((row) => !inner(row));
		}
		if (tokens[at] === '(') {
			at++;
			const inner = or();
			if (tokens[at++] !== ')') return undefined;
			return inner;
		}
		return atom();
	};
	const atom = (): Test | undefined => {
		const key = tokens[at++];
		if (key === undefined || !['sport', 'dport', 'src', 'dst'].includes(key)) return undefined;
		const op = /^(?:==?|!=|eq|ne|neq|>=?|<=?|gt|lt|ge|le)$/.test(tokens[at] ?? '') ? tokens[at++]! : '=';
		const value = tokens[at++];
		if (value === undefined) return undefined;
		const side = (row: SocketRow) => (key === 'sport' || key === 'src' ? row.local : row.remote);
		const [, , port] =
			/^([^:]*?)(?::?(\d+|\*))?$/.exec(key.endsWith('port') ? `:${value.replace(/^.*:/, '')}` : value) ?? [];
		const compare = (a: number, b: number): boolean =>
			op === '!=' || op === 'ne' || op === 'neq'
				? a !== b
				: op === '>=' || op === 'ge'
					? a >= b
					: op === '<=' || op === 'le'
						? a <= b
						: op === '>' || op === 'gt'
							? a > b
							: op === '<' || op === 'lt'
								? a < b
								: a === b;
		if (key.endsWith('port')) {
			if (port === undefined || port === '*') return port === '*' ? () => true : undefined;
			return (row) => compare(side(row).port, Number(port));
		}
		const wantedPort = /:(\d+)$/.exec(value)?.[1];
		const ofPort = (row: SocketRow): boolean => wantedPort === undefined || side(row).port === Number(wantedPort);
		const same = op !== '!=' && op !== 'ne' && op !== 'neq';
		if (/^(?:\*|)(?::(?:\d+|\*))?$/.test(value)) return (row) => ofPort(row) === same;
		const [, host = '', , length] = /^(?:inet:)?([\d.]+)(\/(\d+))?(?::(?:\d+|\*))?$/.exec(value) ?? [];
		const parts = host.split('.').map(Number);
		if (parts.length !== 4 || parts.some((p) => !(p < 256))) return undefined;
		const ip = parts.reduce((sum, p) => sum * 256 + p, 0);
		const bits = length === undefined ? 32 : Number(length);
		return (row) =>
			(Math.floor(side(row).ip / 2 ** (32 - bits)) === Math.floor(ip / 2 ** (32 - bits)) && ofPort(row)) === same;
	};
	const filter = or();
	return at === tokens.length ? filter : undefined;
}
