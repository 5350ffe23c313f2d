/** What asks others, and keeps what they said: forward/setup.go, cache/setup.go below plugin/ @ v1.8.6, v1.11.1. */
import { fqdn, type Setup } from './config.ts';
import { duration, fault, once, origins, SECOND, whole } from './setup-words.ts';

const positive = (text: string): number => {
	const ttl = whole(text);
	if (ttl <= 0) throw fault(`cache TTL can not be zero or negative: ${ttl}`);
	return ttl;
};

/** `10%`, between 10 and 90. */
const percent = (text: string): number => {
	if (!text.endsWith('%'))
		throw fault(`last character of percentage should be \`%\`, but is: ${JSON.stringify(text.at(-1) ?? '')}`);
	const n = whole(text.slice(0, -1));
	if (n < 10 || n > 90) throw fault(`percentage should fall in range [10, 90]: ${n}`);
	return n;
};

export const cache: Setup = (c, keys) => {
	let [success, denial, fail] = [3600, 1800, 5];
	const least: [number, number] = [5, 5];
	let zones: readonly string[] = [];
	let notSuccess: readonly string[] = [];
	let notDenial: readonly string[] = [];
	let [stale, verify, keepTtl] = [0, false, false];
	let prefetch: { readonly amount: number; readonly duration: number; readonly part: number } | undefined;
	once(c, () => {
		let args = c.remainingArgs();
		if (args[0] !== undefined && /^[+-]?\d+$/.test(args[0])) {
			success = positive(args[0]);
			denial = success;
			args = args.slice(1);
		}
		zones = origins(args, keys);
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			switch (what) {
				case 'success':
				case 'denial': {
					const [capacity, ttl, min] = words;
					if (capacity === undefined) throw c.argErr();
					whole(capacity);
					if (ttl !== undefined && what === 'success') success = positive(ttl);
					if (ttl !== undefined && what === 'denial') denial = positive(ttl);
					if (min !== undefined) least[what === 'success' ? 0 : 1] = whole(min);
					break;
				}
				case 'prefetch':
					if (words.length === 0 || words.length > 3) throw c.argErr();
					if (whole(words[0]!) < 0) throw fault(`prefetch amount should be positive: ${words[0]}`);
					prefetch = {
						amount: whole(words[0]!),
						duration: words[1] === undefined ? 60 * SECOND : duration(words[1]),
						part: percent(words[2] ?? '10%') / 100,
					};
					break;
				case 'serve_stale':
					if (words.length > 2) throw c.argErr();
					stale = words[0] === undefined ? 3600 * SECOND : duration(words[0]);
					if (stale < 0) throw fault('invalid negative duration for serve_stale');
					if (words[1] !== undefined && !/^(?:verify|immediate)$/i.test(words[1]))
						throw fault(`invalid value for serve_stale refresh mode: ${words[1].toLowerCase()}`);
					verify = /^verify$/i.test(words[1] ?? '');
					break;
				case 'keepttl':
					if (words.length > 0) throw c.argErr();
					keepTtl = true;
					break;
				case 'servfail':
					if (words.length !== 1) throw c.argErr();
					fail = duration(words[0]!) / SECOND;
					break;
				case 'disable': {
					const [which, ...of] = words;
					if (which === undefined) throw c.argErr();
					const names = of.length > 0 ? of.map(fqdn) : ['.'];
					if (which === 'success') notSuccess = names;
					else if (which === 'denial') notDenial = names;
					else throw fault(`cache type for disable must be "success" or "denial"`);
					break;
				}
				default:
					throw c.argErr();
			}
		}
	});
	return [
		{
			kind: 'cache',
			zones,
			success,
			denial,
			least,
			fail,
			notSuccess,
			notDenial,
			stale,
			verify,
			keepTtl,
			...(prefetch && prefetch.amount > 0 ? { prefetch } : {}),
		},
	];
};

const ADDRESS =
	/^(?:(dns|tls|https|grpc|quic):\/\/)?(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|[0-9a-f]*:[0-9a-f:]+)(?::(\d+))?$/i;

/** parse.HostPortOrFile(): addresses, or name servers of a file like /etc/resolv.conf. */
function upstreams(
	words: readonly string[],
	readFile: (path: string) => string | undefined,
): readonly { readonly host: string; readonly port: number; readonly tls: boolean }[] {
	const out = words.flatMap((word) => {
		const m = ADDRESS.exec(word);
		if (m) {
			const tls = m[1] === 'tls';
			if (m[1] !== undefined && m[1] !== 'dns' && !tls)
				throw fault(`'${m[1]}' is not supported as a destination protocol in forward: ${word}`);
			return [{ host: m[2]!, port: Number(m[3] ?? (tls ? 853 : 53)), tls }];
		}
		const text = readFile(word);
		if (text === undefined) throw fault(`not an IP address or file: ${JSON.stringify(word)}`);
		return [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, host]) => ({ host: host!, port: 53, tls: false }));
	});
	if (out.length === 0) throw fault('no nameservers found');
	return out;
}

export const forward: Setup = (c, _keys, { readFile }) => {
	const out: ReturnType<Setup>[number][] = [];
	while (c.next()) {
		if (!c.nextArg() || c.val() === '{') throw c.argErr();
		const from = fqdn(c.val());
		const words = c.remainingArgs();
		if (words.length === 0) throw c.argErr();
		const to = upstreams(words, readFile);
		let except: readonly string[] = [];
		let tcp = false;
		let policy = 'random';
		let checks = true;
		while (c.nextBlock()) {
			const what = c.val();
			const args = c.remainingArgs();
			const one = (): string => {
				if (args[0] === undefined) throw c.argErr();
				return args[0];
			};
			switch (what) {
				case 'except':
					one();
					except = args.map(fqdn);
					break;
				case 'max_fails':
					if (!/^\d+$/.test(one())) throw fault(`strconv.ParseUint: parsing ${JSON.stringify(one())}: invalid syntax`);
					checks = Number(one()) > 0;
					break;
				case 'health_check':
				case 'expire':
					if (duration(one()) < 0) throw fault(`${what} can't be negative: ${one()}`);
					break;
				case 'force_tcp':
				case 'prefer_udp':
					if (args.length > 0) throw c.argErr();
					tcp ||= what === 'force_tcp';
					break;
				case 'tls':
				case 'next':
				case 'failfast_all_unhealthy_upstreams':
					break;
				case 'tls_servername':
					one();
					break;
				case 'policy':
					policy = one();
					if (!['random', 'round_robin', 'sequential'].includes(policy)) throw c.err(`unknown policy '${policy}'`);
					break;
				case 'max_concurrent':
					if (whole(one()) < 0) throw fault(`max_concurrent can't be negative: ${one()}`);
					break;
				default:
					throw c.err(`unknown property '${what}'`);
			}
		}
		if (to.length > 15) throw fault(`more than 15 TOs configured: ${to.length}`);
		out.push({ kind: 'forward', from, to, except, tcp, policy, checks });
	}
	return out;
};
